#pragma once
// Program: a compiled schema. Flat tables that refer to each other by index; nothing in it points into the
// schema's text, and nothing changes once it is compiled.
//
//   subschemas ── rules for any type ──▶ rules ──▶ children, choices, targets of references
//      │
//      ├── for numbers ──▶ bounds          ├── for arrays  ──▶ arrays ──▶ children
//      └── for strings ──▶ texts           └── for objects ──▶ objects ──▶ properties, slots, ...

#include "json/document.hpp"
#include "json/schema/decimal.hpp"
#include "json/schema/format.hpp"
#include "json/schema/keyword.hpp"
#include "json/schema/pattern.hpp"

#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::json::schema {

/// A place in one of the tables.
using Index = std::uint32_t;
inline constexpr Index no_index = std::numeric_limits<Index>::max();

/// A piece of Program::text.
struct Slice {
  std::uint32_t at = 0, size = 0;
};

/// Rows of a table that follow each other.
struct Range {
  Index first = 0;
  std::uint32_t count = 0;
};

/// Bit json::Type for each type; bit 0, which is no type of a value, for numbers that are integers.
using TypeSet = std::uint8_t;
inline constexpr TypeSet no_type = 0, every_type = 0b1111'1110, integers = 1;
constexpr TypeSet type_bit(Type type) {
  return static_cast<TypeSet>(1U << static_cast<unsigned>(type));
}

/// Where a subschema stands: under which keyword of which other one, and there at which name or index.
struct Place {
  Index parent = no_index;
  Keyword keyword = Keyword::none;
  bool has_token = false;
  Slice token;
};

struct Subschema {
  TypeSet types = every_type;  ///< none: the schema `false`
  bool plain = true;           ///< nothing but the types is asserted
  Index resource = 0;
  Range rules;   ///< for values of every type
  Range bounds;  ///< for numbers
  Index text = no_index, array = no_index, object = no_index;
  Place place;
};

/// What is asserted whatever the type.
struct Rule {
  Keyword keyword = Keyword::none;
  /// $ref: target. $dynamicRef: target and dynamic name. allOf, anyOf, oneOf: first child and count. not:
  /// child. if: condition, then, else. const, enum: choice.
  Index a = no_index, b = no_index, c = no_index;
};

struct NumberBound {
  Keyword keyword;
  Decimal value;
};

struct TextRules {
  std::uint32_t least = 0, most = no_index;  ///< characters
  Index pattern = no_index;
  Format format = Format::none;
};

struct ArrayRules {
  std::uint32_t least = 0, most = no_index;
  bool unique = false;
  bool contains_evaluates = false;  ///< whether what `contains` matches counts for unevaluatedItems
  Range prefix;                     ///< of children
  Index rest = no_index;
  Index contains = no_index;
  std::uint32_t least_contained = 1, most_contained = no_index;
  Index unevaluated = no_index;
};

struct Property {
  Slice name;
  bool has_backslash = false;  ///< in its name
  std::uint32_t hash = 0;
  Index subschema = no_index;  ///< none for names that are only required
  Index required = no_index;   ///< its number among the required ones
};

struct PatternProperty {
  Index pattern = no_index;
  Index subschema = no_index;
};

/// If there is a member `trigger`, then those of `names` must be there and the subschema must hold.
struct Dependent {
  Keyword keyword = Keyword::none;
  Slice trigger;
  Range names;
  Index subschema = no_index;
};

struct ObjectRules {
  std::uint32_t least = 0, most = no_index;
  Range properties;
  Range slots;  ///< hash table of properties; its size is a power of two, or none
  std::uint32_t required = 0;
  Range patterns;
  Index additional = no_index;
  Index names = no_index;
  Range dependents;
  Index unevaluated = no_index;
};

struct Constant {
  Type type = Type::null;
  Slice text;           ///< of a string
  Index at = no_index;  ///< boolean: 0 or 1; number: in decimals; array or object: in compounds
};

/// The values of an `enum` or a `const`.
struct Choice {
  Range strings;  ///< of constants, sorted
  Range others;
  Slice written;  ///< as the schema has it
};

struct DynamicAnchor {
  Index resource = 0;
  Index name = 0;  ///< a number that stands for it
  Index subschema = no_index;
};

struct Program {
  Program() = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  std::string text;
  Index root = 0;
  std::vector<Subschema> subschemas;
  std::vector<Slice> resources;  ///< their addresses
  std::vector<Rule> rules;
  std::vector<Index> children;
  std::vector<NumberBound> bounds;
  std::vector<TextRules> texts;
  std::vector<ArrayRules> arrays;
  std::vector<ObjectRules> objects;
  std::vector<Property> properties;
  std::vector<Index> slots;
  std::vector<PatternProperty> pattern_properties;
  std::vector<Dependent> dependents;
  std::vector<Slice> names;
  std::vector<Choice> choices;
  std::vector<Constant> constants;
  std::vector<Decimal> decimals;
  std::vector<Pattern> patterns;
  std::vector<Slice> pattern_sources;
  std::vector<DynamicAnchor> dynamic_anchors;

  std::string compound_text;  ///< an array of the arrays and objects among the constants
  std::unique_ptr<Document> compound_document;
  std::vector<Value> compounds;

  std::string_view view(Slice slice) const { return {text.data() + slice.at, slice.size}; }
  template <class Row>
  static std::span<const Row> rows(const std::vector<Row>& table, Range range) {
    return {table.data() + range.first, range.count};
  }
  /// Whether the meaning of references depends on the way on which they were reached.
  bool has_dynamic_scope() const { return !dynamic_anchors.empty(); }
};

/// For Property::hash. Whoever finds names that collide pays with steps of the budget.
inline std::uint32_t hash_name(std::string_view name) {
  std::uint64_t hash = name.size() * 0x9e3779b97f4a7c15U;
  const auto add = [&](std::size_t at, std::size_t size) {
    std::uint64_t word = 0;
    std::memcpy(&word, name.data() + at, size);
    hash = (hash ^ word) * 0xff51afd7ed558ccdU;
    hash ^= hash >> 32;
  };
  std::size_t at = 0;
  for (; at + 8 <= name.size(); at += 8) add(at, 8);
  if (at < name.size()) add(at, name.size() - at);
  return static_cast<std::uint32_t>(hash);
}

/// The property of that name; null if there is none. `probes` grows by the entries looked at.
inline const Property* find_property(const Program& program, const ObjectRules& rules, std::string_view name,
                                     std::uint32_t hash, std::uint64_t& probes) {
  if (rules.slots.count == 0) return nullptr;
  const std::uint32_t mask = rules.slots.count - 1;
  for (std::uint32_t at = hash & mask;; at = (at + 1) & mask) {
    ++probes;
    const Index index = program.slots[rules.slots.first + at];
    if (index == no_index) return nullptr;
    const Property& property = program.properties[index];
    if (property.hash == hash && program.view(property.name) == name) return &property;
  }
}

}  // namespace sluice::json::schema
