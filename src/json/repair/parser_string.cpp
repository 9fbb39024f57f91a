// Strings in quotes: where they end, and what must be escaped in them.

#include "json/repair/parser.hpp"
#include "json/text.hpp"

#include <array>

namespace sluice::json::repair {
namespace {

/// Bytes at which copying must stop, by kind of string.
enum Stop : std::uint8_t { in_double = 1, in_single = 2, in_key = 4, in_bare = 8 };

constexpr auto stops = [] {
  std::array<std::uint8_t, 256> table{};
  constexpr std::uint8_t all = in_double | in_single | in_key | in_bare;
  for (std::size_t c = 0; c < table.size(); ++c)
    if (c < 0x20 || c >= 0x80) table[c] = all;
  table['\\'] = table['"'] = all;
  table['\''] = table['`'] = in_single | in_key | in_bare;
  for (const char c : {',', '}', ']', '{', '['})
    table[static_cast<unsigned char>(c)] = in_double | in_single | in_bare;
  table[':'] = in_key;
  for (const char c : {';', ' ', '/', '#', '<'}) table[static_cast<unsigned char>(c)] |= in_bare;
  return table;
}();

}  // namespace

bool Parser::open_string(Role role, const Glyph& quote) {
  if (role == Role::key) {
    begin_member();
    bare_keys_ = false;
  }
  const Look look = here();
  bool triple =
      role != Role::key && quote.length == 1 && look.byte(1) == quote.byte && look.byte(2) == quote.byte;
  if (triple) {  // or an empty string and the next key
    Look third = here(2);
    third.relax();
    triple = quoted_key(third) != Answer::yes;
  }
  if (starved()) return false;
  begun_ = false;
  string_.role = role;
  string_.family = quote.kind;
  string_.mark = quote.byte;
  string_.bare = string_.raw = string_.path = string_.odd = string_.inner = false;
  string_.triple = triple;
  string_.last = '\0';
  string_.brackets = 0;
  string_.embedded = 0;
  at_ += string_.triple ? 3 : quote.length;
  out() += '"';
  if (!quote.is('"') || string_.triple) fix(Fix::quote);
  state_ = State::string;
  return true;
}

bool Parser::string() {
  while (state_ == State::string) {
    const std::uint8_t stop = string_.bare                           ? in_bare
                              : string_.role == Role::key            ? in_key
                              : string_.family == Kind::single_quote ? in_single
                                                                     : in_double;
    const std::string_view left = rest();
    std::size_t run = 0;
    while (run < left.size() && (stops[static_cast<unsigned char>(left[run])] & stop) == 0) ++run;
    if (run > 0) content(left.substr(0, run));
    at_ += run;
    if (at_ == text_.bytes.size()) {
      if (!text_.whole) return false;
      cut_string();
      return true;
    }
    if (!special(static_cast<unsigned char>(text_.bytes[at_]))) return false;
  }
  return true;
}

bool Parser::special(unsigned char c) {
  if (c == '\\') return escape();
  if (c >= 0x80) return foreign();
  if (string_.bare) return bare_special(c);
  if (c < 0x20) return control(c);
  if (c == '"' || c == '\'' || c == '`') return quote();
  if (c == ':') return colon_in_key();
  return sign_of_structure();
}

void Parser::content(std::string_view bytes) {
  if (string_.bare && !string_.spaces.empty()) {
    append_escaped(out(), string_.spaces);
    string_.spaces.clear();
  }
  out() += bytes;
  const std::size_t last = bytes.find_last_not_of(' ');
  if (last != std::string_view::npos) string_.last = bytes[last];
}

void Parser::content(char byte) {
  content(std::string_view(&byte, 1));
}

bool Parser::quote() {
  bool cut = false;
  const Glyph glyph = glyph_at(rest(), cut);
  const auto keep = [&] {
    if (glyph.is('"')) {
      fix(Fix::inner_quote);
      content(std::string_view("\\\""));
    } else {
      content(rest().substr(0, glyph.length));
    }
    at_ += glyph.length;
    return true;
  };
  if (glyph.kind != string_.family || embedded()) return keep();
  if (string_.triple) return triple_quote() || (!starved() && keep());
  const bool closing = closes(glyph, here(glyph.length));
  if (starved()) return false;
  if (closing) {
    close_string(glyph.length);
    return !starved();
  }
  if (!options_.streaming && ends_before_comment(here())) return true;
  if (starved()) return false;
  if (string_.last == '{' || string_.last == '[') {
    const std::size_t end = embedded_end(here());
    if (starved()) return false;
    if (end > 0) string_.embedded = base_ + end;
  }
  // An apostrophe is no quotation.
  const Look behind = here(glyph.length);
  const bool apostrophe =
      glyph.kind == Kind::single_quote && is_letter(string_.last) && is_letter(behind.byte());
  if (starved()) return false;
  if (!apostrophe && glyph.byte == string_.mark && !embedded()) {
    string_.odd = !string_.odd;
    string_.inner = true;
  }
  return keep();
}

/// `"abc,/* d */"def"`: the closing quote was lost before a comment. Takes the comment back.
bool Parser::ends_before_comment(const Look& next) {
  if (string_.inner || (string_.role != Role::value && string_.role != Role::element)) return false;
  std::string_view text(out());
  while (text.ends_with(' ') || text.ends_with(',') || text.ends_with('+')) text.remove_suffix(1);
  if (!text.ends_with("*/")) return false;
  const std::size_t comment = text.rfind("/*", text.size() - 3);
  if (comment == std::string_view::npos || comment <= mark_) return false;
  const bool goes_on =
      string_.role == Role::element ? quoted_item(next) == Answer::yes : quoted_key(next) == Answer::yes;
  if (!goes_on) return false;
  text = text.substr(0, comment);
  while (text.ends_with(' ') || text.ends_with(',')) text.remove_suffix(1);
  fix(Fix::quote);
  fix(Fix::comment);
  out().resize(text.size());
  out() += '"';
  scalar_done(string_.role);
  return true;
}

bool Parser::triple_quote() {
  const Look look = here();
  // The last three of a run: those before them belong to the text.
  const bool closing = look.byte() == string_.mark && look.byte(1) == string_.mark &&
                       look.byte(2) == string_.mark && look.byte(3) != string_.mark;
  if (starved() || !closing) return false;
  close_string(3);
  return true;
}

bool Parser::closes(const Glyph& quote, Look behind) const {
  // `"` is closed by `"`, `“` by `”`; what looks alike may do if there is no better one.
  const bool partner = string_.mark == '"' || string_.mark == '\'' ? quote.byte == string_.mark : true;
  if (!partner && behind.clean()) return false;  // typography
  if (!closes_string(behind, frames_, facts())) return false;
  if (partner) return true;
  for (;; behind.skip(1)) {
    const int c = behind.byte();
    if (c < 0) return true;
    if (c != string_.mark) continue;
    behind.skip(1);
    return !closes_string(behind, frames_, facts());
  }
}

/// Where the JSON ends that was put into the text at `look`, behind its opening bracket, without escaping its
/// quotes; 0 if there is none.
std::size_t Parser::embedded_end(Look look) const {
  const Look::Work work(look);
  look.relax();
  const bool object = string_.last == '{';
  if (object ? quoted_key(look) != Answer::yes : quoted_item(look) != Answer::yes) return 0;
  std::size_t depth = 1;
  for (; depth > 0; look.skip(1)) {
    const int c = look.byte();
    if (c < 0) return 0;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
  }
  const std::size_t end = look.at();
  for (int c = look.byte(); c != string_.mark; look.skip(1), c = look.byte())
    if (c < 0) return 0;
  return end;
}

void Parser::close_string(std::size_t quote_length) {
  const Look behind = here(quote_length);
  if (string_.role != Role::key && join(behind)) return;
  if (starved()) return;
  at_ += quote_length;
  out() += '"';
  scalar_done(string_.role);
}

/// `"a" + "b"`. True if the string goes on.
bool Parser::join(Look behind) {
  behind.skip_gap();
  if (behind.byte() != '+') return false;
  behind.skip(1);
  behind.skip_gap();
  const Glyph next = behind.peek();
  if (starved()) return false;
  fix(Fix::concatenation);
  if (!next.quote()) {  // nothing follows the sign
    at_ = behind.at();
    out() += '"';
    scalar_done(string_.role);
    return true;
  }
  at_ = behind.at() + next.length;
  string_.family = next.kind;
  string_.mark = next.byte;
  string_.odd = string_.inner = string_.bare = string_.triple = false;
  string_.last = '\0';
  return true;
}

/// The text ends inside the string.
void Parser::cut_string() {
  fix(Fix::cut);
  string_.spaces.clear();
  if (string_.role == Role::root) {
    out() += '"';
    state_ = State::done;
    return;
  }
  const bool drop = !options_.streaming && (string_.role == Role::key || options_.drop_cut_scalar);
  if (drop) {
    out().resize(mark_);
  } else {
    out() += string_.role == Role::key ? "\":null" : "\"";
  }
  finish();
}

/// A comma or bracket inside a string.
bool Parser::sign_of_structure() {
  const char c = text_.bytes[at_];
  const bool opening = c == '{' || c == '[';
  const bool inside = c != ',' && string_.brackets > 0;
  if (opening || inside) {
    string_.brackets += opening ? 1 : static_cast<std::size_t>(-1);
    content(c);
    at_ += 1;
    return true;
  }
  const Look look = here();
  const bool lost = !embedded() && !string_.triple && lost_quote(look, frames_, facts());
  if (starved()) return false;
  if (!lost) {
    content(c);
    at_ += 1;
    return true;
  }
  fix(Fix::quote);
  if (c != ',' && !options_.streaming)
    while (out().back() == ' ') out().pop_back();
  out() += '"';
  scalar_done(string_.role);
  return true;
}

/// A colon inside a quoted key: perhaps the key ends here and its closing quote was lost.
bool Parser::colon_in_key() {
  Look next = here(1);
  const Look::Work work(next);
  next.skip_space();
  bool lost = false;
  bool brackets = false;
  for (;; next.skip(1)) {
    const Glyph glyph = next.peek();
    if (glyph.is(Kind::beyond)) break;
    lost = glyph.is(Kind::newline);
    if (lost) break;
    if (glyph.is(Kind::end)) {
      lost = brackets;
      break;
    }
    brackets = brackets || glyph.is('}');
    if (glyph.kind != string_.family) continue;
    next.pass(glyph);
    next.skip_space();
    lost = !next.peek().colon_like();
    break;
  }
  if (starved()) return false;
  if (!lost) {
    content(':');
    at_ += 1;
    return true;
  }
  fix(Fix::quote);
  out() += '"';
  state_ = State::colon;
  return true;
}

/// A byte beyond ASCII: a sequence of UTF-8, perhaps a quote.
bool Parser::foreign() {
  const std::string_view left = rest();
  bool cut = false;
  const Glyph glyph = glyph_at(left, cut);
  const std::size_t length = sequence_length(left, cut);
  if (cut && !text_.whole) {
    text_.starved = true;
    return false;
  }
  if (length == 0) {
    bool cut_sequence = false;
    sequence_length(left, cut_sequence);
    fix(cut_sequence ? Fix::cut : Fix::encoding);
    if (cut_sequence) {
      at_ = text_.bytes.size();
    } else {
      content(std::string_view("\uFFFD"));
      at_ += 1;
    }
    return true;
  }
  if (string_.bare && (glyph.quote() || glyph.is(Kind::comma) || glyph.blank()))
    return glyph.quote() ? bare_quote(glyph) : glyph.is(Kind::comma) ? end_bare() : bare_special(' ');
  if (glyph.kind == string_.family) return quote();
  content(left.substr(0, length));
  at_ += length;
  return true;
}

bool Parser::control(unsigned char c) {
  const bool newline = c == '\n' || c == '\r';
  if (newline && string_.role != Role::key && string_.role != Role::root && !string_.triple && !embedded()) {
    Look look = here();
    look.relax();
    const bool lost = lost_quote(look, frames_, facts());
    if (starved()) return false;
    if (lost) {
      fix(Fix::quote);
      out() += '"';
      scalar_done(string_.role);
      return true;
    }
  }
  fix(Fix::control);
  const char byte = static_cast<char>(c);
  std::string escaped;
  append_escaped(escaped, {&byte, 1});
  const char last = string_.last;
  content(std::string_view(escaped));
  string_.last = last;
  at_ += 1;
  return true;
}

}  // namespace sluice::json::repair
