#pragma once
// What was wrong with a text, in kinds: for reports and metrics. Never the text itself.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::json::repair {

enum class Fix : std::uint8_t {
  prose,           ///< text before or behind the JSON was left out
  fence,           ///< a Markdown fence was taken off
  reasoning,       ///< a block of thinking was left out
  encoding,        ///< a byte order mark, UTF-16, or bytes that are not UTF-8
  escaped_text,    ///< the whole text was escaped or quoted once too often
  white_space,     ///< white space that JSON does not know
  comment,         ///< comments were left out
  ellipsis,        ///< `...` was left out
  comma,           ///< commas were added, left out or replaced
  colon,           ///< colons were added or replaced
  quote,           ///< other quotes, or missing ones, became double quotes
  inner_quote,     ///< quotes inside a string were escaped
  escape,          ///< escapes that JSON does not have
  control,         ///< control characters inside strings were escaped
  bracket,         ///< brackets were added, left out or replaced
  literal,         ///< other spellings of true, false and null
  number,          ///< numbers that JSON does not allow
  bare_text,       ///< keys or strings without quotes
  concatenation,   ///< strings joined by `+`
  call,            ///< `ObjectId("x")` became its argument
  missing_value,   ///< null stands where a value was missing
  missing_key,     ///< a value without a key was left out
  cut,             ///< the text ended too early
  stray_text,      ///< words between the members were left out
  several_values,  ///< one of several values was chosen, or they became an array
  unwrapped,       ///< the object was taken out of an array or string
  empty,           ///< nothing at all became an empty object
};

inline constexpr std::array<std::string_view, 27> fix_names{
    "prose",
    "fence",
    "reasoning",
    "encoding",
    "escaped_text",
    "white_space",
    "comment",
    "ellipsis",
    "comma",
    "colon",
    "quote",
    "inner_quote",
    "escape",
    "control_character",
    "bracket",
    "literal",
    "number",
    "bare_text",
    "concatenation",
    "call",
    "missing_value",
    "missing_key",
    "cut",
    "stray_text",
    "several_values",
    "unwrapped",
    "empty",
};
static_assert(fix_names.size() == static_cast<std::size_t>(Fix::empty) + 1);

constexpr std::string_view name(Fix fix) {
  return fix_names[static_cast<std::size_t>(fix)];
}

/// A set of kinds.
class Fixes {
 public:
  constexpr void add(Fix fix) { bits_ |= 1U << static_cast<unsigned>(fix); }
  constexpr void add(Fixes others) { bits_ |= others.bits_; }
  constexpr bool has(Fix fix) const { return (bits_ >> static_cast<unsigned>(fix) & 1U) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr int count() const { return std::popcount(bits_); }
  constexpr bool operator==(const Fixes&) const = default;

  template <class Visit>
  void for_each(Visit visit) const {
    for (std::uint32_t left = bits_; left != 0; left &= left - 1)
      visit(static_cast<Fix>(std::countr_zero(left)));
  }
  /// Their names, as "comma, quote".
  std::string names() const {
    std::string joined;
    for_each([&](Fix fix) {
      if (!joined.empty()) joined += ", ";
      joined += name(fix);
    });
    return joined;
  }

 private:
  std::uint32_t bits_ = 0;
};

}  // namespace sluice::json::repair
