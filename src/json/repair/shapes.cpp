#include "json/repair/shapes.hpp"

namespace sluice::json::repair {
namespace {

constexpr std::size_t longest_key = 400, longest_bare_key = 64;

/// The colon behind a key, at `look`; not that of `https://`.
bool key_colon(Look look) {
  look.skip_space();
  const Glyph glyph = look.peek();
  if (glyph.is(Kind::equals)) return look.byte(1) != '=';
  return glyph.is(Kind::colon) && !(look.byte(1) == '/' && look.byte(2) == '/');
}

/// A colon inside quotes, behind which a value begins: the key's closing quote was lost.
bool value_behind_colon(Look look) {
  look.skip(1);
  look.skip_space();
  const Glyph glyph = look.peek();
  return glyph.quote() || glyph.is('{') || glyph.is('[') || glyph.is(Kind::digit) || constant(look);
}

/// Whether the colon at `look` cannot be part of a word such as `mailto:x`.
bool apart_from_value(Look look) {
  look.skip_space();
  look.skip(1);
  const Glyph glyph = look.peek();
  return glyph.blank() || glyph.quote() || glyph.is(Kind::open);
}

/// Passes a word; false if there is none.
bool pass_word(Look& look) {
  bool any = false;
  for (Glyph glyph = look.peek(); glyph.is(Kind::letter) || (any && glyph.is(Kind::digit));
       glyph = look.peek()) {
    look.skip(1);
    any = true;
  }
  return any;
}

}  // namespace

Answer quoted_key(Look look, KeyQuotes quotes) {
  const Look::Work work(look);
  const Glyph opening = look.peek();
  if (!opening.quote()) return Answer::no;
  look.pass(opening);
  bool started = false;
  bool name = quotes == KeyQuotes::one_may_miss;  // a word like a name so far
  for (std::size_t length = 0; length < longest_key; ++length) {
    const Glyph glyph = look.peek();
    if (glyph.is(Kind::end)) return Answer::cut;
    if (glyph.is(Kind::beyond)) return Answer::unseen;
    if (glyph.is('\n')) return Answer::no;
    if (glyph.kind == opening.kind) {
      const bool partner =
          opening.length > 1 || glyph.byte == opening.byte;  // or typography, if no colon follows
      look.pass(glyph);
      if (!partner && !key_colon(look)) continue;
      if (look.peek().is(Kind::beyond)) return Answer::unseen;
      if (key_colon(look)) return Answer::yes;
      return look.peek().is(Kind::beyond) ? Answer::unseen : Answer::no;
    }
    if (!started && (glyph.is(Kind::comma) || glyph.is(Kind::colon) || glyph.is(Kind::close)))
      return Answer::no;
    if (started && name && glyph.is(':') && value_behind_colon(look)) return Answer::yes;
    name = name && (glyph.is(Kind::letter) || glyph.is(Kind::digit) || glyph.is('-'));
    started = started || !glyph.blank();
    if (glyph.is('\\')) look.skip(1);
    look.skip(glyph.length);
  }
  return Answer::no;
}

bool bare_key(Look look, ColonStyle style) {
  const Look::Work work(look);
  bool word = false;
  for (std::size_t length = 0; length < longest_bare_key; ++length) {
    const Glyph glyph = look.peek();
    if (glyph.is(Kind::letter) || glyph.is(Kind::digit) || glyph.is('-') || glyph.is('.') || glyph.is('@')) {
      word = true;
      look.skip(glyph.length);
    } else if (word && glyph.is(Kind::space)) {
      look.skip(glyph.length);
    } else if (word && glyph.quote()) {
      look.skip(glyph.length);
      return key_colon(look);
    } else {
      return word && key_colon(look) && (style == ColonStyle::any || apart_from_value(look));
    }
  }
  return false;
}

Answer quoted_item(Look look) {
  const Look::Work work(look);
  const Glyph opening = look.peek();
  if (!opening.quote()) return Answer::no;
  look.relax();
  for (look.pass(opening);;) {
    const Glyph glyph = look.peek();
    if (glyph.is(Kind::end)) return Answer::cut;
    if (glyph.is(Kind::beyond)) return Answer::unseen;
    look.pass(glyph);
    if (glyph.is('\\')) look.skip(1);
    if (glyph.kind != opening.kind) continue;
    look.skip_gap();
    const Glyph next = look.peek();
    if (next.is(Kind::comma) || next.is(Kind::close) || next.ends()) return Answer::yes;
    if (opening.length == 1 && glyph.byte != opening.byte) continue;  // typography
    return next.quote() && next.kind == opening.kind ? Answer::yes : Answer::no;
  }
}

bool constant(Look look) {
  constexpr std::string_view words[] = {"true", "false",     "null", "none",
                                        "nan",  "undefined", "nil",  "infinity"};
  char word[12];
  std::size_t size = 0;
  for (; size < sizeof word && look.peek().is(Kind::letter); look.skip(1))
    word[size++] = lower(static_cast<char>(look.byte()));
  const Glyph after = look.peek();
  if (!(after.blank() || after.is(Kind::comma) || after.is(Kind::close) || after.is(Kind::end))) return false;
  for (const std::string_view candidate : words)
    if (candidate == std::string_view(word, size)) return true;
  return false;
}

bool plain_value(Look look) {
  const Look::Work work(look);
  const Glyph glyph = look.peek();
  if (glyph.quote() || glyph.is('{') || glyph.is('[') || glyph.is('(')) return true;
  if (glyph.is(Kind::letter)) {
    if (constant(look)) return true;
    return pass_word(look) && look.byte() == '(';
  }
  if (!glyph.is(Kind::digit) && !glyph.is('-') && !glyph.is('.')) return false;
  bool digits = false;
  int before = 'e';  // where a sign may stand
  for (int c = look.byte();
       is_digit(c) || c == '.' || c == 'e' || c == 'E' || ((c == '-' || c == '+') && (before | 0x20) == 'e');
       look.skip(1), c = look.byte()) {
    digits = digits || is_digit(c);
    before = c;
  }
  look.skip_space();
  const Glyph after = look.peek();
  return digits && (after.is(Kind::comma) || after.is(Kind::close) || after.ends());
}

bool pass_string(Look& look) {
  const Look::Work work(look);
  const Glyph opening = look.peek();
  for (look.pass(opening);;) {
    const Glyph glyph = look.peek();
    if (glyph.ends()) return false;
    look.pass(glyph);
    if (glyph.kind == opening.kind) return true;
    if (glyph.is('\\')) look.skip(1);
  }
}

bool colonless_member(Look look) {
  if (!look.peek().quote() || !pass_string(look) || !look.peek().blank()) return false;
  look.skip_gap();
  const Glyph value = look.peek();
  if (value.quote()) return quoted_item(look) == Answer::yes;
  return value.is('{') || value.is('[') || plain_value(look);
}

/// `COMMENT "key":`
bool word_before_key(Look look) {
  while (look.peek().is(Kind::letter)) look.skip(1);
  if (!look.peek().blank()) return false;
  look.skip_space();
  return quoted_key(look) == Answer::yes;
}

bool bare_member(Look look) {
  if (!pass_word(look)) return false;
  look.skip_space();
  if (!look.peek().is(':')) return false;
  look.skip(1);
  look.skip_space();
  return plain_value(look);
}

/// Commas and what else may lie between members. False if there is no comma.
bool skip_commas(Look& look, bool* newline) {
  bool any = false;
  for (;;) {
    const bool line_end = look.skip_gap();
    if (newline && line_end) *newline = true;
    const Glyph glyph = look.peek();
    if (!glyph.is(Kind::comma)) return any;
    if (any || !glyph.is(',')) look.relax();
    any = true;
    look.pass(glyph);
  }
}

bool fence(const Look& look) {
  return look.byte() == '`' && look.starts_with("```");
}

bool end_tag(const Look& look) {
  return look.byte() == '<' && (look.byte(1) == '|' || look.byte(1) == '/');
}

}  // namespace sluice::json::repair
