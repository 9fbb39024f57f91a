#include "json/schema/pattern_reader.hpp"

#include "json/schema/character_classes.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::json::schema {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_inside_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::string code_point(std::uint32_t value) {
  char digits[9];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), value, 16).ptr;
  return "\\x{" + std::string(std::begin(digits), end) + "}";
}

}  // namespace

Failure PatternReader::refuse(ErrorCode code, std::string_view what, std::string_view why) const {
  return fail(code, "at byte " + std::to_string(std::min(at_, source_.size())) + " stands " +
                        std::string(what) + std::string(why));
}

std::string PatternReader::literal() {
  const char c = source_[at_++];
  std::string text;
  if (c == ']' || c == '{' || c == '}') text.push_back('\\');
  text.push_back(c);
  if (static_cast<unsigned char>(c) < 0x80) return text;
  while (!ends() && is_inside_character(here())) text.push_back(source_[at_++]);
  return text;
}

Result<std::string> PatternReader::brackets() {
  ++at_;
  const bool negated = take("^");
  std::string members;
  while (!take("]")) {
    if (ends()) return invalid("the end, but a '[' is still open");
    auto from = class_member();
    if (!from) return fail(from);
    members.append(from->text);
    if (here() != '-' || here(1) == ']' || at_ + 1 >= source_.size()) continue;
    ++at_;
    auto to = class_member();
    if (!to) return fail(to);
    members.append(from->single && to->single ? "-" : "\\-").append(to->text);
  }
  if (members.empty()) return std::string(negated ? "[\\x{0}-\\x{10ffff}]" : "[^\\x{0}-\\x{10ffff}]");
  return (negated ? "[^" : "[") + members + "]";
}

Result<PatternReader::ClassMember> PatternReader::class_member() {
  const char c = here();
  if (c == '\\') return class_escape();
  if (c != '[' && c != '^' && c != '-') return ClassMember{literal(), true};
  ++at_;
  return ClassMember{std::string("\\") + c, true};
}

Result<PatternReader::ClassMember> PatternReader::class_escape() {
  const char c = here(1);
  if (c == 'd' || c == 'D' || c == 'w' || c == 'W')
    return at_ += 2, ClassMember{std::string("\\") + c, false};
  if (c == 's') return at_ += 2, ClassMember{std::string(space_members), false};
  if (c == 'S') return at_ += 2, ClassMember{std::string(other_than_space_members), false};
  if (c == 'b') return at_ += 2, ClassMember{code_point('\b'), true};
  if (c == 'p' || c == 'P') {
    auto text = property();
    if (!text) return fail(text);
    // What is a class in brackets by itself gives its members to this one.
    return ClassMember{text->starts_with('[') ? text->substr(1, text->size() - 2) : *text, false};
  }
  auto text = character_escape();
  if (!text) return fail(text);
  return ClassMember{*text, true};
}

Result<std::string> PatternReader::escape() {
  const char c = here(1);
  if (c == 'd' || c == 'D' || c == 'w' || c == 'W' || c == 'b' || c == 'B')
    return at_ += 2, std::string("\\") + c;
  if (c == 's') return at_ += 2, "[" + std::string(space_members) + "]";
  if (c == 'S') return at_ += 2, "[^" + std::string(space_members) + "]";
  if (c == 'p' || c == 'P') return property();
  if ((c >= '1' && c <= '9') || c == 'k') return nonlinear("a backreference");
  return character_escape();
}

Result<std::string> PatternReader::property() {
  const bool negated = here(1) == 'P';
  const std::size_t close = source_.find('}', at_);
  if (here(2) != '{' || close == std::string_view::npos) return invalid("\\p without a name in braces");
  const auto translated = property_class(source_.substr(at_ + 3, close - at_ - 3), negated);
  if (!translated)
    return unsupported("a Unicode property that is not known here; general categories and scripts are");
  at_ = close + 1;
  return *translated;
}

/// An escape that means one character, in brackets or outside.
Result<std::string> PatternReader::character_escape() {
  const char c = here(1);
  constexpr std::string_view controls = "tnvfr";
  if (const std::size_t known = controls.find(c); c != '\0' && known != std::string_view::npos)
    return at_ += 2, code_point(static_cast<std::uint32_t>("\t\n\v\f\r"[known]));
  if (c == '0' && !is_digit(here(2))) return at_ += 2, code_point(0);
  if (const char letter = here(2); c == 'c' && is_letter(letter))
    return at_ += 3, code_point(static_cast<std::uint32_t>(letter) % 32);
  if (c == 'x' || c == 'u') return hexadecimal();
  if (at_ + 1 >= source_.size()) return invalid("a backslash at the end");
  if (is_digit(c)) return invalid("an octal escape, which ECMA-262 does not have");
  if (is_letter(c)) return invalid("the escape \\" + std::string(1, c) + ", which ECMA-262 does not have");
  ++at_;
  if (static_cast<unsigned char>(c) >= 0x80 || c == '_') return literal();
  ++at_;
  return std::string("\\") + c;
}

Result<std::string> PatternReader::hexadecimal() {
  const bool long_form = here(1) == 'u';
  at_ += 2;
  if (long_form && take("{")) {
    const auto value = hex(8, true);
    if (!value || *value > 0x10ffff || !take("}")) return invalid("a \\u{...} that is no code point");
    return code_point(*value);
  }
  const auto value = hex(long_form ? 4 : 2, false);
  if (!value) return invalid(long_form ? "a \\u without four digits" : "a \\x without two digits");
  if (*value >= 0xd800 && *value < 0xdc00 && ahead("\\u")) {
    const std::size_t before = at_;
    at_ += 2;
    const auto low = hex(4, false);
    if (low && *low >= 0xdc00 && *low <= 0xdfff)
      return code_point(0x10000 + ((*value - 0xd800) << 10) + (*low - 0xdc00));
    at_ = before;
  }
  return code_point(*value);
}

/// Exactly `digits` of them, or, if `fewer` will do, as many as there are up to that.
std::optional<std::uint32_t> PatternReader::hex(std::size_t digits, bool fewer) {
  const std::string_view there = source_.substr(std::min(at_, source_.size()), digits);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(there.data(), there.data() + there.size(), value, 16);
  const auto taken = static_cast<std::size_t>(end - there.data());
  if (error != std::errc() || (!fewer && taken < digits)) return std::nullopt;
  at_ += taken;
  return value;
}

}  // namespace sluice::json::schema
