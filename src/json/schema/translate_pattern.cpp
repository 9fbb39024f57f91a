#include "json/schema/translate_pattern.hpp"

#include "json/schema/character_classes.hpp"
#include "json/schema/pattern_reader.hpp"

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

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Recursive descent over ECMA-262's Pattern (section 22.2.1), with Annex B's leniency for lone brackets.
class Translator : private PatternReader {
 public:
  explicit Translator(std::string_view source) : PatternReader(source) {}

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
    if (take(".")) return "[^" + std::string(line_end_members) + "]";
    return literal();
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

  int depth_ = 0;
  bool alternatives_at_top_ = false;
};

}  // namespace

Result<std::vector<TranslatedPattern>> translate_pattern(std::string_view source) {
  return Translator(source).run();
}

}  // namespace sluice::json::schema
