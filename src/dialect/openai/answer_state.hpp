#pragma once
// What a decoder remembers of an answer between its pieces.

#include "chat/event.hpp"
#include "dialect/dialect.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::dialect::openai {

/// A tool call that the provider is writing. Texts are escaped, as it wrote them.
struct CallState {
  std::string id;  ///< empty where the provider gives none
  std::string name;
  std::string signature;
  std::optional<std::int64_t>
      number;  ///< the provider's `index`: may be missing, -1, or the same for several
  bool custom = false;
  bool legacy = false;         ///< came as `function_call`
  bool started = false;        ///< ToolCallStart was emitted
  bool has_arguments = false;  ///< arguments other than white space were emitted
  bool placeholder = false;    ///< began with `{}`, which some hosts write before the real arguments
};

struct ChoiceState {
  /// Whether the client has the role of this choice. Unsure: events were emitted that may or may not have
  /// become a chunk.
  enum class Role : std::uint8_t { unsent, unsure, sent };
  Role role = Role::unsent;
  bool seen = false;                         ///< the provider has mentioned this choice
  bool spoke = false;                        ///< it has brought text, reasoning or calls
  std::optional<chat::FinishReason> reason;  ///< what the first finish_reason means
  std::string native_reason;                 ///< the provider's word for it
  bool cut_off = false;                      ///< the model reached its limit: arguments may be incomplete
  std::string stop_sequence;
  std::vector<CallState> calls;
};

struct AnswerState {
  explicit AnswerState(const AnswerContext& context) : context(context) {}

  /// More choices than OpenAI allows, and more calls than any model makes, come from a broken host only.
  static constexpr std::size_t max_choices = 128, max_calls = 1024;

  const AnswerContext& context;
  bool started = false;  ///< Start was emitted
  std::string id;        ///< the one in Start
  std::vector<ChoiceState> choices;
};

}  // namespace sluice::dialect::openai
