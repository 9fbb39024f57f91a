// Backslashes inside strings.

#include "json/repair/parser.hpp"
#include "json/text.hpp"

namespace sluice::json::repair {
namespace {

/// The value of the `digits` hexadecimal digits that begin `ahead` of `look`; -1 if they are not there.
int hex_at(const Look& look, std::size_t ahead, std::size_t digits) {
  int value = 0;
  for (std::size_t i = ahead; i < ahead + digits; ++i) {
    const int digit = hex_digit(look.byte(i));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

void append_character(std::string& out, int code) {
  char utf8[4];
  std::size_t size = 0;
  const auto put = [&](int byte) { utf8[size++] = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 63));
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  }
  append_escaped(out, {utf8, size});
}

}  // namespace

bool Parser::escape() {
  const Look look = here();
  const int kind = look.byte(1);
  if (starved()) return false;
  switch (kind) {
    case Look::at_end:
      fix(Fix::cut);
      at_ += 1;
      return true;
    case '"':
      if (string_.raw && string_.mark == '"' && !string_.bare) {
        const bool closing = closes_string(here(2), frames_, facts());
        if (starved()) return false;
        if (closing) {  // a path that ends with its separator
          string_.raw = true;
          return backslash();
        }
      }
      [[fallthrough]];
    case '\\':
    case '/':
      content(rest().substr(0, 2));
      string_.last = 'x';
      at_ += 2;
      return true;
    case 'n':
    case 'r':
    case 't':
    case 'b':
    case 'f': {
      const bool literal = (string_.raw && raw_letter(static_cast<char>(kind))) ||
                           ((kind == 'b' || kind == 'f') && raw_ahead());
      if (starved()) return false;
      if (literal) return backslash();
      content(rest().substr(0, 2));
      at_ += 2;
      return true;
    }
    case '\'':
    case '`':
      fix(Fix::escape);
      content(static_cast<char>(kind));
      at_ += 2;
      return true;
    case 'u':
      return unicode_escape();
    case 'x':
      return code_escape(hex_at(look, 2, 2), 4);
    case '\r':
    case '\n':  // goes on in the next line
      fix(Fix::escape);
      at_ += kind == '\r' && look.byte(2) == '\n' ? 3 : 2;
      return !starved();
    default:
      if (is_letter(kind)) string_.raw = true;
      return backslash();
  }
}

/// Whether `\n` or `\t` are meant as backslash and letter, in a string that has other such: in a Windows path
/// they are, and in LaTeX.
bool Parser::raw_letter(char letter) const {
  constexpr std::string_view commands[] = {"text",     "times", "theta",  "tau",     "tan",   "tilde",
                                           "triangle", "nabla", "neq",    "newline", "notin", "nu",
                                           "rho",      "right", "rangle", "rceil",   "rfloor"};
  if (letter == 'b' || letter == 'f' || string_.path) return true;
  const Look look = here(1);
  for (const std::string_view command : commands)
    if (look.starts_with(command)) return true;
  return false;
}

/// Whether the string has escapes that JSON does not have: then nobody meant a backspace.
bool Parser::raw_ahead() const {
  Look look = here(2);
  const Look::Work work(look);
  for (;; look.skip(1)) {
    const int c = look.byte();
    if (c < 0 || c == '\n' || c == string_.mark) return false;
    if (c != '\\') continue;
    look.skip(1);
    const int kind = look.byte();
    if (is_letter(kind) &&
        std::string_view("bfnrtux").find(static_cast<char>(kind)) == std::string_view::npos)
      return true;
  }
}

/// Keeps a backslash that begins no escape.
bool Parser::backslash() {
  fix(Fix::escape);
  if (string_.last == ':') string_.path = true;
  content(std::string_view("\\\\"));
  at_ += 1;
  bool cut = false;
  if (at_ >= text_.bytes.size()) return true;
  const Glyph next = glyph_at(rest(), cut);
  const auto byte = static_cast<unsigned char>(next.byte);
  if (next.length == 1 && byte > ' ' && byte < 0x7f && !next.quote() && byte != '\\') {
    content(next.byte);
    at_ += 1;
  }
  return true;
}

bool Parser::unicode_escape() {
  const Look look = here();
  if (look.byte(2) == '{') return code_point_escape();
  if (string_.raw && string_.path) return backslash();
  const int unit = hex_at(look, 2, 4);
  if (starved()) return false;
  if (unit < 0) {
    std::size_t digits = 2;
    while (digits < 6 && hex_digit(look.byte(digits)) >= 0) ++digits;
    const bool cut = look.byte(digits) == Look::at_end;
    if (starved()) return false;
    if (!cut) {
      string_.raw = true;
      return backslash();
    }
    fix(Fix::cut);
    at_ += digits;
    return true;
  }
  const bool high = unit >= 0xd800 && unit < 0xdc00;
  const bool low = unit >= 0xdc00 && unit < 0xe000;
  if (!high && !low) {
    content(rest().substr(0, 6));
    at_ += 6;
    return true;
  }
  std::size_t seen = 6;  // of the other half
  if (high && look.byte(6) == '\\') seen = look.byte(7) == 'u' ? 8 : 7;
  const int other = seen == 8 ? hex_at(look, 8, 4) : -1;
  while (seen >= 8 && seen < 12 && hex_digit(look.byte(seen)) >= 0) ++seen;
  const bool cut = high && seen < 12 && look.byte(seen) == Look::at_end;
  const bool pair = other >= 0xdc00 && other < 0xe000;
  if (starved()) return false;
  if (pair) {
    content(rest().substr(0, 12));
    at_ += 12;
  } else if (cut) {
    fix(Fix::cut);
    at_ = text_.bytes.size();
  } else {
    fix(Fix::escape);
    content(std::string_view("\uFFFD"));
    at_ += 6;
  }
  return true;
}

/// `\u{1F600}`
bool Parser::code_point_escape() {
  const Look look = here();
  std::size_t digits = 0;
  while (digits < 6 && hex_digit(look.byte(3 + digits)) >= 0) ++digits;
  const bool closed = digits > 0 && look.byte(3 + digits) == '}';
  if (starved()) return false;
  return code_escape(closed ? hex_at(look, 3, digits) : -1, 4 + digits);
}

/// Another language's escape for the character `code`; -1 if it is none after all.
bool Parser::code_escape(int code, std::size_t length) {
  if (starved()) return false;
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (code < 0 || code > 0x10ffff || surrogate) return backslash();
  fix(Fix::escape);
  std::string escaped;
  append_character(escaped, code);
  content(std::string_view(escaped));
  at_ += length;
  return true;
}

}  // namespace sluice::json::repair
