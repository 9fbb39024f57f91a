// Text without quotes, up to where its place in the structure ends it.

#include "json/repair/parser.hpp"

namespace sluice::json::repair {

void Parser::open_bare(Role role) {
  string_.role = role;
  string_.family = Kind::double_quote;
  string_.mark = '"';
  string_.bare = true;
  string_.raw = string_.path = string_.odd = string_.inner = string_.triple = false;
  string_.last = '\0';
  string_.brackets = 0;
  string_.embedded = 0;
  string_.spaces.clear();
  fix(Fix::bare_text);
  out() += '"';
  state_ = State::string;
}

bool Parser::bare_special(unsigned char c) {
  const Look look = here();
  const Glyph glyph = look.peek();
  if (starved()) return false;
  const auto keep = [&] {
    content(rest().substr(0, 1));
    at_ += 1;
    return true;
  };
  if (glyph.quote()) return bare_quote(glyph);
  if (glyph.is(Kind::newline) || glyph.is(Kind::comma)) {
    const bool ends = ends_bare_text(look, string_.role);
    if (starved()) return false;
    if (ends) return end_bare();
    if (glyph.is(Kind::comma)) return keep();
  }
  if (glyph.blank()) {
    if (string_.spaces.size() < 512) string_.spaces += text_.bytes.substr(at_, 1);
    if (glyph.length > 1) fix(Fix::white_space);
    at_ += glyph.length;
    return true;
  }
  if (c == '{' || c == '[') {
    ++string_.brackets;
    return keep();
  }
  if (c == '}' || c == ']') {
    if (string_.brackets == 0) return end_bare();
    --string_.brackets;
    return keep();
  }
  // A comment, if it stands apart.
  const bool comment =
      !string_.spaces.empty() && comment_at(look).opening > 0 && (c != '#' || look.byte(1) == ' ');
  if (starved()) return false;
  return comment ? end_bare() : keep();
}

/// A quote in bare text: its last character, if the first quote was lost; the first of the next key, if a
/// comma was; or part of it.
bool Parser::bare_quote(const Glyph& quote) {
  if (quote.is('`') && here().starts_with("```")) return end_bare();
  if (starved()) return false;
  Look look = here();
  look.relax();
  const bool next_key =
      !string_.spaces.empty() && string_.role == Role::value && quoted_key(look) == Answer::yes;
  if (starved()) return false;
  if (next_key) return end_bare();
  Look behind = look;
  behind.pass(quote);
  const bool closing = !string_.odd && closes_string(behind, frames_, facts());
  if (starved()) return false;
  if (closing) {
    fix(Fix::quote);
    string_.spaces.clear();
    close_string(quote.length);
    return !starved();
  }
  if (quote.is('"')) {
    fix(Fix::inner_quote);
    content(std::string_view("\\\""));
    string_.odd = !string_.odd;
    string_.inner = true;
  } else {
    content(rest().substr(0, quote.length));
  }
  at_ += quote.length;
  return true;
}

bool Parser::end_bare() {
  string_.spaces.clear();
  out() += '"';
  scalar_done(string_.role);
  return true;
}

}  // namespace sluice::json::repair
