#pragma once
// How OpenAI-compatible hosts deviate from OpenAI: a row per host, picked by the host name of the base
// address. Only what a host refuses or expects otherwise is told; what a model can do is its capabilities.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::dialect {

/// How a host is told how much to think.
enum class ReasoningRequest : std::uint8_t {
  effort,           ///< `reasoning_effort`
  object,           ///< `reasoning: {effort, max_tokens, ...}` too, which is passed on
  thinking_type,    ///< `thinking: {type: enabled | disabled}`, and `reasoning_effort` where the model has it
  enable_thinking,  ///< `enable_thinking` and `thinking_budget`
};

/// What goes back to a host of the reasoning in earlier messages.
enum class ReasoningHistory : std::uint8_t {
  unchanged,  ///< as the client wrote it
  none,
  content,             ///< `reasoning_content`
  content_with_calls,  ///< `reasoning_content`, on messages with tool calls only, and there it must not be
                       ///< missing
  details,             ///< `reasoning`, `reasoning_content` and `reasoning_details`
};

struct HostProfile {
  std::string_view name;         ///< `openai`, `groq`, ...
  std::string_view host_suffix;  ///< of the base address; empty: only by name or as default

  bool max_completion_tokens = true;  ///< false: knows only `max_tokens`
  bool stream_options = true;         ///< takes `stream_options.include_usage`
  bool developer_role = true;         ///< false: `developer` is sent as `system`
  bool reasoning_effort = true;
  ReasoningRequest reasoning_request = ReasoningRequest::effort;
  ReasoningHistory reasoning_history = ReasoningHistory::none;
  /// Family of the encrypted reasoning that it gives out (`reasoning_details[].format`) and alone can read.
  std::string_view reasoning_format = "openai-responses-v1";
  bool reasoning_ids = false;  ///< wants encrypted reasoning back under its id
  bool responses = false;      ///< serves `/responses` beside `/chat/completions`
  bool api_key_field = false;  ///< takes keys in the field `api-key`; what is in `authorization` is a token
  bool deployments = false;    ///< its names for models are the operator's own, and tell nothing about them
  bool obfuscation = false;    ///< pads the events of a Responses stream unless told not to

  bool cache_control = false;     ///< takes markers on content, messages and tools
  bool call_extras = false;       ///< takes members of tool calls that carry thought signatures
  bool message_names = true;      ///< takes `name` on messages other than tool results
  bool legacy_functions = false;  ///< takes `functions`, `function_call` and the role `function`
  bool empty_tools = false;       ///< takes `tools: []` for none
  bool tool_choice = true;
  bool named_tool_choice = true;                       ///< false: the one tool is offered alone and required
  bool allowed_tools = false;                          ///< takes `tool_choice: {type: allowed_tools}`
  bool foreign_tool_choices = false;                   ///< takes `any`, `{type: tool, name}` and the like
  std::string_view required_tool_choice = "required";  ///< its word for it; empty if it has none
  std::string_view seed = "seed";                      ///< its name for the member
  bool prefix_last_assistant = false;  ///< an assistant message at the end must say `prefix: true`
  bool counted_logprobs = false;       ///< `logprobs` is the number of them
  std::size_t max_tool_name = 64;
  std::size_t max_call_id = 0;  ///< characters; 0: any
  bool short_call_ids = false;  ///< ids are exactly nine letters or digits

  std::span<const std::string_view> refused;           ///< members of the body that it answers with an error
  std::span<const std::string_view> known;             ///< where not empty: it refuses all members but these
  std::span<const std::string_view> known_in_message;  ///< likewise for messages
};

/// The row whose suffix the host ends with; the row of an unknown OpenAI-compatible host otherwise.
const HostProfile& profile_for(std::string_view host);
/// The row of that name; nullptr if there is none.
const HostProfile* profile_named(std::string_view name);
/// All rows; the last one is that of unknown hosts.
std::span<const HostProfile> host_profiles();

}  // namespace sluice::dialect
