#pragma once
// Members of a client's body that the provider at hand has no counterpart for.

#include "chat/change.hpp"
#include "chat/request.hpp"

#include <span>
#include <string_view>

namespace sluice::dialect {

/// Reports the members that nobody sends on: those of chat::Request::others that are not in `sent`, a
/// dialect's list of extensions.
void report_unsent_members(const chat::Request& request, std::span<const std::string_view> sent,
                           chat::Changes& changes);

}  // namespace sluice::dialect
