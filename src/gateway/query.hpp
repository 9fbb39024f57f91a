#pragma once
// Reading the query of a target.

#include <optional>
#include <string>
#include <string_view>

namespace sluice::gateway {

/// The decoded value of the first `name=value` in `query`; nothing if there is none.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace sluice::gateway
