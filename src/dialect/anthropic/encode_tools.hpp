#pragma once
// `tools` and `tool_choice`.

#include "dialect/anthropic/cache_markers.hpp"
#include "dialect/anthropic/thinking.hpp"
#include "dialect/dialect.hpp"
#include "json/writer.hpp"

#include <cstddef>

namespace sluice::dialect::anthropic {

/// The API's limit of a tool's name; newer schemas allow 128, not all hosts do.
inline constexpr std::size_t max_tool_name = 64;

/// Writes both members, where there are tools. Fails with unsupported_parameter for tools of other kinds.
Result<> write_tools(const chat::Request& request, const Target& target, const ThinkingPlan& thinking,
                     json::Writer& json, CacheMarkers& markers, Outgoing& out);

}  // namespace sluice::dialect::anthropic
