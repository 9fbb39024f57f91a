#pragma once
// The keywords of JSON Schema, and what becomes of each on the way to Gemini.

#include "json/text.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice::dialect::gemini {

enum class Rule : std::uint8_t {
  kept,         ///< Gemini has it
  gathered,     ///< read with the schema as a whole
  definitions,  ///< the root's `$defs` and `definitions`
  properties,
  required,
  type,
  one_schema,  ///< its value is a schema, or true or false
  items,
  schemas,  ///< its value is a list of schemas
  choice,   ///< anyOf, oneOf
  constant,
  enumeration,
  format,
  told,      ///< told in the description, for information
  not_held,  ///< told in the description, though a constraint
};

/// Whether a rule writes what all layers of a schema say, at the first of them.
constexpr bool joins_layers(Rule rule) {
  return rule >= Rule::gathered && rule <= Rule::required;
}

struct Keyword {
  std::string_view name;
  Rule rule;
};

inline constexpr std::size_t keyword_count = 52;

/// nullptr for what is no keyword, or one that only comments on the schema.
const Keyword* keyword_named(json::Text key);
/// 0, 1, ... below keyword_count.
std::size_t index_of(const Keyword& keyword);

}  // namespace sluice::dialect::gemini
