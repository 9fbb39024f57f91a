// Readers of the keywords that assert something about the value itself.

#include "json/schema/compiler.hpp"

#include <algorithm>
#include <array>

namespace sluice::json::schema {
namespace {

struct NamedType {
  std::string_view name;
  TypeSet types;
};
constexpr std::array named_types{
    NamedType{"string", type_bit(Type::string)},
    NamedType{"number", type_bit(Type::number)},
    NamedType{"integer", integers},
    NamedType{"boolean", type_bit(Type::boolean)},
    NamedType{"object", type_bit(Type::object)},
    NamedType{"array", type_bit(Type::array)},
    NamedType{"null", type_bit(Type::null)},
};

TypeSet find_type(Value name) {
  for (const NamedType& type : named_types)
    if (name.equals(type.name)) return type.types;
  return no_type;
}

constexpr std::string_view which_types =
    R"(must be one of "string", "number", "integer", "boolean", "object", "array" and "null", or an array of these)";

}  // namespace

Result<> Compiler::read_type(Frame& frame, Keyword keyword, Value types) {
  frame.types = find_type(types);
  if (types.is_array()) {
    for (const Value type : types.elements()) {
      const TypeSet found = find_type(type);
      if (found == no_type) return wrong(frame.self, keyword, which_types);
      frame.types |= found;
    }
  }
  if (frame.types == no_type) return wrong(frame.self, keyword, which_types);
  return {};
}

Result<> Compiler::read_constant(Frame& frame, Keyword keyword, Value value) {
  add_choice(frame, keyword, {value}, value);
  return {};
}

Result<> Compiler::read_enumeration(Frame& frame, Keyword keyword, Value values) {
  if (!values.is_array()) return expected(frame.self, keyword, "must be an array", values);
  std::vector<Value> list;
  for (const Value value : values.elements()) list.push_back(value);
  add_choice(frame, keyword, list, values);
  return {};
}

void Compiler::add_choice(Frame& frame, Keyword keyword, const std::vector<Value>& values, Value written) {
  Choice choice{.written = keep(written.raw())};
  const auto end = [&] { return static_cast<Index>(program_.constants.size()); };
  choice.strings.first = end();
  for (const Value value : values)
    if (value.is_string()) program_.constants.push_back(constant(value));
  choice.strings.count = end() - choice.strings.first;
  std::sort(
      program_.constants.begin() + choice.strings.first, program_.constants.end(),
      [this](const Constant& a, const Constant& b) { return program_.view(a.text) < program_.view(b.text); });
  choice.others.first = end();
  for (const Value value : values)
    if (!value.is_string()) program_.constants.push_back(constant(value));
  choice.others.count = end() - choice.others.first;
  frame.rules.push_back({.keyword = keyword, .a = static_cast<Index>(program_.choices.size())});
  program_.choices.push_back(choice);
}

Constant Compiler::constant(Value value) {
  Constant constant{.type = value.type()};
  switch (value.type()) {
    case Type::missing:
    case Type::null:
      break;
    case Type::boolean:
      constant.at = value.boolean() == true ? 1 : 0;
      break;
    case Type::number:
      constant.at = static_cast<Index>(program_.decimals.size());
      program_.decimals.emplace_back(value.raw());
      break;
    case Type::string:
      constant.text = keep(value.string());
      break;
    case Type::array:
    case Type::object:
      constant.at = compounds_++;
      program_.compound_text.append(program_.compound_text.empty() ? "[" : "")
          .append(value.raw())
          .push_back(',');
      break;
  }
  return constant;
}

Result<> Compiler::read_bound(Frame& frame, Keyword keyword, Value bound) {
  if (!bound.is_number()) return expected(frame.self, keyword, "must be a number", bound);
  Decimal value(bound.raw());
  if (keyword == Keyword::multiple_of) {
    if (value.is_zero() || value.is_negative()) return wrong(frame.self, keyword, "must be larger than 0");
    if (!value.is_short()) return unsupported(frame.self, keyword, "has more than 19 significant digits");
  }
  frame.bounds.push_back({keyword, std::move(value)});
  return {};
}

namespace {

/// What a count limits, and whether that makes rules for texts, arrays or objects.
struct Counted {
  std::uint32_t* limit;
  bool* rules;
};

Counted counted(Frame& frame, Keyword keyword) {
  switch (keyword) {
    case Keyword::min_length:
      return {&frame.text.least, &frame.has_text};
    case Keyword::max_length:
      return {&frame.text.most, &frame.has_text};
    case Keyword::min_items:
      return {&frame.array.least, &frame.has_array};
    case Keyword::max_items:
      return {&frame.array.most, &frame.has_array};
    case Keyword::min_contains:
      return {&frame.array.least_contained, &frame.has_array};
    case Keyword::max_contains:
      return {&frame.array.most_contained, &frame.has_array};
    case Keyword::min_properties:
      return {&frame.object.least, &frame.has_object};
    default:
      return {&frame.object.most, &frame.has_object};
  }
}

}  // namespace

/// No document has so many of anything that 32 bits would not count them.
Result<> Compiler::read_count(Frame& frame, Keyword keyword, Value count) {
  constexpr std::string_view what = "must be an integer that is not negative";
  if (!count.is_number()) return expected(frame.self, keyword, what, count);
  const Decimal value(count.raw());
  if (!value.is_integer() || value.is_negative()) return wrong(frame.self, keyword, what);
  const Counted target = counted(frame, keyword);
  *target.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(value.saturated(), no_index));
  *target.rules = true;
  return {};
}

Result<> Compiler::read_pattern(Frame& frame, Keyword keyword, Value source) {
  if (!source.is_string()) return expected(frame.self, keyword, "must be a string", source);
  auto compiled = pattern(source.string(), frame.self, keyword, {});
  if (!compiled) return fail(compiled);
  frame.text.pattern = *compiled;
  frame.has_text = true;
  return {};
}

/// The same expression is often written at many places; it is compiled once. `token` is the member that it is
/// the name of, if it is one.
Result<Index> Compiler::pattern(std::string_view source, Index self, Keyword keyword,
                                std::string_view token) {
  const auto [known, added] =
      patterns_.try_emplace(std::string(source), static_cast<Index>(program_.patterns.size()));
  if (!added) return known->second;
  auto compiled = Pattern::compile(source);
  if (!compiled) {
    const std::string why = "is an expression that cannot be used: " + compiled.error().message();
    return compiled.error().code() == ErrorCode::invalid_request ? wrong(self, keyword, why, token)
                                                                 : unsupported(self, keyword, why, token);
  }
  constexpr std::size_t least_cost = 100;  // even the shortest takes its time to compile
  pattern_size_ += compiled->size() + least_cost;
  if (pattern_size_ > options_.limits.max_pattern_size)
    return unsupported(self, keyword, "makes the expressions of this schema too large together", token);
  program_.patterns.push_back(std::move(*compiled));
  program_.pattern_sources.push_back(keep(source));
  return known->second;
}

Result<> Compiler::read_format(Frame& frame, Keyword keyword, Value format) {
  if (!format.is_string()) return expected(frame.self, keyword, "must be a string", format);
  const bool asserts =
      options_.assert_formats || (frame.dialect.vocabularies & vocabulary::format_assertion) != 0;
  frame.text.format = asserts ? find_format(format.string()) : Format::none;
  frame.has_text |= frame.text.format != Format::none;
  return {};
}

Result<> Compiler::read_unique(Frame& frame, Keyword keyword, Value unique) {
  if (!unique.is_boolean()) return expected(frame.self, keyword, "must be a boolean", unique);
  frame.array.unique = unique.boolean() == true;
  frame.has_array |= frame.array.unique;
  return {};
}

}  // namespace sluice::json::schema
