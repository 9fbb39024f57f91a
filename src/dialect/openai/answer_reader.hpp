#pragma once
// One JSON text of an answer -> events. The same for a whole body and for a chunk of a stream, so that the
// two cannot disagree.

#include "base/result.hpp"
#include "dialect/openai/answer_parts.hpp"
#include "dialect/openai/answer_state.hpp"
#include "json/document.hpp"

#include <cstdint>

namespace sluice::dialect::openai {

class AnswerReader {
 public:
  /// `parts` are those of the JSON given, wherever both are asked for.
  explicit AnswerReader(const AnswerContext& context) : state_(context) {}

  /// A whole body. Emits everything but End.
  Result<> read_body(json::Value body, const AnswerParts& parts, chat::EventSink& sink);
  /// A chunk, and the one behind it: missing if none follows, or if must_wait() does not ask for it. Emits no
  /// Finish: hosts give several reasons, and go on behind one.
  Result<> read_chunk(json::Value chunk, const AnswerParts& parts, json::Value next, chat::EventSink& sink);

  const AnswerState& state() const { return state_; }
  bool has_choices() const;
  /// There is a choice, and each one has been given a reason to end.
  bool is_complete() const;
  /// Emits the Finish of every choice that has none yet: `stop` where the provider gave no reason.
  void finish_all(chat::EventSink& sink);

 private:
  /// One run over one JSON text.
  struct Pass {
    bool whole;
    json::Value next;
    bool conforms;
    chat::EventSink& sink;
  };

  Result<> read(json::Value answer, const AnswerParts& parts, const Pass& pass);
  void start(const AnswerParts& parts, const Pass& pass);
  void read_usage(const AnswerParts& parts, const Pass& pass);
  Result<std::uint32_t> place_of(const ChoiceParts& choice, std::size_t position, const AnswerParts& answer,
                                 const Pass& pass);
  Result<> read_choice(json::Value choice, const ChoiceParts& parts, std::uint32_t at, const Pass& pass);
  Result<> read_calls(const SaidParts& said, const ChoiceParts& choice, std::uint32_t at, const Pass& pass);
  void note_reason(ChoiceState& state, const ChoiceParts& parts, const Pass& pass);
  void finish(std::uint32_t at, chat::EventSink& sink);

  AnswerState state_;
};

}  // namespace sluice::dialect::openai
