#pragma once
// Content blocks -> chat events: one reader for whole answers and for streams.

#include "dialect/anthropic/citations.hpp"
#include "dialect/dialect.hpp"

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

namespace sluice::dialect::bedrock {

/// The state of one answer. Calls come in the order of the stream: start; blocks, each added to and closed,
/// in any mix of indices; notes on how it ends; finish.
class AnswerReader {
 public:
  explicit AnswerReader(const AnswerContext& context) : context_(context) {}

  Result<> start(chat::EventSink& sink);
  bool started() const { return started_; }
  /// Only blocks of tools are announced; others begin with their first delta.
  Result<> open_block(std::int64_t index, json::Value start, chat::EventSink& sink);
  Result<> add_to_block(std::int64_t index, json::Value delta, chat::EventSink& sink);
  Result<> close_block(std::int64_t index, chat::EventSink& sink);
  /// Every block of a whole answer.
  Result<> add_content(json::Value content, chat::EventSink& sink);
  /// `ending` has stopReason and additionalModelResponseFields.
  void note_end(json::Value ending);
  bool stopped() const { return stopped_; }
  /// `metadata` has usage, trace, serviceTier.
  void note_metadata(json::Value metadata, chat::EventSink& sink);
  /// The answer is complete. Fails if the model has failed.
  Result<> finish(chat::EventSink& sink);

 private:
  enum class Kind : std::uint8_t { text, thinking, tool_use, other };
  struct Block {
    std::int64_t index = 0;
    Kind kind = Kind::text;
    std::uint32_t number = 0;     ///< of the call, or of the reasoning block
    bool told_arguments = false;  ///< Kind::tool_use: a piece has been sent
    std::int64_t text_begin = 0;  ///< Kind::text: characters before it
    std::string kept;             ///< Kind::tool_use: its `input`; Kind::other: its start
    std::string pieces;  ///< Kind::other: its input or its results; Kind::thinking: what is redacted, decoded
  };

  Block* find(std::int64_t index);
  Result<> add_block(std::int64_t index, Kind kind);
  Result<> add_whole(std::int64_t index, json::Value block, chat::EventSink& sink);
  void begin_call(Block& block, json::Value call, chat::EventSink& sink);
  void add_input(Block& block, json::Text piece, chat::EventSink& sink);
  void add_results(Block& block, json::Value results);
  void tell_text(json::Text text, chat::EventSink& sink);
  Result<> tell_thought(Block& block, json::Value reasoning, chat::EventSink& sink);
  void end(Block& block, chat::EventSink& sink);
  void end_call(Block& block, chat::EventSink& sink);
  void end_thought(const Block& block, chat::EventSink& sink);
  void end_other(const Block& block);
  void keep_other(std::string_view block);
  std::string_view call_id(json::Text native);

  const AnswerContext& context_;
  std::vector<Block> blocks_;  ///< open ones
  anthropic::Citations citations_;
  std::unordered_set<std::string> call_ids_;
  std::string other_blocks_;  ///< JSON array, unfinished
  std::string stop_reason_escaped_, stop_sequence_escaped_;
  std::string scratch_;
  std::int64_t characters_ = 0;
  std::uint32_t calls_ = 0, thoughts_ = 0;
  bool started_ = false;
  bool stopped_ = false;
};

}  // namespace sluice::dialect::bedrock
