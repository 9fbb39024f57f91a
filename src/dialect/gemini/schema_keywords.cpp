#include "dialect/gemini/schema_keywords.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sluice::dialect::gemini {
namespace {

constexpr std::array keywords{
    Keyword{"$defs", Rule::definitions},
    Keyword{"$ref", Rule::gathered},
    Keyword{"additionalItems", Rule::not_held},
    Keyword{"additionalProperties", Rule::one_schema},
    Keyword{"allOf", Rule::gathered},
    Keyword{"anyOf", Rule::choice},
    Keyword{"const", Rule::constant},
    Keyword{"contains", Rule::not_held},
    Keyword{"contentEncoding", Rule::told},
    Keyword{"contentMediaType", Rule::told},
    Keyword{"default", Rule::told},
    Keyword{"definitions", Rule::definitions},
    Keyword{"dependencies", Rule::not_held},
    Keyword{"dependentRequired", Rule::not_held},
    Keyword{"dependentSchemas", Rule::not_held},
    Keyword{"description", Rule::gathered},
    Keyword{"else", Rule::not_held},
    Keyword{"enum", Rule::enumeration},
    Keyword{"example", Rule::told},
    Keyword{"examples", Rule::told},
    Keyword{"exclusiveMaximum", Rule::not_held},
    Keyword{"exclusiveMinimum", Rule::not_held},
    Keyword{"format", Rule::format},
    Keyword{"if", Rule::not_held},
    Keyword{"items", Rule::items},
    Keyword{"maxContains", Rule::not_held},
    Keyword{"maxItems", Rule::kept},
    Keyword{"maxLength", Rule::not_held},
    Keyword{"maxProperties", Rule::not_held},
    Keyword{"maximum", Rule::kept},
    Keyword{"minContains", Rule::not_held},
    Keyword{"minItems", Rule::kept},
    Keyword{"minLength", Rule::not_held},
    Keyword{"minProperties", Rule::not_held},
    Keyword{"minimum", Rule::kept},
    Keyword{"multipleOf", Rule::not_held},
    Keyword{"not", Rule::not_held},
    Keyword{"nullable", Rule::gathered},
    Keyword{"oneOf", Rule::choice},
    Keyword{"pattern", Rule::not_held},
    Keyword{"patternProperties", Rule::not_held},
    Keyword{"prefixItems", Rule::schemas},
    Keyword{"properties", Rule::properties},
    Keyword{"propertyNames", Rule::not_held},
    Keyword{"propertyOrdering", Rule::kept},
    Keyword{"required", Rule::required},
    Keyword{"then", Rule::not_held},
    Keyword{"title", Rule::kept},
    Keyword{"type", Rule::type},
    Keyword{"unevaluatedItems", Rule::not_held},
    Keyword{"unevaluatedProperties", Rule::not_held},
    Keyword{"uniqueItems", Rule::not_held},
};
static_assert(std::ranges::is_sorted(keywords, {}, &Keyword::name), "looked up by halving");
static_assert(keywords.size() == keyword_count);

}  // namespace

const Keyword* keyword_named(json::Text key) {
  std::string buffer;
  const std::string_view name = key.decode(buffer);
  const auto* row = std::ranges::lower_bound(keywords, name, {}, &Keyword::name);
  return row != keywords.end() && row->name == name ? row : nullptr;
}

std::size_t index_of(const Keyword& keyword) {
  return static_cast<std::size_t>(&keyword - keywords.data());
}

}  // namespace sluice::dialect::gemini
