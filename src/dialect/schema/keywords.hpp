#pragma once
// The keywords of JSON Schema, and what becomes of each in the part of it that a provider takes.

#include "json/text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::dialect::schema {

/// The part of JSON Schema that an API takes where it holds a model to it.
enum class Subset : std::uint8_t {
  gemini,    ///< `parametersJsonSchema`, `responseJsonSchema` (ai.google.dev/api/generate-content)
  claude,    ///< `output_config.format`, strict tools (platform.claude.com, structured outputs, limitations)
  converse,  ///< Bedrock's `outputConfig.textFormat`, strict tools
};
inline constexpr std::size_t subset_count = 3;

enum class Rule : std::uint8_t {
  kept,         ///< the API has it
  gathered,     ///< read with the schema as a whole
  definitions,  ///< the root's `$defs` and `definitions`
  properties,
  required,
  type,
  one_schema,  ///< its value is a schema, or true or false
  closed,      ///< says whether there may be other members: there may not
  items,
  schemas,  ///< its value is a list of schemas
  tuple,    ///< the same, sent as `items` of any of them
  choice,   ///< anyOf, oneOf
  constant,
  enumeration,
  scalars,      ///< a value or values that are neither objects nor arrays
  at_most_one,  ///< 0 or 1
  format,
  told,      ///< told in the description, for information
  not_held,  ///< told in the description, though a constraint
  skipped,   ///< left out
};
inline constexpr std::size_t rule_count = static_cast<std::size_t>(Rule::skipped) + 1;

/// Whether a rule writes what all layers of a schema say, at the first of them.
constexpr bool joins_layers(Rule rule) {
  return rule >= Rule::gathered && rule <= Rule::required;
}

struct Keyword {
  std::string_view name;
  std::array<Rule, subset_count> rules;

  constexpr Rule rule(Subset subset) const { return rules[static_cast<std::size_t>(subset)]; }
};

inline constexpr std::size_t keyword_count = 52;

struct Traits {
  std::span<const std::string_view> formats;  ///< the values of `format` that it knows
  /// Every schema says what it is, every object is closed, and no reference leads back to where it stands.
  bool strict;
};

const Traits& traits(Subset subset);

/// nullptr for what is no keyword, or one that only comments on the schema.
const Keyword* keyword_named(json::Text key);
/// 0, 1, ... below keyword_count.
std::size_t index_of(const Keyword& keyword);

}  // namespace sluice::dialect::schema
