#pragma once
// JSON values compared as what they mean: members without order, the last of two, numbers by their exact
// value.

#include "json/document.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sluice::json::repair {

/// One text for all ways to write the same value. A lone surrogate counts as U+FFFD.
std::string canonical(Value value);
/// As above; nothing if `json` is not strictly valid: RFC 8259, without lone surrogates.
std::optional<std::string> canonical_strict(std::string_view json);

}  // namespace sluice::json::repair
