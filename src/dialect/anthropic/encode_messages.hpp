#pragma once
// The conversation: `system` and `messages`.

#include "dialect/anthropic/cache_markers.hpp"
#include "dialect/anthropic/content_blocks.hpp"
#include "dialect/history.hpp"

#include <string_view>

namespace sluice::dialect::anthropic {

/// Writes the `system` member: the leading instructions, then `more` (plain text, may be empty).
Result<> write_system(const BlockContext& context, const History& history, std::string_view more,
                      CacheMarkers& markers);

/// Writes the `messages` member.
Result<> write_messages(const BlockContext& context, const History& history, RenamedTools& names,
                        CacheMarkers& markers);

}  // namespace sluice::dialect::anthropic
