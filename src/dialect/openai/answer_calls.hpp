#pragma once
// Tool calls of an answer: which call a piece belongs to, and its events.

#include "base/result.hpp"
#include "dialect/openai/answer_state.hpp"
#include "json/document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::dialect::openai {

/// One entry of `tool_calls`, or a `function_call`, whatever its form.
struct CallPiece {
  json::Text id;
  std::optional<std::int64_t> number;  ///< `index`
  json::Text name;
  json::Value arguments;  ///< a string; some hosts write the object itself
  json::Text signature;   ///< Google's `extra_content.google.thought_signature`
  bool custom = false;
  bool legacy = false;

  /// Arguments as text; `buffer` holds them where the host wrote the object itself.
  json::Text arguments_text(std::string& buffer) const;
  bool has_arguments() const;
  /// It names a call without giving arguments: it begins one, or goes on with its name.
  bool names_only() const { return !name.empty() && !has_arguments(); }
  /// An entry that says nothing, as hosts send in place of no call.
  bool is_void() const { return id.empty() && name.empty() && !has_arguments(); }
};

CallPiece call_piece(json::Value entry);
CallPiece legacy_piece(json::Value function_call);

/// The call that a piece of a stream goes on with: by id, then by index, else the latest. Nothing if it
/// begins a new one.
std::optional<std::size_t> find_call(const std::vector<CallState>& calls, const CallPiece& piece);
/// Whether the arguments are an empty object written where the call is named: hosts that translate from
/// Anthropic may write its empty `input` first and the real arguments behind it.
bool is_placeholder(const CallPiece& piece);
/// A call as it stands after its first piece.
CallState new_call(const CallPiece& piece);
/// Whether the call needs an id of ours: the provider gave none, or one that the answer has already.
bool needs_minted_id(const AnswerState& answer, const CallState& call);

/// Reads the calls of one choice.
class CallReader {
 public:
  /// All must outlive it.
  CallReader(AnswerState& answer, std::uint32_t choice, chat::EventSink& sink)
      : answer_(answer), choice_(choice), sink_(sink) {}

  /// A piece of a stream. A call without arguments yet is not started before start_named().
  Result<> read_piece(const CallPiece& piece);
  /// A complete call.
  Result<> read_whole(const CallPiece& piece);
  /// Starts the latest call unless `next`, the JSON that follows in the stream, goes on with its name.
  void start_named(json::Value next);
  /// Nothing more comes: every call is started and has arguments. Those that are missing are `{}`, unless the
  /// answer was `cut_off`.
  void close(bool cut_off);

 private:
  std::vector<CallState>& calls() { return answer_.choices[choice_].calls; }
  Result<std::size_t> add(const CallPiece& piece);
  void settle_latest();
  void start(std::size_t at);
  void emit_arguments(std::size_t at, json::Text arguments);

  AnswerState& answer_;
  std::uint32_t choice_;
  chat::EventSink& sink_;
};

}  // namespace sluice::dialect::openai
