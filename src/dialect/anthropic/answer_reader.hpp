#pragma once
// Content blocks -> chat events: one reader for whole answers and for streams.

#include "dialect/anthropic/citations.hpp"
#include "dialect/anthropic/usage.hpp"
#include "dialect/dialect.hpp"

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

namespace sluice::dialect::anthropic {

/// The state of one answer. Calls come in the order of the stream: start; blocks, each opened, added to and
/// closed, in any mix of indices; notes on how it ends; finish.
class AnswerReader {
 public:
  explicit AnswerReader(const AnswerContext& context) : context_(context) {}

  /// `message` is the object with id, model and usage. A second one must have the same id.
  Result<> start(json::Value message, chat::EventSink& sink);
  bool started() const { return started_; }
  void add_usage(json::Value usage, chat::EventSink& sink);
  /// Blocks may come with all their content, in pieces behind their start, or both.
  Result<> open_block(std::int64_t index, json::Value block, chat::EventSink& sink);
  Result<> add_to_block(std::int64_t index, json::Value delta, chat::EventSink& sink);
  Result<> close_block(std::int64_t index, chat::EventSink& sink);
  /// Opens and closes every block of a `content` array.
  Result<> add_content(json::Value content, chat::EventSink& sink);
  /// `ending` has stop_reason, stop_sequence, stop_details and container; `usage` may be missing.
  void note_end(json::Value ending, chat::EventSink& sink);
  /// The answer is complete.
  void finish(chat::EventSink& sink);

 private:
  enum class Kind : std::uint8_t { text, thinking, tool_use, other };
  struct Block {
    std::int64_t index = 0;
    Kind kind = Kind::other;
    std::uint32_t number = 0;     ///< of the call, or of the reasoning block
    bool told_arguments = false;  ///< Kind::tool_use: a piece has been sent
    std::int64_t text_begin = 0;  ///< Kind::text: characters before it
    std::string kept;             ///< Kind::tool_use: its `input`; Kind::other: the block as it came
    std::string pieces;           ///< Kind::other: its input, as it comes
  };

  Block* open(std::int64_t index);
  void begin_text(Block& block, json::Value source, chat::EventSink& sink);
  void begin_thinking(Block& block, json::Value source, chat::EventSink& sink);
  void tell_redacted(json::Value source, chat::EventSink& sink);
  void begin_call(Block& block, json::Value source, chat::EventSink& sink);
  void end_call(Block& block, chat::EventSink& sink);
  void end_other(const Block& block);
  void end(Block& block, chat::EventSink& sink);
  void tell_text(json::Text text, chat::EventSink& sink);
  void tell_thought(const Block& block, json::Text text, chat::EventSink& sink);
  void tell_signature(const Block& block, json::Text signature, chat::EventSink& sink);
  std::string_view call_id(json::Text native);

  const AnswerContext& context_;
  std::vector<Block> blocks_;  ///< open ones
  UsageReader usage_;
  Citations citations_;
  std::unordered_set<std::string> call_ids_;
  std::string other_blocks_;  ///< JSON array, unfinished
  std::string id_escaped_, stop_reason_escaped_, stop_sequence_escaped_, explanation_escaped_, service_tier_;
  std::string scratch_;
  std::int64_t characters_ = 0;
  std::uint32_t calls_ = 0, thoughts_ = 0;
  bool started_ = false;
  bool has_text_ = false;
};

}  // namespace sluice::dialect::anthropic
