#pragma once
// What ECMA-262 and RE2 understand differently by classes of characters.

#include <optional>
#include <string>
#include <string_view>

namespace sluice::json::schema {

// Members of a class in RE2's syntax, to be put between [ and ].

/// WhiteSpace and LineTerminator of ECMA-262; RE2's \s knows only ASCII.
inline constexpr std::string_view space_members =
    R"(\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";
inline constexpr std::string_view other_than_space_members =
    R"(\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e})"
    R"(\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff})";
/// What `.` does not match.
inline constexpr std::string_view line_end_members = R"(\n\r\x{2028}\x{2029})";

/// The class that `\p{name}` (or `\P{name}`, if `negated`) means, in RE2's syntax; it may stand inside of
/// brackets and outside. Nothing if RE2 has no such property.
std::optional<std::string> property_class(std::string_view name, bool negated);

}  // namespace sluice::json::schema
