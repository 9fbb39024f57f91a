#pragma once
// How OpenAI-compatible hosts deviate from OpenAI: a row per host, picked by the host name of the base
// address.

#include <string_view>

namespace sluice::dialect {

struct HostProfile {
  std::string_view name;              ///< `openai`, `groq`, ...
  std::string_view host_suffix;       ///< of the base address; empty: only by name or as default
  bool max_completion_tokens = true;  ///< false: knows only `max_tokens`
  bool stream_options = true;         ///< takes `stream_options.include_usage`
  bool developer_role = true;         ///< false: `developer` is sent as `system`
  bool reasoning_effort = true;
};

/// The row whose suffix the host ends with; the row of an unknown OpenAI-compatible host otherwise.
const HostProfile& profile_for(std::string_view host);

}  // namespace sluice::dialect
