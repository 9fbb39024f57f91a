// Keys, values and what stands in their place.

#include "json/repair/parser.hpp"
#include "json/text.hpp"

namespace sluice::json::repair {
namespace {

constexpr std::size_t longest_bare_key = 200;

/// Whether the braces at `look`, behind an opening one, hold items without keys: a Python set.
bool set_at(Look look) {
  look.skip_gap();
  const Glyph first = look.peek();
  if (first.is(Kind::digit) || first.is('-')) {
    if (!plain_value(look)) return false;
    while (is_digit(look.byte()) || look.byte() == '.' || look.byte() == '-') look.skip(1);
  } else if (first.quote()) {
    do {
      look.pass(look.peek());
      if (look.peek().ends() || look.peek().is('\\')) return false;
    } while (look.peek().kind != first.kind);
    look.pass(look.peek());
  } else {
    return false;
  }
  look.skip_gap();
  if (!look.peek().is(Kind::comma)) return false;
  look.relax();
  look.pass(look.peek());
  look.skip_gap();
  if (look.peek().quote()) return quoted_key(look) != Answer::yes && quoted_item(look) == Answer::yes;
  return plain_value(look) && look.peek().is(Kind::digit);
}

/// Whether the parenthesis that was opened just before `look` holds values and nothing else.
bool parenthesis(Look look) {
  look.relax();
  Look first = look;
  first.skip_gap();
  if (first.peek().is(')') || first.peek().ends()) return true;
  if (!plain_value(first)) return false;
  bool closed = false;
  several_arguments(look, closed);
  return closed;
}

}  // namespace

/// A key without quotes, or without its first one; or words that are no key.
bool Parser::bare_key_here() {
  Look look = here();
  const Look::Work work(look);
  look.relax();
  std::size_t end = look.at();  // behind the last character that is no space
  Glyph glyph = look.peek();
  bool colon = false;
  for (std::size_t length = 0; length < longest_bare_key; ++length, glyph = look.peek()) {
    colon = glyph.colon_like() && end > at_;
    const bool one_word =
        end > at_ && look.at() > end && rest().substr(0, end - at_).find(' ') == std::string_view::npos;
    const bool value = glyph.is(Kind::digit) || glyph.is('{') || glyph.is('[') || constant(look) ||
                       (glyph.quote() && quoted_key(look) != Answer::yes && quoted_item(look) == Answer::yes);
    if (one_word && value) {  // the colon is missing
      colon = true;
      break;
    }
    if (colon || glyph.ends() || glyph.is(Kind::comma) || glyph.is(Kind::close) || glyph.is(Kind::open) ||
        glyph.is(Kind::newline))
      break;
    if (glyph.quote()) {
      Look behind = look;
      behind.pass(glyph);
      behind.skip_space();
      if (behind.peek().colon_like() && end > at_) {  // its first quote was lost
        if (starved()) return false;
        fix(Fix::quote);
        write_bare_key(rest().substr(0, end - at_));
        at_ = look.at() + glyph.length;
        return true;
      }
      if (look.at() > end || end == at_) break;
    }
    look.skip(glyph.length);
    if (!glyph.blank()) end = look.at();
  }
  if (starved()) return false;
  if (colon) {
    fix(Fix::bare_text);
    write_bare_key(rest().substr(0, end - at_));
    at_ = end;
    return true;
  }
  const std::string_view words = rest().substr(0, end - at_);
  const bool name = !words.empty() && words.find_first_of(" \t\"'`") == std::string_view::npos &&
                    (is_letter(words[0]) || is_digit(words[0]));
  if (name && (glyph.is(Kind::comma) || glyph.is(Kind::close))) {
    fix(Fix::bare_text);
    write_bare_key(words);
    at_ = end;
    return true;
  }
  if (glyph.is(Kind::end) && !words.empty()) {
    fix(Fix::cut);
    at_ = end;
    return true;
  }
  if (words.empty()) return skip_stray();
  fix(Fix::stray_text);
  at_ = end;
  return true;
}

void Parser::write_bare_key(std::string_view key) {
  bare_keys_ = true;
  begin_member();
  begun_ = false;
  out() += '"';
  append_escaped(out(), key);
  out() += '"';
  state_ = State::colon;
}

/// `{` where a key must stand: the object before it was not closed, or it is one too many.
bool Parser::brace_for_key() {
  fix(Fix::bracket);
  if (frames_.depth() > 1 && !frames_.in_object(frames_.depth() - 1)) {
    pop();
    state_ = State::element;
  } else {
    at_ += 1;
  }
  return true;
}

/// A key where an element must stand: the array was not closed, or the object not opened.
bool Parser::key_in_array() {
  fix(Fix::bracket);
  std::size_t object = frames_.depth();
  while (object > 0 && !frames_.in_object(object)) --object;
  if (object > 0 && (frames_.top().members || comma_)) {
    if (!frames_.top().members) comma_at_ = std::min(comma_at_, gap_.size());
    while (frames_.depth() > object) pop();
    state_ = State::member;
    return true;
  }
  begin_member();
  push(Shape::object);
  return true;
}

bool Parser::open_value(Role role, const Glyph& glyph) {
  if (glyph.quote()) return open_string(role, glyph);
  if (glyph.is(Kind::letter) || glyph.is('\\')) {
    const std::size_t prefix = string_prefix();
    if (starved()) return false;
    if (prefix > 0) {
      fix(Fix::quote);
      at_ += prefix;
      return true;
    }
  }
  if (!glyph.is(Kind::open)) return scalar(role);
  if (glyph.is('(') && role != Role::root && !parenthesis(here(1))) return !starved() && scalar(role);
  const Shape shape = shape_of(glyph);
  if (starved()) return false;
  at_ += 1;
  push(shape);
  return true;
}

/// Bytes of the `b` or `rb` before a Python string; 0 if there is none.
std::size_t Parser::string_prefix() const {
  constexpr std::string_view prefixes = "bBuUrRfF";
  Look look = here();
  std::size_t letters = 0;
  while (letters < 2 && look.byte() > 0 &&
         prefixes.find(static_cast<char>(look.byte())) != std::string_view::npos) {
    look.skip(1);
    ++letters;
  }
  const Glyph quote = look.peek();
  if (letters == 0 || (!quote.is('"') && !quote.is('\''))) return 0;
  look.relax();
  look.skip(1);
  // A letter and the closing quote of a string whose opening quote was lost look the same.
  return closes_string(look, frames_, {.role = frames_.in_object() ? Role::value : Role::element}) ? 0
                                                                                                   : letters;
}

Shape Parser::shape_of(const Glyph& glyph) {
  if (glyph.is('[')) return Shape::array;
  Look inside = here(1);
  if (glyph.is('{')) return set_at(inside) ? Shape::set : Shape::object;
  inside.relax();
  Look first = inside;
  first.skip_space();
  if (first.peek().is(')')) return Shape::tuple;
  bool closed = false;
  return several_arguments(inside, closed) ? Shape::tuple : Shape::group;
}

void Parser::push(Shape shape) {
  if (frames_.full()) {
    state_ = State::too_deep;
    return;
  }
  frames_.push(shape);
  begun_ = false;
  if (shape == Shape::set || shape == Shape::tuple || shape == Shape::group) fix(Fix::bracket);
  if (shape != Shape::group) out() += shape == Shape::object ? '{' : '[';
  state_ = shape == Shape::object ? State::member : State::element;
}

void Parser::scalar_done(Role role) {
  if (role == Role::root) {
    state_ = State::done;
  } else {
    state_ = role == Role::key ? State::colon : State::after;
  }
}

void Parser::missing_value() {
  fix(Fix::missing_value);
  write_gap();
  out() += "null";
  state_ = State::after;
}

bool Parser::scalar(Role role) {
  const Look look = here();
  const Scalar scalar = scalar_at(look, {role, options_.leading_zeros_are_numbers});
  if (starved()) return false;
  if (scalar.kind == Scalar::Kind::bare && role == Role::root) {
    state_ = State::failed;
    return true;
  }
  if (scalar.kind == Scalar::Kind::nothing && role == Role::element) {
    fix(Fix::number);
    at_ += scalar.length;
    return true;
  }
  const bool at_end = text_.whole && at_ + scalar.length == text_.bytes.size();
  if (options_.drop_cut_scalar && scalar.kind == Scalar::Kind::number && at_end && role != Role::root) {
    at_ += scalar.length;
    fix(Fix::cut);
    if (role == Role::value) {
      drop_member();
    } else {
      finish();
    }
    return true;
  }
  if (role == Role::element) begin_member();
  write_scalar(scalar, role);
  return true;
}

void Parser::write_scalar(const Scalar& scalar, Role role) {
  const std::string_view read = rest().substr(0, scalar.length);
  begun_ = false;
  at_ += scalar.length;
  switch (scalar.kind) {
    case Scalar::Kind::number:
    case Scalar::Kind::long_number:
      if (scalar.changed) fix(Fix::number);
      break;
    case Scalar::Kind::constant:
      if (scalar.changed) fix(Fix::literal);
      break;
    case Scalar::Kind::nothing:
      fix(Fix::missing_value);
      break;
    case Scalar::Kind::text:
      fix(Fix::bare_text);
      out() += '"';
      append_escaped(out(), read);
      out() += '"';
      break;
    case Scalar::Kind::call:
      fix(Fix::call);
      push(scalar.several ? Shape::tuple : Shape::group);
      return;
    case Scalar::Kind::bare:
      open_bare(role);
      return;
  }
  out() += scalar.json;
  scalar_done(role);
  if (scalar.kind != Scalar::Kind::long_number) return;
  state_ = State::number;
  number_part_ = scalar.json.find_first_of("eE") != std::string::npos ? NumberPart::exponent
                 : scalar.json.find('.') != std::string::npos         ? NumberPart::fraction
                                                                      : NumberPart::integer;
}

/// The rest of a number that was too long to wait for: digits, and whatever keeps it one.
bool Parser::number() {
  while (at_ < text_.bytes.size() && is_digit(text_.bytes[at_])) out() += text_.bytes[at_++];
  const Look look = here();
  const int c = look.byte();
  std::size_t signs = 0;
  if (c == '.' && number_part_ == NumberPart::integer) signs = 1;
  if ((c == 'e' || c == 'E') && number_part_ != NumberPart::exponent)
    signs = look.byte(1) == '+' || look.byte(1) == '-' ? 2 : 1;
  const bool goes_on = signs > 0 && is_digit(look.byte(signs));
  if (starved()) return false;
  if (goes_on) {
    number_part_ = c == '.' ? NumberPart::fraction : NumberPart::exponent;
    out() += rest().substr(0, signs);
    at_ += signs;
    return true;
  }
  state_ = frames_.depth() == 0 ? State::done : State::after;
  return true;
}

}  // namespace sluice::json::repair
