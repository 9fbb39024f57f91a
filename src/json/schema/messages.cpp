#include "json/schema/messages.hpp"

#include "base/text.hpp"
#include "json/schema/pointer.hpp"

#include <algorithm>
#include <array>

namespace sluice::json::schema {
namespace {

constexpr std::size_t longest_quote = 60;  ///< bytes of a name
constexpr std::size_t longest_list = 400;  ///< bytes of several

struct NamedType {
  TypeSet types;
  std::string_view name;
};
constexpr std::array named_types{
    NamedType{type_bit(Type::string), "a string"},
    NamedType{type_bit(Type::number), "a number"},
    NamedType{integers, "an integer"},
    NamedType{type_bit(Type::boolean), "a boolean"},
    NamedType{type_bit(Type::object), "an object"},
    NamedType{type_bit(Type::array), "an array"},
    NamedType{type_bit(Type::null), "null"},
};

std::string counted(std::uint64_t count, std::string_view one, std::string_view several) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : several);
}

/// `a`, `a or b`, `a, b or c`; the rest is counted where it gets long.
std::string list(const std::vector<std::string>& words, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (out.size() > longest_list) return out + " and " + std::to_string(words.size() - i) + " more";
    if (i > 0) out.append(i + 1 == words.size() ? " " + std::string(last) + " " : ", ");
    out.append(words[i]);
  }
  return out;
}

std::string quoted_list(const std::vector<std::string_view>& names, std::string_view last) {
  std::vector<std::string> words;
  for (const std::string_view name : names) words.push_back(quote(name));
  return list(words, last);
}

std::string shortened(std::string_view text) {
  if (text.size() <= longest_quote) return std::string(text);
  std::size_t end = longest_quote;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

/// JSON as the schema has it, on one line.
std::string as_written(std::string_view raw) {
  std::string text = shortened(raw);
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

std::string range(std::uint32_t least, std::uint32_t most, std::uint32_t count, std::string_view one,
                  std::string_view several) {
  return count < least
             ? "must have at least " + counted(least, one, several) + ", but has " + std::to_string(count)
             : "must have at most " + counted(most, one, several) + ", but has " + std::to_string(count);
}

std::string types_in_words(TypeSet wanted) {
  std::vector<std::string> words;
  for (const NamedType& type : named_types)
    if ((wanted & type.types) != 0) words.emplace_back(type.name);
  return list(words, "or");
}

/// The last token of a JSON Pointer.
std::string last_token(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  path.remove_prefix(slash);
  return take_token(path);
}

/// What the object may hold instead, the likeliest first.
std::string say_allowed(const Program& program, const Subschema& parent, std::string_view name) {
  if (parent.object == no_index) return {};
  std::vector<std::string_view> names;
  for (const Property& property : program.rows(program.properties, program.objects[parent.object].properties))
    if (property.subschema != no_index) names.push_back(program.view(property.name));
  if (names.empty()) return {};
  const auto near = nearest(name, names, 1);
  if (!near.empty()) return "; did you mean " + quote(near.front()) + "?";
  return "; allowed are " + quoted_list(names, "and");
}

}  // namespace

std::string quote(std::string_view text) {
  std::string out = "\"";
  append_escaped(out, shortened(text));
  return out + "\"";
}

std::string say_type(TypeSet wanted, Value value) {
  const bool fraction = value.is_number() && (wanted & integers) != 0;
  return "must be " + types_in_words(wanted) + ", but is " +
         (fraction ? "a number with a fraction" : std::string(json::name(value.type())));
}

std::string say_choice(const Program& program, const Rule& rule) {
  const std::string_view written = program.view(program.choices[rule.a].written);
  if (rule.keyword == Keyword::constant) return "must be " + as_written(written);
  Document document;
  std::vector<std::string> values;
  if (const auto parsed = document.parse(written))
    for (const Value value : parsed->elements()) values.push_back(as_written(value.raw()));
  if (values.empty()) return "no value is allowed here";
  return (values.size() == 1 ? "must be " : "must be one of ") + list(values, "or");
}

std::string say_bound(const NumberBound& bound) {
  switch (bound.keyword) {
    case Keyword::minimum:
      return "must be at least " + bound.value.written();
    case Keyword::maximum:
      return "must be at most " + bound.value.written();
    case Keyword::exclusive_minimum:
      return "must be larger than " + bound.value.written();
    case Keyword::exclusive_maximum:
      return "must be smaller than " + bound.value.written();
    default:
      return "must be a multiple of " + bound.value.written();
  }
}

std::string say_length(const TextRules& rules, std::uint32_t length) {
  return range(rules.least, rules.most, length, "character", "characters");
}

std::string say_items(const ArrayRules& rules, std::uint32_t count) {
  return range(rules.least, rules.most, count, "element", "elements");
}

std::string say_members(const ObjectRules& rules, std::uint32_t count) {
  return range(rules.least, rules.most, count, "member", "members");
}

std::string say_twins(Twins twins) {
  return "must hold no value twice, but elements " + std::to_string(twins.first) + " and " +
         std::to_string(twins.second) + " are equal";
}

std::string say_contained(const ArrayRules& rules, std::uint32_t count) {
  const bool few = count < rules.least_contained;
  return std::string(few ? "must hold at least " : "must hold at most ") +
         counted(few ? rules.least_contained : rules.most_contained, "element", "elements") +
         " that match the schema in `contains`, but holds " + std::to_string(count);
}

std::string say_missing(const std::vector<std::string_view>& names) {
  return names.size() == 1 ? "the member " + quote(names.front()) + " is missing"
                           : "the members " + quoted_list(names, "and") + " are missing";
}

std::string say_dependent_missing(std::string_view trigger, const std::vector<std::string_view>& names) {
  return say_missing(names) + ", which " + quote(trigger) + " requires beside itself";
}

std::string say_forbidden(const Program& program, Index subschema, std::string_view path) {
  const Place& place = program.subschemas[subschema].place;
  const std::string name = last_token(path);
  switch (place.keyword) {
    case Keyword::additional_properties:
    case Keyword::unevaluated_properties:
      return "the member " + quote(name) + " is not allowed here" +
             say_allowed(program, program.subschemas[place.parent], name);
    case Keyword::properties:
    case Keyword::pattern_properties:
      return "the member " + quote(name) + " is not allowed here";
    case Keyword::items:
    case Keyword::additional_items:
    case Keyword::unevaluated_items:
      return "element " + name + " is one too many";
    default:
      return "no value is allowed here";
  }
}

std::string say_no_alternative(std::uint32_t alternatives, std::uint32_t nearest) {
  if (alternatives == 1) return "must match the only alternative, and does not";
  return "must match one of " + std::to_string(alternatives) + " alternatives, and matches none; number " +
         std::to_string(nearest + 1) + " is nearest";
}

std::string say_several_alternatives(const std::vector<std::size_t>& fitting) {
  std::vector<std::string> numbers;
  for (const std::size_t number : fitting) numbers.push_back(std::to_string(number + 1));
  return "must match exactly one of the alternatives, but matches numbers " + list(numbers, "and");
}

}  // namespace sluice::json::schema
