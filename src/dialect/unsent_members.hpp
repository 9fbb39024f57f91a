#pragma once
// What a client's body holds that the provider at hand has no counterpart for.

#include "chat/change.hpp"
#include "chat/request.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::dialect {

/// Whether a dialect can say chat::Request::hosted_tools.
enum class HostedTools : std::uint8_t { unknown, sent };

/// Reports what a dialect does not send on: those of chat::Request::others that are not in `sent`, its list
/// of extensions, and hosted tools where it knows none.
void report_unsent_members(const chat::Request& request, std::span<const std::string_view> sent,
                           chat::Changes& changes, HostedTools hosted = HostedTools::unknown);

}  // namespace sluice::dialect
