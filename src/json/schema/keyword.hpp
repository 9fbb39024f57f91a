#pragma once
// The keywords that are read here, with the dialects and vocabularies that have them. All others annotate.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::json::schema {

/// Dialects of JSON Schema. Drafts 4 and 6 are read as draft 7, which says more in the same words.
enum class Draft : std::uint8_t { draft7 = 1, draft2019_09 = 2, draft2020_12 = 4 };

using DraftSet = std::uint8_t;
inline constexpr DraftSet every_draft = 7, since_2019 = 6, only_2019 = 2, only_2020 = 4;

/// Sets of keywords that a metaschema of its own may leave out, by bits.
using VocabularySet = std::uint8_t;
namespace vocabulary {
inline constexpr VocabularySet core = 1, applicator = 2, unevaluated = 4, validation = 8,
                               format_annotation = 16, format_assertion = 32;
inline constexpr VocabularySet all_but_format_assertion = 31;
}  // namespace vocabulary

/// In the order in which they are evaluated.
enum class Keyword : std::uint8_t {
  id,
  schema,
  anchor,
  dynamic_anchor,
  recursive_anchor,
  defs,
  definitions,
  type,
  constant,
  enumeration,
  ref,
  dynamic_ref,
  recursive_ref,
  all_of,
  any_of,
  one_of,
  negation,
  condition,
  then,
  otherwise,
  minimum,
  exclusive_minimum,
  maximum,
  exclusive_maximum,
  multiple_of,
  min_length,
  max_length,
  pattern,
  format,
  min_items,
  max_items,
  unique_items,
  prefix_items,
  items,
  additional_items,
  contains,
  min_contains,
  max_contains,
  required,
  min_properties,
  max_properties,
  property_names,
  properties,
  pattern_properties,
  additional_properties,
  dependent_required,
  dependent_schemas,
  dependencies,
  unevaluated_items,
  unevaluated_properties,
  none,  // keep last: what is no keyword's doing
};

struct KeywordTraits {
  Keyword keyword;
  std::string_view name;
  DraftSet drafts;
  VocabularySet vocabulary;
};

inline constexpr std::array keyword_table{
    KeywordTraits{Keyword::id, "$id", every_draft, vocabulary::core},
    KeywordTraits{Keyword::schema, "$schema", every_draft, vocabulary::core},
    KeywordTraits{Keyword::anchor, "$anchor", since_2019, vocabulary::core},
    KeywordTraits{Keyword::dynamic_anchor, "$dynamicAnchor", only_2020, vocabulary::core},
    KeywordTraits{Keyword::recursive_anchor, "$recursiveAnchor", only_2019, vocabulary::core},
    // Both spellings are in use under every dialect's name.
    KeywordTraits{Keyword::defs, "$defs", every_draft, vocabulary::core},
    KeywordTraits{Keyword::definitions, "definitions", every_draft, vocabulary::core},
    KeywordTraits{Keyword::type, "type", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::constant, "const", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::enumeration, "enum", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::ref, "$ref", every_draft, vocabulary::core},
    KeywordTraits{Keyword::dynamic_ref, "$dynamicRef", only_2020, vocabulary::core},
    KeywordTraits{Keyword::recursive_ref, "$recursiveRef", only_2019, vocabulary::core},
    KeywordTraits{Keyword::all_of, "allOf", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::any_of, "anyOf", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::one_of, "oneOf", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::negation, "not", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::condition, "if", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::then, "then", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::otherwise, "else", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::minimum, "minimum", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::exclusive_minimum, "exclusiveMinimum", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::maximum, "maximum", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::exclusive_maximum, "exclusiveMaximum", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::multiple_of, "multipleOf", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::min_length, "minLength", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::max_length, "maxLength", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::pattern, "pattern", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::format, "format", every_draft,
                  vocabulary::format_annotation | vocabulary::format_assertion},
    KeywordTraits{Keyword::min_items, "minItems", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::max_items, "maxItems", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::unique_items, "uniqueItems", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::prefix_items, "prefixItems", only_2020, vocabulary::applicator},
    KeywordTraits{Keyword::items, "items", every_draft, vocabulary::applicator},
    // Older words for tuples and dependencies are kept by 2020-12 for whoever still writes them.
    KeywordTraits{Keyword::additional_items, "additionalItems", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::contains, "contains", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::min_contains, "minContains", since_2019, vocabulary::validation},
    KeywordTraits{Keyword::max_contains, "maxContains", since_2019, vocabulary::validation},
    KeywordTraits{Keyword::required, "required", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::min_properties, "minProperties", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::max_properties, "maxProperties", every_draft, vocabulary::validation},
    KeywordTraits{Keyword::property_names, "propertyNames", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::properties, "properties", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::pattern_properties, "patternProperties", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::additional_properties, "additionalProperties", every_draft,
                  vocabulary::applicator},
    KeywordTraits{Keyword::dependent_required, "dependentRequired", since_2019, vocabulary::validation},
    KeywordTraits{Keyword::dependent_schemas, "dependentSchemas", since_2019, vocabulary::applicator},
    KeywordTraits{Keyword::dependencies, "dependencies", every_draft, vocabulary::applicator},
    KeywordTraits{Keyword::unevaluated_items, "unevaluatedItems", since_2019, vocabulary::unevaluated},
    KeywordTraits{Keyword::unevaluated_properties, "unevaluatedProperties", since_2019,
                  vocabulary::unevaluated},
    KeywordTraits{Keyword::none, "", 0, 0},
};
inline constexpr std::size_t keyword_count = static_cast<std::size_t>(Keyword::none);

consteval bool every_keyword_has_its_row() {
  for (std::size_t row = 0; row < keyword_table.size(); ++row)
    if (keyword_table[row].keyword != static_cast<Keyword>(row)) return false;
  return keyword_table.back().keyword == Keyword::none;
}
static_assert(every_keyword_has_its_row(), "keyword_table must follow Keyword");

constexpr const KeywordTraits& traits(Keyword keyword) {
  return keyword_table[static_cast<std::size_t>(keyword)];
}
constexpr std::string_view name(Keyword keyword) {
  return traits(keyword).name;
}

/// Keyword::none if `name` is none of ours.
Keyword find_keyword(std::string_view name);

/// What `$schema` chooses.
struct Dialect {
  Draft draft = Draft::draft2020_12;
  VocabularySet vocabularies = vocabulary::all_but_format_assertion;
};

/// The dialect that an address of the JSON Schema project itself stands for.
std::optional<Draft> find_draft(std::string_view address);
/// The vocabulary of that address; 0 if it is none that asserts anything here.
VocabularySet find_vocabulary(std::string_view address);
/// Whether the vocabulary of that address is known to assert nothing.
bool is_annotation_vocabulary(std::string_view address);

}  // namespace sluice::json::schema
