#include "dialect/schema/keywords.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sluice::dialect::schema {
namespace {

constexpr std::array<std::string_view, 8> gemini_formats{"date",  "date-time", "double", "enum",
                                                         "float", "int32",     "int64",  "time"};
constexpr std::array<std::string_view, 10> claude_formats{
    "date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uri", "uuid"};

constexpr std::array<Traits, subset_count> traits_of_subsets{
    Traits{.formats = gemini_formats, .strict = false},
    Traits{.formats = claude_formats, .strict = true},
    Traits{.formats = claude_formats, .strict = true},
};

/// Rules in the order of Subset: gemini, claude, converse.
constexpr std::array keywords{
    Keyword{"$defs", {Rule::definitions, Rule::definitions, Rule::definitions}},
    Keyword{"$ref", {Rule::gathered, Rule::gathered, Rule::gathered}},
    Keyword{"additionalItems", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"additionalProperties", {Rule::one_schema, Rule::closed, Rule::closed}},
    Keyword{"allOf", {Rule::gathered, Rule::gathered, Rule::gathered}},
    Keyword{"anyOf", {Rule::choice, Rule::choice, Rule::choice}},
    Keyword{"const", {Rule::constant, Rule::scalars, Rule::scalars}},
    Keyword{"contains", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"contentEncoding", {Rule::told, Rule::told, Rule::told}},
    Keyword{"contentMediaType", {Rule::told, Rule::told, Rule::told}},
    Keyword{"default", {Rule::told, Rule::kept, Rule::kept}},
    Keyword{"definitions", {Rule::definitions, Rule::definitions, Rule::definitions}},
    Keyword{"dependencies", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"dependentRequired", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"dependentSchemas", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"description", {Rule::gathered, Rule::gathered, Rule::gathered}},
    Keyword{"else", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"enum", {Rule::enumeration, Rule::scalars, Rule::scalars}},
    Keyword{"example", {Rule::told, Rule::told, Rule::told}},
    Keyword{"examples", {Rule::told, Rule::told, Rule::told}},
    Keyword{"exclusiveMaximum", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"exclusiveMinimum", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"format", {Rule::format, Rule::format, Rule::format}},
    Keyword{"if", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"items", {Rule::items, Rule::items, Rule::items}},
    Keyword{"maxContains", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"maxItems", {Rule::kept, Rule::not_held, Rule::not_held}},
    Keyword{"maxLength", {Rule::not_held, Rule::not_held, Rule::kept}},
    Keyword{"maxProperties", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"maximum", {Rule::kept, Rule::not_held, Rule::not_held}},
    Keyword{"minContains", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"minItems", {Rule::kept, Rule::at_most_one, Rule::at_most_one}},
    Keyword{"minLength", {Rule::not_held, Rule::not_held, Rule::kept}},
    Keyword{"minProperties", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"minimum", {Rule::kept, Rule::not_held, Rule::not_held}},
    Keyword{"multipleOf", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"not", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"nullable", {Rule::gathered, Rule::gathered, Rule::gathered}},
    Keyword{"oneOf", {Rule::choice, Rule::choice, Rule::choice}},
    Keyword{"pattern", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"patternProperties", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"prefixItems", {Rule::schemas, Rule::tuple, Rule::tuple}},
    Keyword{"properties", {Rule::properties, Rule::properties, Rule::properties}},
    Keyword{"propertyNames", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"propertyOrdering", {Rule::kept, Rule::skipped, Rule::skipped}},
    Keyword{"required", {Rule::required, Rule::required, Rule::required}},
    Keyword{"then", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"title", {Rule::kept, Rule::kept, Rule::kept}},
    Keyword{"type", {Rule::type, Rule::type, Rule::type}},
    Keyword{"unevaluatedItems", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"unevaluatedProperties", {Rule::not_held, Rule::not_held, Rule::not_held}},
    Keyword{"uniqueItems", {Rule::not_held, Rule::not_held, Rule::not_held}},
};
static_assert(std::ranges::is_sorted(keywords, {}, &Keyword::name), "looked up by halving");
static_assert(keywords.size() == keyword_count);

}  // namespace

const Traits& traits(Subset subset) {
  return traits_of_subsets[static_cast<std::size_t>(subset)];
}

const Keyword* keyword_named(json::Text key) {
  std::string buffer;
  const std::string_view name = key.decode(buffer);
  const auto* row = std::ranges::lower_bound(keywords, name, {}, &Keyword::name);
  return row != keywords.end() && row->name == name ? row : nullptr;
}

std::size_t index_of(const Keyword& keyword) {
  return static_cast<std::size_t>(&keyword - keywords.data());
}

}  // namespace sluice::dialect::schema
