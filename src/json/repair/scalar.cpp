#include "json/repair/scalar.hpp"

namespace sluice::json::repair {
namespace {

struct Constant {
  std::string_view word;  ///< in lower case
  std::string_view json;
  bool known_cut;  ///< three letters are enough to tell
};

constexpr Constant constants[] = {
    {"true", "true", true},      {"false", "false", true}, {"null", "null", true},
    {"none", "null", false},     {"nan", "null", false},   {"undefined", "null", false},
    {"infinity", "null", false}, {"inf", "null", false},   {"nil", "null", false},
};

constexpr std::size_t longest_word = 64;

/// Whether a value may end before `glyph`.
bool delimits(const Glyph& glyph) {
  return glyph.blank() || glyph.is(Kind::comma) || glyph.is(Kind::close) || glyph.is(Kind::end) ||
         glyph.is(Kind::double_quote) || glyph.is(Kind::open) || glyph.is('\'');
}

/// Whether numbers and nothing else follow, up to the next comma or bracket.
bool numbers_only(Look look) {
  const Look::Work work(look);
  for (;;) {
    look.skip_space();
    if (look.peek().is('-')) look.skip(1);
    if (!is_digit(look.byte())) break;
    while (is_digit(look.byte()) || look.byte() == '.') look.skip(1);
    if (!look.peek().blank()) break;
  }
  const Glyph behind = look.peek();
  return behind.is(Kind::comma) || behind.is(Kind::close) || behind.ends();
}

/// Whether the value that ends at `look` is all there is: a member, element or the end follows.
bool complete(Look look, Role role) {
  const Glyph adjacent = look.peek();
  const bool newline = look.skip_gap();
  const Glyph glyph = look.peek();
  if (glyph.ends() || glyph.is(Kind::comma) || glyph.is(Kind::close) || newline) return true;
  if (glyph.is('`') && look.starts_with("```")) return true;
  if (glyph.is('|') || (glyph.is('<') && adjacent.blank())) return true;
  if (role == Role::root) return false;
  if (glyph.quote()) return role == Role::element || quoted_key(look) != Answer::no;
  if (role == Role::element) return glyph.is(Kind::open) || plain_value(look) || numbers_only(look);
  if (glyph.is('{')) return true;
  return bare_key(look);
}

std::string word_at(Look look) {
  std::string word;
  for (Glyph glyph = look.peek(); word.size() < longest_word && !delimits(glyph) && !glyph.is(Kind::beyond);
       glyph = look.peek()) {
    if (glyph.is(Kind::colon)) break;
    word += lower(glyph.byte);
    look.skip(1);
  }
  return word;
}

/// The constant that `word` is, or began to be when the text was cut.
const Constant* constant_named(std::string_view word, bool cut) {
  constexpr std::size_t telling = 3;
  for (const Constant& constant : constants) {
    if (constant.word == word) return &constant;
    if (constant.word.starts_with(word) && (cut || (constant.known_cut && word.size() >= telling)))
      return &constant;
  }
  return nullptr;
}

bool read_constant(const Look& look, Role role, Scalar& scalar) {
  const bool sign = look.byte() == '-' || look.byte() == '+';
  Look behind = look;
  if (sign) behind.skip(1);
  const std::string word = word_at(behind);
  if (word.empty() || word.size() > 9) return false;
  if (sign && word != "inf" && word != "infinity" && word != "nan") return false;
  behind.skip(word.size());
  const bool cut = role != Role::root && behind.peek().is(Kind::end);
  const Constant* found = constant_named(word, cut);
  if (!found || !complete(behind, role)) return false;
  scalar.kind = Scalar::Kind::constant;
  scalar.length = word.size() + (sign ? 1 : 0);
  scalar.json = found->json;
  scalar.changed = !look.starts_with(found->json) || scalar.length != found->json.size();
  return true;
}

/// Reads a number in one of the ways that people and programs write it.
class NumberReader {
 public:
  NumberReader(const Look& look, const ScalarPlace& place) : look_(look), begin_(look.at()), place_(place) {}

  bool read(Scalar& scalar) {
    sign();
    if (radix()) return finish(scalar);
    const std::size_t digits = integer();
    const bool fraction = point(digits > 0);
    if (list_of_digits()) return false;
    if (digits == 0 && !fraction) return lone_sign(scalar);
    exponent();
    suffix(fraction);
    if (leading_zero_ && !place_.leading_zeros_are_numbers) return false;
    return finish(scalar);
  }

 private:
  int here() const { return look_.byte(); }
  void take(bool changed = false) {
    json_ += static_cast<char>(here());
    drop_if(false);
    changed_ = changed_ || changed;
  }
  /// Leaves out what JSON does not allow.
  void drop() {
    look_.relax();
    drop_if(true);
  }
  bool unseen(std::size_t ahead) const { return look_.byte(ahead) == Look::too_far; }
  void drop_if(bool changed) {
    look_.skip(1);
    changed_ = changed_ || changed;
  }

  void sign() {
    if (here() == '+') {
      drop();
      look_.skip_space();
    } else if (here() == '-') {
      take();
    }
  }

  bool radix() {
    if (here() != '0') return false;
    const int kind = look_.byte(1) | 0x20;
    const int base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 0;
    if (base == 0) return false;
    Look digits = look_;
    digits.skip(2);
    std::uint64_t value = 0;
    std::size_t count = 0;
    for (; hex_digit(digits.byte()) >= 0 && hex_digit(digits.byte()) < base; digits.skip(1), ++count) {
      if (value >> 58 != 0) return false;
      value = value * static_cast<std::uint64_t>(base) + static_cast<std::uint64_t>(hex_digit(digits.byte()));
    }
    if (count == 0) return false;
    look_ = digits;
    json_ += std::to_string(value);
    changed_ = true;
    return true;
  }

  std::size_t integer() {
    std::size_t digits = 0;
    while (is_digit(here()) || (here() == '_' && digits > 0 && is_digit(look_.byte(1)))) {
      if (here() == '_') {
        drop();
        continue;
      }
      if (digits == 1 && json_.back() == '0') {
        leading_zero_ = true;
        look_.relax();
      }
      take();
      ++digits;
    }
    if (digits >= 1 && digits <= 3) groups(digits);
    return digits;
  }

  /// The rest of 12,345 or 1'000'000 or 1 000 000; not in arrays, where a comma separates.
  void groups(std::size_t first) {
    const int mark = here();
    const bool spaced = mark == ' ';
    if (!(mark == ',' || mark == '\'' || spaced) || place_.role == Role::element) return;
    Look look = look_;
    std::string digits;
    std::size_t last = 0, count = 0;
    while (look.byte() == mark && is_digit(look.byte(1))) {
      look.skip(1);
      for (last = 0; is_digit(look.byte()); look.skip(1), ++last) digits += static_cast<char>(look.byte());
      if (last != 3 && last != 2) return;
      ++count;
    }
    if (count == 0 || last != 3 || (count == 1 && place_.role == Role::root)) return;
    Look behind = look;
    if (behind.byte() == '.') behind.skip(1);
    while (is_digit(behind.byte())) behind.skip(1);
    const Glyph next = behind.peek();
    if (!(delimits(next)) || json_.substr(json_.size() - first) == "0") return;
    behind.skip_space();
    if (behind.peek().is(Kind::colon)) return;  // it is a key
    look_ = look;
    json_ += digits;
    changed_ = true;
  }

  /// `12,34` where no key can follow: text, for who knows what it means.
  bool list_of_digits() const {
    if (place_.role != Role::value || here() != ',' || !is_digit(look_.byte(1))) return false;
    Look behind = look_;
    while (is_digit(behind.byte()) || behind.byte() == ',' || behind.byte() == '.') behind.skip(1);
    const bool delimited = delimits(behind.peek());
    behind.skip_space();
    return delimited && !behind.peek().colon_like();
  }

  bool point(bool digits) {
    if (here() != '.' || unseen(1)) return false;
    if (!is_digit(look_.byte(1))) {
      if (digits && look_.byte(1) != '.') drop();
      return false;
    }
    if (!digits) {
      json_ += '0';
      changed_ = true;
    }
    take();
    while (is_digit(here()) || (here() == '_' && is_digit(look_.byte(1)))) {
      if (here() == '_') {
        drop();
      } else {
        take();
      }
    }
    return true;
  }

  void exponent() {
    if ((here() | 0x20) != 'e') return;
    const std::size_t sign = look_.byte(1) == '+' || look_.byte(1) == '-' ? 1 : 0;
    if (unseen(1) || unseen(1 + sign)) return;
    if (is_digit(look_.byte(1 + sign))) {
      for (std::size_t i = 0; i <= sign; ++i) take();
      while (is_digit(here())) take();
      return;
    }
    Look behind = look_;
    behind.skip(1 + sign);
    if (!delimits(behind.peek())) return;
    for (std::size_t i = 0; i <= sign; ++i) drop();  // cut: the digits are missing
  }

  /// 10L, 10n, 2.5f: the types of other languages.
  void suffix(bool fraction) {
    const int kind = here() | 0x20;
    if (!(kind == 'l' || kind == 'n' || kind == 'f' || (kind == 'd' && fraction))) return;
    Look behind = look_;
    behind.skip(1);
    if (delimits(behind.peek())) drop();
  }

  bool lone_sign(Scalar& scalar) {
    if (json_ != "-" || place_.role == Role::root || !complete(look_, place_.role)) return false;
    scalar = {.kind = Scalar::Kind::nothing, .length = look_.at() - begin_, .json = "null", .changed = true};
    return true;
  }

  /// What the number that is too long to see goes on with.
  static bool may_go_on(const Glyph& next) {
    return next.is(Kind::beyond) || next.is('.') || next.is('e') || next.is('E');
  }

  bool finish(Scalar& scalar) {
    const Glyph next = look_.peek();
    const bool goes_on = next.is(Kind::beyond) || unseen(1) || unseen(2);
    if (goes_on && !changed_ && !leading_zero_ && may_go_on(next)) {
      scalar = {.kind = Scalar::Kind::long_number, .length = look_.at() - begin_, .json = std::move(json_)};
      return true;
    }
    if (!delimits(next) && !next.is('`') && !comment_at(look_).opening) return false;
    if (!complete(look_, place_.role)) return false;
    scalar = {.kind = Scalar::Kind::number,
              .length = look_.at() - begin_,
              .json = std::move(json_),
              .changed = changed_};
    return true;
  }

  Look look_;
  std::size_t begin_;
  ScalarPlace place_;
  std::string json_;
  bool changed_ = false;
  bool leading_zero_ = false;
};

/// `/[",]/i`: text from slash to slash.
bool read_regex(Look look, Role role, Scalar& scalar) {
  const std::size_t begin = look.at();
  if (look.byte() != '/' || look.byte(1) == '/' || look.byte(1) == '*') return false;
  look.skip(1);
  for (bool in_class = false; look.byte() != '/' || in_class; look.skip(1)) {
    const int c = look.byte();
    if (c < ' ') return false;  // a line break or the end
    if (c == '\\') look.skip(1);
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
  }
  look.skip(1);
  while (look.byte() >= 'a' && look.byte() <= 'z') look.skip(1);
  if (!delimits(look.peek()) || !complete(look, role)) return false;
  scalar = {.kind = Scalar::Kind::text, .length = look.at() - begin, .json = {}, .changed = true};
  return true;
}

/// `ObjectId("x")`, `new Date(0)`, `Decimal('1.5')`.
bool read_call(Look look, Scalar& scalar) {
  const std::size_t begin = look.at();
  if (look.starts_with("new ")) look.skip(4);
  if (!is_letter(look.byte())) return false;
  while (is_letter(look.byte()) || is_digit(look.byte()) || look.byte() == '.') look.skip(1);
  if (look.byte() != '(') return false;
  look.skip(1);
  Look first = look;
  first.skip_space();
  const Glyph argument = first.peek();
  if (!argument.is(')') && !argument.is(Kind::end) && !plain_value(first) && !argument.is('-')) return false;
  bool closed = false;
  const bool several = several_arguments(look, closed);
  if (!closed) return false;
  scalar = {.kind = Scalar::Kind::call,
            .length = look.at() - begin,
            .json = {},
            .several = several,
            .changed = true};
  return true;
}

}  // namespace

bool several_arguments(Look look, bool& closed) {
  const Look::Work work(look);
  bool several = false;
  Kind inside = Kind::end;  // the quote that is open
  bool behind_string = false;
  std::size_t depth = 0;
  for (;; look.skip(1)) {
    const Glyph glyph = look.peek();
    closed = glyph.is(Kind::end);  // cut, which closes everything
    if (glyph.ends()) return several;
    if (glyph.is('\\')) {
      look.skip(1);
    } else if (glyph.quote()) {
      several = several || (inside == Kind::end && behind_string);
      inside = inside == Kind::end ? glyph.kind : inside == glyph.kind ? Kind::end : inside;
      behind_string = true;
      continue;
    } else if (inside != Kind::end) {
      continue;
    } else if (glyph.is(Kind::open)) {
      ++depth;
    } else if (glyph.is(',') && depth == 0) {
      several = true;
    } else if (glyph.is(Kind::close) && depth-- == 0) {
      break;
    }
    behind_string = behind_string && glyph.blank();
  }
  look.skip(1);
  look.skip_gap();
  const Glyph behind = look.peek();
  closed = behind.ends() || behind.is(Kind::comma) || behind.is(Kind::close) || behind.quote();
  return several;
}

Scalar scalar_at(Look look, const ScalarPlace& place) {
  Scalar scalar;
  const int c = look.byte();
  if (is_digit(c) || c == '-' || c == '+' || c == '.')
    if (NumberReader(look, place).read(scalar)) return scalar;
  if (is_letter(c) || c == '-' || c == '+')
    if (read_constant(look, place.role, scalar)) return scalar;
  look.relax();
  if (c == '/' && read_regex(look, place.role, scalar)) return scalar;
  if (is_letter(c) && read_call(look, scalar)) return scalar;
  if (look.starts_with("\u221e") || look.starts_with("-\u221e")) {
    scalar = {.kind = Scalar::Kind::constant, .length = c == '-' ? 4U : 3U, .json = "null", .changed = true};
  }
  return scalar;
}

}  // namespace sluice::json::repair
