// Numbers, strings, and comparison with given values.

#include "json/schema/equality.hpp"
#include "json/schema/messages.hpp"
#include "json/schema/validator.hpp"

#include <algorithm>

namespace sluice::json::schema {
namespace {

bool keeps(const NumberBound& bound, const Decimal& value) {
  switch (bound.keyword) {
    case Keyword::minimum:
      return value >= bound.value;
    case Keyword::maximum:
      return value <= bound.value;
    case Keyword::exclusive_minimum:
      return value > bound.value;
    case Keyword::exclusive_maximum:
      return value < bound.value;
    default:
      return value.is_multiple_of(bound.value);
  }
}

/// Whether an escape \uXXXX stands at `at` whose first digits are D and one of `second`.
bool is_surrogate(std::string_view escaped, std::size_t at, std::string_view second) {
  return at + 5 < escaped.size() && escaped[at] == '\\' && escaped[at + 1] == 'u' &&
         (escaped[at + 2] | 32) == 'd' &&
         second.find(static_cast<char>(escaped[at + 3] | 32)) != std::string_view::npos;
}

/// Code points of the text meant; a lone surrogate counts as one.
std::uint32_t count_characters(Text text) {
  const std::string_view escaped = text.escaped();
  std::uint32_t count = 0;
  for (std::size_t at = 0; at < escaped.size(); ++at) {
    if ((static_cast<unsigned char>(escaped[at]) & 0xc0) == 0x80) continue;
    ++count;
    if (escaped[at] != '\\') continue;
    // The digit's bit 32 is set already, the letter's is not.
    const bool pair = is_surrogate(escaped, at, "89ab") && is_surrogate(escaped, at + 6, "cdef");
    at += pair ? 11 : escaped[at + 1] == 'u' ? 5 : 1;
  }
  return count;
}

}  // namespace

bool Validator::check_number(const Subschema& self, Value number) {
  if (!budget_.spend(number.raw().size() / 16)) return false;
  const Decimal value(number.raw());
  bool fits = true;
  for (const NumberBound& bound : program_.rows(program_.bounds, self.bounds)) {
    if (keeps(bound, value)) continue;
    fits = violated(self, bound.keyword, number, [&] { return say_bound(bound); });
    if (!goes_on()) return false;
  }
  return fits;
}

bool Validator::check_text(const Subschema& self, Value value) {
  const TextRules& rules = program_.texts[self.text];
  const Text text = value.text();
  const std::size_t bytes = text.escaped().size();
  bool fits = true;
  // There are never more characters than bytes.
  if ((rules.least > 0 || bytes > rules.most) && budget_.spend(bytes / 64)) {
    const std::uint32_t length = count_characters(text);
    if (length < rules.least || length > rules.most) {
      const Keyword keyword = length < rules.least ? Keyword::min_length : Keyword::max_length;
      fits = violated(self, keyword, value, [&] { return say_length(rules, length); });
      if (!goes_on()) return false;
    }
  }
  if (rules.pattern != no_index && !matches(rules.pattern, text.decode(buffer_))) {
    fits = violated(self, Keyword::pattern, value, [&] {
      return "must match the regular expression " +
             quote(program_.view(program_.pattern_sources[rules.pattern]));
    });
    if (!goes_on()) return false;
  }
  if (rules.format != Format::none && !conforms(rules.format, text.decode(buffer_)))
    fits = violated(self, Keyword::format, value,
                    [&] { return "must be of the format " + quote(name(rules.format)); });
  return fits;
}

bool Validator::matches(Index index, std::string_view text) {
  const Pattern& pattern = program_.patterns[index];
  return budget_.spend(pattern.steps(text.size())) && pattern.matches(text);
}

bool Validator::check_choice(const Subschema& self, const Rule& rule, Value value) {
  return is_among(program_.choices[rule.a], value) ||
         violated(self, rule.keyword, value, [&] { return say_choice(program_, rule); });
}

bool Validator::is_among(const Choice& choice, Value value) {
  if (value.is_string()) {
    const std::string_view text = value.text().decode(buffer_);
    const auto strings = program_.rows(program_.constants, choice.strings);
    const auto view = [this](const Constant& constant) { return program_.view(constant.text); };
    return std::ranges::binary_search(strings, text, {}, view);
  }
  const auto others = program_.rows(program_.constants, choice.others);
  if (!budget_.spend(others.size() / 4)) return false;
  const Decimal number = value.is_number() ? Decimal(value.raw()) : Decimal();
  return std::ranges::any_of(others, [&](const Constant& constant) {
    if (constant.type != value.type()) return false;
    switch (constant.type) {
      case Type::boolean:
        return (constant.at == 1) == value.boolean();
      case Type::number:
        return number == program_.decimals[constant.at];
      case Type::array:
      case Type::object:
        return equal(value, program_.compounds[constant.at], budget_);
      default:
        return true;
    }
  });
}

}  // namespace sluice::json::schema
