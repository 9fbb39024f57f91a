#include "json/repair/follow.hpp"

namespace sluice::json::repair {
namespace {

bool trusted(Answer answer, const Look& look) {
  return answer == Answer::yes || answer == Answer::cut || (answer == Answer::unseen && look.clean());
}

/// Whether the string goes on for good behind what seems to be the end of the root: a later quote fits
/// better. Not if another value begins before.
bool text_goes_on(Look look, Kind family) {
  const Look::Work work(look);
  char before = '\0';
  for (;; look.skip(1)) {
    const Glyph glyph = look.peek();
    if (glyph.ends()) return false;
    if (glyph.kind == family) {
      if (before == '{' && quoted_key(look) == Answer::yes) return false;
      if (before == '[' && quoted_item(look) == Answer::yes) return false;
      Look behind = look;
      behind.pass(glyph);
      const bool comma = skip_commas(behind);
      if (behind.peek().is('}') || behind.peek().is(']')) return true;
      if (comma &&
          (quoted_key(behind) == Answer::yes || (behind.peek().is(Kind::letter) && bare_key(behind))))
        return true;
    }
    if (!glyph.blank()) before = glyph.byte;
  }
}

/// Behind a comma in an object.
bool member_fits(Look look, const Frames& frames, std::size_t depth, bool odd, bool newline = false) {
  const Glyph glyph = look.peek();
  if (glyph.is(Kind::beyond)) return look.clean();
  if (glyph.is(Kind::end)) return true;
  if (glyph.quote()) {
    const Answer key = quoted_key(look, odd ? KeyQuotes::both : KeyQuotes::one_may_miss);
    if (trusted(key, look)) return true;
    look.relax();
    return !odd && (quoted_item(look) == Answer::yes || colonless_member(look));  // or the value is missing
  }
  look.relax();
  if (glyph.is(Kind::close)) return brackets_fit(look, frames);
  if (glyph.is('{')) return !odd && depth > 1 && !frames.in_object(depth - 1);
  return odd ? newline && bare_key(look) : bare_key(look) || word_before_key(look);
}

/// Behind a comma in an array.
bool element_fits(Look look, const Frames& frames, bool odd, bool bare) {
  const Glyph glyph = look.peek();
  if (glyph.is(Kind::beyond)) return look.clean();
  if (glyph.is(Kind::end)) return true;
  if (glyph.quote()) return !odd || quoted_item(look) == Answer::yes;
  if (glyph.is(Kind::close)) return brackets_fit(look, frames);
  if (plain_value(look)) return true;
  return bare && !odd;
}

/// Behind the closed root.
bool tail_fits(Look look, bool newline, Kind family) {
  const Glyph glyph = look.peek();
  if (glyph.is(Kind::beyond)) return look.clean();
  if (glyph.is(Kind::end) || fence(look) || end_tag(look)) return true;
  if (newline) return look.clean() || !text_goes_on(look, family);
  look.relax();
  if (glyph.is(',')) {
    look.pass(glyph);
    look.skip_space();
    const Glyph next = look.peek();
    if (next.is(Kind::end) || next.is('{') || next.is('[')) return true;
    return quoted_key(look) != Answer::yes && !text_goes_on(look, family);
  }
  while (look.peek().is(Kind::close) || look.peek().blank()) look.pass(look.peek());
  if (glyph.is(Kind::close) && look.peek().is(',')) {
    skip_commas(look);
    return look.peek().is(Kind::close) || look.peek().ends();
  }
  if (glyph.is(Kind::open)) return true;
  return !glyph.quote() && !text_goes_on(look, family);
}

/// Whether a later quote on the line, before any comma, has a colon behind it: it is the one that closes the
/// key.
bool key_goes_on(Look look) {
  const Look::Work work(look);
  for (;;) {
    const Glyph glyph = look.peek();
    if (glyph.ends() || glyph.is(Kind::newline) || glyph.is(Kind::comma) || glyph.is(Kind::open))
      return false;
    look.pass(glyph);
    if (!glyph.quote()) continue;
    Look behind = look;
    behind.skip_space();
    if (behind.peek().colon_like()) return true;
  }
}

bool closes_key(Look look) {
  const Glyph adjacent = look.peek();
  const bool newline = look.skip_gap();
  const Glyph glyph = look.peek();
  if (glyph.is(Kind::beyond)) return look.clean();
  if (glyph.ends() || glyph.colon_like()) return true;
  look.relax();
  if (glyph.is(Kind::close)) return true;
  if (glyph.is(Kind::comma)) {
    skip_commas(look);
    return trusted(quoted_key(look), look) || quoted_item(look) == Answer::yes || look.peek().is(Kind::end) ||
           look.peek().is(Kind::close);
  }
  if (glyph.is('{') || glyph.is('[')) return true;
  if (glyph.quote() && adjacent.blank()) return newline || quoted_item(look) != Answer::no;
  if (glyph.quote()) return quoted_item(look) == Answer::yes;
  if (adjacent.blank() && plain_value(look)) return true;
  return !adjacent.is(Kind::letter) && !key_goes_on(look);
}

bool closes_value(Look look, const Frames& frames, const StringFacts& facts) {
  bool newline = look.skip_gap();
  const Glyph glyph = look.peek();
  if (glyph.is(Kind::beyond)) return look.clean();
  if (glyph.is(Kind::end)) return true;
  if (glyph.is(Kind::comma)) {
    skip_commas(look, &newline);
    return member_fits(look, frames, frames.depth(), facts.odd, newline);
  }
  if (glyph.is(Kind::close)) return brackets_fit(look, frames, facts.family);
  look.relax();
  if (fence(look) || end_tag(look)) return true;
  if (glyph.quote()) return quoted_key(look) == Answer::yes || (!facts.inner && colonless_member(look));
  if (glyph.is('{')) {
    const bool element = frames.depth() > 1 && !frames.in_object(frames.depth() - 1);
    look.skip(1);
    look.skip_space();
    return element && !facts.odd && (newline || (!facts.inner && quoted_key(look) == Answer::yes));
  }
  if (glyph.is(Kind::letter)) {
    if (newline && !facts.odd && (bare_key(look) || !text_goes_on(look, facts.family))) return true;
    return !facts.inner && (constant(look) || bare_member(look));
  }
  if (glyph.is('|') && !facts.odd) {
    look.pass(glyph);
    look.skip_space();
    return quoted_key(look) == Answer::yes;
  }
  return false;
}

/// `(first)` behind an element, then a comma or bracket.
bool remark(Look look) {
  for (look.skip(1);; look.skip(1)) {
    const int c = look.byte();
    if (c < 0 || c == '"' || c == '\n' || c == '(') return false;
    if (c == ')') break;
  }
  look.skip(1);
  look.skip_space();
  const Glyph glyph = look.peek();
  return glyph.is(Kind::comma) || glyph.is(']');
}

/// A bare word right before the end of the array.
bool last_word(Look look) {
  while (look.peek().is(Kind::letter)) look.skip(1);
  look.skip_space();
  return look.peek().is(']');
}

bool closes_element(Look look, const Frames& frames, const StringFacts& facts) {
  const Glyph adjacent = look.peek();
  look.skip_gap();
  const Glyph glyph = look.peek();
  if (glyph.is(Kind::beyond)) return look.clean();
  if (glyph.is(Kind::end)) return true;
  if (glyph.is(Kind::comma)) {
    skip_commas(look);
    return element_fits(look, frames, facts.odd, true);
  }
  if (glyph.is(Kind::close)) return brackets_fit(look, frames, facts.family);
  look.relax();
  if (fence(look) || end_tag(look)) return true;
  if (glyph.quote())
    return quoted_item(look) == Answer::yes ||
           (quoted_key(look) == Answer::yes && inside_object(frames, frames.depth()));
  if (glyph.is(':')) return !facts.inner && adjacent.is(':');
  if (facts.odd) return false;
  if (glyph.is('(')) return remark(look);
  if (glyph.is(Kind::open)) return adjacent.blank();
  if (glyph.is(Kind::letter) && adjacent.blank() && last_word(look)) return true;
  return plain_value(look);
}

bool closes_root(Look look, Kind family) {
  const bool newline = look.skip_gap();
  Glyph glyph = look.peek();
  if (glyph.is(Kind::beyond)) return look.clean();
  while (glyph.is(Kind::comma) || glyph.is(')')) {
    look.pass(glyph);
    look.skip_space();
    glyph = look.peek();
  }
  return glyph.is(Kind::end) || fence(look) || (newline && !text_goes_on(look, family));
}

/// `+` and the next string.
bool joined(Look look) {
  look.skip_gap();
  if (look.byte() != '+') return false;
  look.skip(1);
  look.skip_gap();
  const Glyph glyph = look.peek();
  return glyph.quote() || glyph.is(Kind::close) || glyph.ends();
}

}  // namespace

bool inside_object(const Frames& frames, std::size_t depth) {
  while (depth > 0 && !frames.in_object(depth)) --depth;
  return depth > 0;
}

bool rows_go_on(Look look, const Frames& frames, std::size_t depth) {
  if (!frames.in_object(depth)) return false;
  look.skip_gap();
  if (!look.peek().is(',')) return false;
  look.skip(1);
  look.skip_gap();
  return look.peek().is('[');
}

bool brackets_to_end(Look look) {
  while (look.peek().is(Kind::close) || look.peek().blank()) look.pass(look.peek());
  return look.peek().ends();
}

bool fits_behind(Look look, const Frames& frames, std::size_t depth, Kind family) {
  const bool newline = look.skip_gap();
  const Glyph glyph = look.peek();
  if (depth == 0) return tail_fits(look, newline, family);
  if (glyph.is(Kind::beyond)) return look.clean();
  if (glyph.is(Kind::end) || fence(look)) return true;
  const Shape shape = frames.at(depth).shape;
  if (glyph.is(Kind::close)) return closer(shape) == glyph.byte;
  const bool comma = skip_commas(look);
  if (!comma) look.relax();
  const Glyph next = look.peek();
  if (next.is(Kind::close))
    return frames.closed_by(next.byte, depth) != Frames::npos || brackets_to_end(look);
  if (newline && next.is(Kind::letter) && !text_goes_on(look, family)) return true;
  if (shape == Shape::object) {
    if (comma) return member_fits(look, frames, depth, false);
    return quoted_key(look, KeyQuotes::one_may_miss) == Answer::yes || (newline && bare_key(look));
  }
  if (next.quote() && quoted_key(look) == Answer::yes) return inside_object(frames, depth);
  if (next.is(Kind::letter) && bare_key(look, ColonStyle::apart)) return inside_object(frames, depth);
  return element_fits(look, frames, false, false);
}

bool brackets_fit(Look look, const Frames& frames, Kind family) {
  std::size_t depth = frames.depth();
  bool array = false;
  for (Glyph glyph = look.peek(); glyph.is(Kind::close) && depth > 0; glyph = look.peek()) {
    array = glyph.is(']');
    if (closer(frames.at(depth).shape) != glyph.byte) look.relax();
    const std::size_t left = frames.closed_by(glyph.byte, depth);
    if (left != Frames::npos) {
      depth = left;
    } else if (glyph.byte != '}') {
      --depth;  // written for the right one
    }
    look.pass(glyph);
    Look behind = look;
    behind.skip_gap();
    if (!behind.peek().is(Kind::close)) break;
    look = behind;
  }
  return fits_behind(look, frames, depth, family) || (depth == 0 && more_members(look)) ||
         (array && rows_go_on(look, frames, depth));
}

bool more_members(Look look) {
  look.skip_gap();
  if (!look.peek().is(Kind::comma)) return false;
  look.relax();
  skip_commas(look);
  return quoted_key(look) == Answer::yes;
}

bool closes_string(Look look, const Frames& frames, const StringFacts& facts) {
  if (facts.role != Role::key && !facts.odd && joined(look)) return true;
  switch (facts.role) {
    case Role::key:
      return closes_key(look);
    case Role::value:
      return closes_value(look, frames, facts);
    case Role::element:
      return closes_element(look, frames, facts);
    case Role::root:
      break;
  }
  return closes_root(look, facts.family);
}

/// Numbers, constants and brackets at `look`, then a string that begins: a row of which a string lost its
/// quote.
bool row_goes_on(Look look, const Frames& frames, const StringFacts& facts, bool newline) {
  const Look::Work work(look);
  look.relax();
  if (newline && (look.peek().is(Kind::digit) || constant(look)) && plain_value(look)) return true;
  bool row_ends = false;
  for (;;) {
    look.skip_space();
    const Glyph glyph = look.peek();
    if (glyph.kind == facts.family) break;
    if (glyph.is(Kind::comma) || glyph.is('[') || glyph.is(']')) {
      row_ends = row_ends || glyph.is(']');
      look.pass(glyph);
    } else if ((glyph.is(Kind::digit) || glyph.is('-') || constant(look)) && plain_value(look)) {
      do look.skip(1);
      while (look.peek().is(Kind::digit) || look.peek().is(Kind::letter) || look.peek().is('.'));
    } else {
      return false;
    }
  }
  Look behind = look;
  behind.pass(look.peek());
  return row_ends && !closes_string(behind, frames, facts) && quoted_item(look) == Answer::yes;
}

/// `name: 1` at `look`, and the next quote cannot close the string.
bool bare_member_opens(Look look, const Frames& frames, const StringFacts& facts) {
  const Look::Work work(look);
  if (!bare_member(look)) return false;
  for (Glyph glyph = look.peek();; glyph = look.peek()) {
    if (glyph.ends()) return true;
    look.pass(glyph);
    if (glyph.kind == facts.family) return !closes_string(look, frames, facts);
  }
}

bool lost_quote(Look look, const Frames& frames, const StringFacts& facts) {
  look.count_space();
  std::size_t depth = frames.depth();
  bool brackets = false;
  bool newline = look.skip_space();
  for (Glyph glyph = look.peek(); glyph.is('}') || glyph.is(']'); glyph = look.peek()) {
    if (depth == 0 || closer(frames.at(depth).shape) != glyph.byte) return false;
    --depth;
    brackets = true;
    look.pass(glyph);
    newline = look.skip_space() || newline;
  }
  Glyph glyph = look.peek();
  if (glyph.is(Kind::beyond)) return false;
  if (brackets && glyph.is(Kind::end)) return true;
  if (newline && fence(look)) {
    Look behind = look;
    behind.skip(3);
    behind.skip_space();
    if (behind.peek().is(Kind::end)) return true;
  }
  if (facts.odd) return false;
  if (brackets && depth == 0 && (glyph.is(';') || glyph.is(')'))) {
    Look behind = look;
    while (behind.peek().is(';') || behind.peek().is(')')) behind.skip(1);
    newline = behind.skip_space() || newline || behind.peek().ends() || end_tag(behind);
  }
  if (brackets && ((depth == 0 && newline) || fence(look) || end_tag(look))) {
    look.relax();
    return !text_goes_on(look, facts.family);
  }
  const bool comma = glyph.is(',');
  if (comma) {
    look.pass(glyph);
    newline = look.skip_space() || newline;
    glyph = look.peek();
  }
  if (depth == 0 || !(comma || newline || brackets)) return false;
  if (glyph.is('{') && comma && brackets && !frames.in_object(depth)) {
    look.pass(glyph);
    look.skip_space();
    if (facts.bare_keys) return bare_key(look);
    return look.peek().quote() && quoted_key(look) == Answer::yes;
  }
  if (glyph.is(Kind::letter) && brackets && comma && frames.in_object(depth)) return bare_key(look);
  if (glyph.is(Kind::letter) && (newline || facts.bare_keys) && comma && frames.in_object(depth))
    return bare_member_opens(look, frames, facts);
  if (facts.role == Role::element && comma && !brackets && !glyph.quote())
    return row_goes_on(look, frames, facts, newline);
  if (glyph.kind != facts.family) return false;
  Look behind = look;
  behind.pass(glyph);
  if (closes_string(behind, frames, facts)) return false;
  look.relax();
  if (frames.in_object(depth)) return quoted_key(look) == Answer::yes;
  return comma && quoted_item(look) == Answer::yes;
}

bool ends_bare_text(Look look, Role role) {
  if (role == Role::element) return true;
  look.relax();
  const bool comma = skip_commas(look);
  const Glyph glyph = look.peek();
  if (glyph.is(Kind::end) || glyph.is(Kind::close)) return true;
  if (fence(look)) return true;
  if (glyph.quote()) {
    const Answer key = quoted_key(look);
    return key == Answer::yes || (comma && key == Answer::cut);
  }
  return bare_key(look);
}

}  // namespace sluice::json::repair
