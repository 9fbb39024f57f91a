#pragma once
// JSON as Google prints it: members and elements on lines of their own, two spaces deep.

#include "json/document.hpp"

#include <string>
#include <string_view>

namespace sluice::simulate {

/// `json` on several lines; as it is where it is no JSON.
std::string pretty_json(std::string_view json);
/// A value on one line, without white space between its tokens.
std::string compact_json(json::Value value);

}  // namespace sluice::simulate
