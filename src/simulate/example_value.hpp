#pragma once
// A value for a JSON schema: what a model that cannot think would fill in.

#include "json/document.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sluice::simulate {

/// Which members of an object are made up where nobody asked for them.
enum class Fill : std::uint8_t {
  required,  ///< only those that the schema requires: arguments of a call
  all,       ///< optional ones too, some levels deep: a document
};

/// A JSON text that satisfies `schema` (JSON Schema, or Gemini's dialect of it with types in capitals).
/// `wishes` is an object whose members are used where the schema has members of that name and the type can be
/// made to fit; missing for none. The same input gives the same text.
std::string example_value(json::Value schema, json::Value wishes, Fill fill);

/// A text that matches a regular expression (ECMA 262, as schemas use it): the shortest way through it.
/// Nothing where it holds what this does not know, look-around or back references say.
std::optional<std::string> example_match(std::string_view pattern);

}  // namespace sluice::simulate
