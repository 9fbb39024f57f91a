#pragma once
// Ollama's messages -> chat events: one reader for whole answers and for the lines of streams.

#include "dialect/dialect.hpp"

#include <cstdint>
#include <string>
#include <unordered_set>

namespace sluice::dialect::ollama {

/// The state of one answer.
class AnswerReader {
 public:
  explicit AnswerReader(const AnswerContext& context) : context_(context) {}

  /// Tells what an answer, or a piece of one, says. Fails if it is an error, or no answer.
  Result<> add(json::Value piece, chat::EventSink& sink);
  bool started() const { return started_; }
  /// The last piece has said so, and the answer's end has been told.
  bool done() const { return done_; }

 private:
  void tell_message(json::Value message, chat::EventSink& sink);
  Result<> tell_call(json::Value call, chat::EventSink& sink);
  void tell_logprobs(json::Value tokens, chat::EventSink& sink);
  void finish(json::Value piece, chat::EventSink& sink);
  std::string_view call_id(json::Text native);

  const AnswerContext& context_;
  std::unordered_set<std::string> call_ids_;
  std::string scratch_;
  std::uint32_t calls_ = 0;
  bool started_ = false;
  bool done_ = false;
};

}  // namespace sluice::dialect::ollama
