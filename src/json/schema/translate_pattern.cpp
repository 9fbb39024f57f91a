#include "json/schema/translate_pattern.hpp"

#include "json/schema/character_classes.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

namespace sluice::json::schema {
namespace {

constexpr int max_depth = 100;                   ///< of groups
constexpr std::uint32_t re2_repetitions = 1000;  ///< the most that RE2 takes in one {n,m}
constexpr std::uint32_t max_repetitions = 20 * re2_repetitions;
constexpr std::uint32_t largest_number = 100'000'000;
constexpr std::uint32_t unbounded = UINT32_MAX;

/// {least,most}, and whether as few as possible are taken, which decides nothing about whether there is a
/// match.
struct Repetition {
  std::uint32_t least, most;
};

/// One character or class inside of brackets, in RE2's syntax.
struct ClassMember {
  std::string text;
  bool single;  ///< a character, which may begin or end a range
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string code_point(std::uint32_t value) {
  char digits[9];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), value, 16).ptr;
  return "\\x{" + std::string(std::begin(digits), end) + "}";
}

/// Recursive descent over ECMA-262's Pattern (section 22.2.1), with Annex B's leniency for lone brackets.
class Translator {
 public:
  explicit Translator(std::string_view source) : source_(source) {}

  Result<std::vector<TranslatedPattern>> run() {
    if (auto counted = counted_characters()) return std::vector{std::move(*counted)};
    std::vector<TranslatedPattern> parts;
    const bool splits = source_.starts_with("^(?=") || source_.starts_with("^(?!");
    if (splits) at_ = 1;
    while (splits && (ahead("(?=") || ahead("(?!"))) {
      const bool wanted = ahead("(?=");
      at_ += 3;
      auto body = group_body();
      if (!body) return fail(body);
      if (repeats()) return nonlinear("a look-ahead that is repeated");
      parts.push_back({.expression = "^(?:" + *body + ")", .wanted = wanted});
    }
    alternatives_at_top_ = false;
    auto rest = disjunction();
    if (!rest) return fail(rest);
    if (at_ < source_.size()) return invalid("a ')' without its '('");
    if (splits && alternatives_at_top_) return nonlinear("a look-ahead in one of several alternatives");
    if (!splits || !rest->empty()) parts.push_back({.expression = splits ? "^(?:" + *rest + ")" : *rest});
    return parts;
  }

 private:
  /// `^[a-z]{1,64}$` and its like: one class for all of the text, and how long that may be. Counted, this is
  /// as cheap for thousands of characters as for one; written out it would not be.
  std::optional<TranslatedPattern> counted_characters() {
    if (!take("^") || here() == '(' || here() == '^' || here() == '$' || here() == '|' || ends())
      return start_over();
    auto character = atom();
    const auto repetition = character ? braces() : std::nullopt;
    if (!repetition || repetition->least > repetition->most) return start_over();
    at_ = source_.find('}', at_) + 1;
    take("?");
    if (!take("$") || !ends()) return start_over();
    return TranslatedPattern{
        .expression = "^" + *character + "*$", .least = repetition->least, .most = repetition->most};
  }
  std::nullopt_t start_over() {
    at_ = 0;
    return std::nullopt;
  }

  Failure invalid(std::string_view what) const { return refuse(ErrorCode::invalid_request, what, ""); }
  Failure unsupported(std::string_view what) const { return refuse(ErrorCode::unsupported_schema, what, ""); }
  Failure nonlinear(std::string_view what) const {
    return refuse(ErrorCode::unsupported_schema, what, ", which cannot be checked in linear time");
  }
  Failure refuse(ErrorCode code, std::string_view what, std::string_view why) const {
    return fail(code, "at byte " + std::to_string(std::min(at_, source_.size())) + " stands " +
                          std::string(what) + std::string(why));
  }

  char here(std::size_t further = 0) const {
    return at_ + further < source_.size() ? source_[at_ + further] : '\0';
  }
  bool ends() const { return at_ >= source_.size(); }
  bool ahead(std::string_view text) const { return source_.substr(at_).starts_with(text); }
  bool take(std::string_view text) {
    if (!ahead(text)) return false;
    at_ += text.size();
    return true;
  }
  bool repeats() const { return here() == '*' || here() == '+' || here() == '?' || braces().has_value(); }

  Result<std::string> disjunction() {
    if (++depth_ > max_depth) return unsupported("a group nested deeper than 100 levels");
    std::string out;
    while (!ends() && here() != ')') {
      if (take("|")) {
        out.push_back('|');
        if (depth_ == 1) alternatives_at_top_ = true;
        continue;
      }
      auto added = term(out);
      if (!added) return fail(added);
    }
    --depth_;
    return out;
  }

  /// Behind the opening of a group, up to behind its ')'.
  Result<std::string> group_body() {
    auto body = disjunction();
    if (!body) return body;
    if (!take(")")) return invalid("the end, but a group is still open");
    return body;
  }

  /// One atom or assertion with its quantifier.
  Result<> term(std::string& out) {
    if (here() == '^' || here() == '$') {
      out.push_back(source_[at_++]);
      return {};
    }
    auto atom_text = atom();
    if (!atom_text) return fail(atom_text);
    return quantifier(*atom_text, out);
  }

  Result<std::string> atom() {
    const char c = here();
    if (c == '(') return group();
    if (c == '[') return brackets();
    if (c == '\\') return escape();
    if (c == '*' || c == '+' || c == '?') return invalid("a quantifier with nothing to repeat");
    ++at_;
    if (c == '.') return "[^" + std::string(line_end_members) + "]";
    return literal(c);
  }

  /// Bytes of a longer character pass one by one; a quantifier behind them must take them all.
  std::string literal(char c) {
    std::string text;
    if (c == ']' || c == '{' || c == '}') text.push_back('\\');
    text.push_back(c);
    if (static_cast<unsigned char>(c) < 0x80) return text;
    while ((static_cast<unsigned char>(here()) & 0xc0) == 0x80) text.push_back(source_[at_++]);
    return text;
  }

  Result<std::string> group() {
    std::string open = "(?:";
    if (ahead("(?=") || ahead("(?!")) return nonlinear("a look-ahead other than at a beginning '^'");
    if (ahead("(?<=") || ahead("(?<!")) return nonlinear("a look-behind");
    if (take("(?<") || take("(?P<")) {
      const std::size_t end = source_.find('>', at_);
      if (end == std::string_view::npos) return invalid("a group's name without '>'");
      at_ = end + 1;
    } else if (take("(?i)")) {
      return std::string("(?i)");
    } else if (take("(?i:")) {
      open = "(?i:";
    } else if (ahead("(?") && !ahead("(?:")) {
      return invalid("a kind of group that ECMA-262 does not have");
    } else {
      at_ += ahead("(?:") ? 3 : 1;
    }
    auto body = group_body();
    if (!body) return body;
    return open + *body + ")";
  }

  // Quantifiers

  /// {n}, {n,} or {n,m} if it stands here; anything else in braces stands for itself.
  std::optional<Repetition> braces() const {
    if (here() != '{') return std::nullopt;
    std::size_t at = at_ + 1;
    const auto least = number(at);
    if (!least) return std::nullopt;
    std::optional<std::uint32_t> most = least;
    if (source_.substr(at).starts_with(',')) {
      ++at;
      const bool open = source_.substr(at).starts_with('}');
      most = open ? unbounded : number(at);
    }
    if (!most || !source_.substr(at).starts_with('}')) return std::nullopt;
    return Repetition{*least, *most};
  }

  /// The digits at `at`, which moves behind them; capped above everything that is allowed.
  std::optional<std::uint32_t> number(std::size_t& at) const {
    if (at >= source_.size() || !is_digit(source_[at])) return std::nullopt;
    std::uint32_t value = 0;
    for (; at < source_.size() && is_digit(source_[at]); ++at)
      value = std::min(value * 10 + static_cast<std::uint32_t>(source_[at] - '0'), largest_number);
    return value;
  }

  Result<> quantifier(const std::string& atom_text, std::string& out) {
    if (here() == '*' || here() == '+' || here() == '?') {
      out.append(atom_text).push_back(source_[at_++]);
    } else if (const auto repetition = braces()) {
      if (repetition->least > repetition->most) return invalid("a repetition {n,m} with n larger than m");
      const std::uint32_t largest = repetition->most == unbounded ? repetition->least : repetition->most;
      if (largest > max_repetitions) return unsupported("a repetition of more than 20000");
      at_ = source_.find('}', at_) + 1;
      repeat(atom_text, *repetition, out);
    } else {
      out.append(atom_text);
      return {};
    }
    take("?");  // lazy or not, it matches the same texts
    if (repeats()) return invalid("a quantifier behind a quantifier");
    return {};
  }

  /// More than RE2 takes at once is written as several.
  static void repeat(const std::string& atom_text, Repetition repetition, std::string& out) {
    out.append("(?:");
    std::uint32_t least = repetition.least;
    for (; least > re2_repetitions; least -= re2_repetitions) out.append(atom_text).append("{1000}");
    const std::string first = std::to_string(least);
    if (repetition.most == unbounded) {
      out.append(atom_text).append("{" + first + ",}");
    } else {
      std::uint32_t optional = repetition.most - repetition.least;
      out.append(atom_text).append("{" + first + "}");
      for (; optional > re2_repetitions; optional -= re2_repetitions)
        out.append(atom_text).append("{0,1000}");
      if (optional > 0) out.append(atom_text).append("{0," + std::to_string(optional) + "}");
    }
    out.append(")");
  }

  // Classes and escapes

  Result<std::string> brackets() {
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

  Result<ClassMember> class_member() {
    const char c = here();
    if (c == '\\') return class_escape();
    ++at_;
    if (c == '[' || c == '^' || c == '-') return ClassMember{std::string("\\") + c, true};
    std::string text(1, c);
    while (static_cast<unsigned char>(c) >= 0x80 && (static_cast<unsigned char>(here()) & 0xc0) == 0x80)
      text.push_back(source_[at_++]);
    return ClassMember{text, true};
  }

  Result<ClassMember> class_escape() {
    const char c = here(1);
    if (c == 'd' || c == 'D' || c == 'w' || c == 'W')
      return at_ += 2, ClassMember{std::string("\\") + c, false};
    if (c == 's') return at_ += 2, ClassMember{std::string(space_members), false};
    if (c == 'S') return at_ += 2, ClassMember{std::string(other_than_space_members), false};
    if (c == 'b') return at_ += 2, ClassMember{code_point('\b'), true};
    if (c == 'p' || c == 'P') {
      auto text = property();
      if (!text) return fail(text);
      // A class in brackets is not nested but joined.
      const bool bracketed = text->starts_with("[") && !text->starts_with("[[:");
      return ClassMember{bracketed || text->starts_with("[[:") ? text->substr(1, text->size() - 2) : *text,
                         false};
    }
    auto text = character_escape();
    if (!text) return fail(text);
    return ClassMember{*text, true};
  }

  Result<std::string> escape() {
    const char c = here(1);
    if (c == 'd' || c == 'D' || c == 'w' || c == 'W' || c == 'b' || c == 'B')
      return at_ += 2, std::string("\\") + c;
    if (c == 's') return at_ += 2, "[" + std::string(space_members) + "]";
    if (c == 'S') return at_ += 2, "[^" + std::string(space_members) + "]";
    if (c == 'p' || c == 'P') return property();
    if ((c >= '1' && c <= '9') || c == 'k') return nonlinear("a backreference");
    return character_escape();
  }

  Result<std::string> property() {
    const bool negated = here(1) == 'P';
    const std::size_t close = source_.find('}', at_);
    if (here(2) != '{' || close == std::string_view::npos) return invalid("\\p without a name in braces");
    const auto translated = property_class(source_.substr(at_ + 3, close - at_ - 3), negated);
    if (!translated)
      return refuse(ErrorCode::unsupported_schema, "a Unicode property",
                    " that is not known here; general categories and scripts are");
    at_ = close + 1;
    return *translated;
  }

  /// An escape that means one character, in brackets or outside.
  Result<std::string> character_escape() {
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
    at_ += 2;
    return static_cast<unsigned char>(c) < 0x80 && c != '_' ? std::string("\\") + c : literal(c);
  }

  Result<std::string> hexadecimal() {
    const bool long_form = here(1) == 'u';
    at_ += 2;
    if (long_form && take("{")) {
      const auto value = hex(8, true);
      if (!value || *value > 0x10ffff || !take("}")) return invalid("a \\u{...} that is no code point");
      return code_point(*value);
    }
    auto value = hex(long_form ? 4 : 2, false);
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

  /// Exactly `digits` of them, or as many as there are up to that.
  std::optional<std::uint32_t> hex(std::size_t digits, bool fewer) {
    std::uint32_t value = 0;
    std::size_t taken = 0;
    for (; taken < digits; ++taken, ++at_) {
      const char c = here();
      if (is_digit(c))
        value = value * 16 + static_cast<std::uint32_t>(c - '0');
      else if (is_letter(c) && (c | 32) <= 'f')
        value = value * 16 + static_cast<std::uint32_t>((c | 32) - 'a' + 10);
      else
        break;
    }
    if (taken == 0 || (!fewer && taken < digits)) return std::nullopt;
    return value;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool alternatives_at_top_ = false;
};

}  // namespace

Result<std::vector<TranslatedPattern>> translate_pattern(std::string_view source) {
  return Translator(source).run();
}

}  // namespace sluice::json::schema
