#pragma once
// What the families of Claude models take, as Anthropic documents it.

#include <cstdint>
#include <string_view>

namespace sluice::simulate::anthropic {

struct ClaudeModel {
  std::string_view prefix;
  std::int64_t max_output;
  bool takes_sampling;       ///< temperature, top_p, top_k
  bool sampling_is_either;   ///< temperature or top_p, not both
  bool budgeted_thinking;    ///< `thinking.type` enabled
  bool adaptive_thinking;    ///< `thinking.type` adaptive
  bool takes_prefill;        ///< a last message of the assistant's
  bool writes_schemas;       ///< `output_config.format`, strict tools
  std::string_view efforts;  ///< of `output_config.effort`, as the refusal lists them; empty for none
};

/// The family of a model; one that takes everything for names that are not known.
const ClaudeModel& claude_model(std::string_view model);

}  // namespace sluice::simulate::anthropic
