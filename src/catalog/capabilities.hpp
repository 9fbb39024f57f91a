#pragma once
// What a model can and cannot do, as its provider's documents say. Rows are data (data/families.json): code
// asks for a capability, never for a model's name.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::catalog {

/// Which of temperature, top_p, top_k a model takes.
enum class SamplingRule : std::uint8_t {
  accepted,
  temperature_or_top_p,      ///< one of the two (Claude 4.5 and 4.6)
  rejected_while_reasoning,  ///< OpenAI's reasoning models; also penalties, logit_bias and logprobs
  rejected,                  ///< Claude 4.7 and later
};

/// How a model is told to think.
enum class ThinkingStyle : std::uint8_t {
  none,             ///< it cannot
  openai_effort,    ///< `reasoning_effort`
  claude_budget,    ///< `thinking: {type: enabled, budget_tokens}`
  claude_adaptive,  ///< `thinking: {type: adaptive}` and `output_config.effort`
  gemini_budget,    ///< `thinkingConfig.thinkingBudget`
  gemini_level,     ///< `thinkingConfig.thinkingLevel`
};

/// What OpenAI's own models give in the Responses API only.
enum class ResponsesApi : std::uint8_t {
  unneeded,
  better_with_tools,  ///< reasoning beside tools, which chat completions lose between two turns
  needed_with_tools,  ///< reasoning beside tools, which chat completions answer with 400
  needed,             ///< there are no chat completions of the model
};

/// How AWS Bedrock's Converse API takes for the model what it has no member of its own for, and what it
/// refuses.
struct ConverseRules {
  /// Where in additionalModelRequestFields, as `inferenceConfig.topK`; empty: not taken.
  std::string top_k;
  /// The member there that tells an effort: `reasoning_effort`, `reasoning_config`, or `reasoningConfig`,
  /// which is an object; empty: not taken.
  std::string effort;
  enum class Beside : std::uint8_t { anything, no_documents, nothing };
  Beside beside_results = Beside::anything;  ///< what may stand beside tool results in a message
  enum class Cache : std::uint8_t { none, messages, all };
  Cache cache_points = Cache::none;  ///< `messages`: not behind tools
  bool result_status = false;        ///< takes `status` on tool results
  bool json_results = false;         ///< wants tool results as JSON
  bool short_call_ids = false;       ///< ids of calls are exactly nine letters or digits
  bool named_tool_choice = true;     ///< false: can be forced to call some tool, but not a certain one
  bool claude_members = false;  ///< takes members of Anthropic's own API: `tool_choice`, `anthropic_beta`
};

struct Capabilities {
  std::string family;  ///< the row's name, for messages
  std::optional<std::int64_t> max_output_tokens;
  SamplingRule sampling = SamplingRule::accepted;
  double max_temperature = 2.0;

  ThinkingStyle thinking = ThinkingStyle::none;
  bool thinks_by_default = false;
  bool thinking_can_be_disabled = true;
  std::vector<std::string> efforts;  ///< accepted words in ascending order; empty: none is accepted
  /// Tokens. Both 0: takes no budget. A claude_adaptive model with a maximum takes `thinking: {type:
  /// enabled}` too.
  std::int64_t min_thinking_budget = 0, max_thinking_budget = 0;

  bool json_object = true;             ///< response_format json_object natively
  bool json_schema = true;             ///< response_format json_schema natively
  bool json_schema_with_tools = true;  ///< both in one request
  bool strict_tools = true;
  bool forced_tool_choice = true;
  bool forced_tool_choice_while_thinking = true;
  bool prefill = true;  ///< the conversation may end with an assistant message
  bool stop = true;
  bool max_completion_tokens = false;  ///< wants that name instead of max_tokens
  bool developer_role = false;         ///< system messages should be sent as `developer`
  bool system_role = true;
  bool images = true, pdf = true, audio = false;
  bool media_in_tool_results = true;
  bool signatures_required = false;  ///< Gemini 3: the first call of a step must carry its thought signature
  bool multiple_choices = true;      ///< n > 1
  ResponsesApi responses_api = ResponsesApi::unneeded;
  ConverseRules converse;

  bool accepts_effort(std::string_view effort) const;
};

}  // namespace sluice::catalog
