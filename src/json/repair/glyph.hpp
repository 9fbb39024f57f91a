#pragma once
// One character of a broken JSON text and what it may mean there: models write smart quotes, full-width
// commas and invisible spaces where JSON wants ASCII.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice::json::repair {

enum class Kind : std::uint8_t {
  end,     ///< the text ends here
  beyond,  ///< farther than one may look
  space,
  newline,
  double_quote,  ///< `"` and what looks like it
  single_quote,  ///< `'`, backtick, and what looks like them
  comma,         ///< also `;` and commas of other scripts
  colon,         ///< also the full-width one
  equals,
  open,   ///< one of `{[(`
  close,  ///< one of `)]}`
  digit,
  letter,  ///< also `_`, `$`, and everything beyond ASCII that is not named here
  other,
};

struct Glyph {
  Kind kind = Kind::end;
  std::uint8_t length = 0;  ///< bytes
  char byte = '\0';         ///< the first one; of a bracket the bracket, of a foreign quote its last byte

  bool is(Kind wanted) const { return kind == wanted; }
  bool is(char wanted) const { return length == 1 && byte == wanted; }
  bool blank() const { return kind == Kind::space || kind == Kind::newline; }
  bool quote() const { return kind == Kind::double_quote || kind == Kind::single_quote; }
  bool ends() const { return kind == Kind::end || kind == Kind::beyond; }
  bool colon_like() const { return kind == Kind::colon || kind == Kind::equals; }
};

/// The character at the start of `text`, which must not be empty. `cut` is set if more bytes are needed to
/// tell.
Glyph glyph_at(std::string_view text, bool& cut);

/// Length of the UTF-8 sequence at the start of `text`; 0 if there is none. `cut` is set if `text` ends
/// inside a sequence that is right so far.
std::size_t sequence_length(std::string_view text, bool& cut);

constexpr bool is_digit(int c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
constexpr int hex_digit(int c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
inline constexpr auto ascii_kinds = [] {
  std::array<Kind, 128> kinds{};
  for (std::size_t c = 0; c < kinds.size(); ++c) {
    const auto byte = static_cast<char>(c);
    kinds[c] = byte <= ' '       ? Kind::space
               : is_digit(byte)  ? Kind::digit
               : is_letter(byte) ? Kind::letter
                                 : Kind::other;
  }
  kinds[0x7f] = Kind::space;
  kinds['\n'] = kinds['\r'] = Kind::newline;
  kinds['"'] = Kind::double_quote;
  kinds['\''] = kinds['`'] = Kind::single_quote;
  kinds[','] = kinds[';'] = Kind::comma;
  kinds[':'] = Kind::colon;
  kinds['='] = Kind::equals;
  kinds['{'] = kinds['['] = kinds['('] = Kind::open;
  kinds['}'] = kinds[']'] = kinds[')'] = Kind::close;
  return kinds;
}();

/// As glyph_at(), for a text that begins beyond ASCII.
Glyph foreign_glyph(std::string_view text, bool& cut);

/// The character at the start of `text`, which must not be empty. `cut` is set if more bytes are needed to
/// tell.
inline Glyph glyph_at(std::string_view text, bool& cut) {
  const auto first = static_cast<unsigned char>(text[0]);
  return first < 0x80 ? Glyph{ascii_kinds[first], 1, text[0]} : foreign_glyph(text, cut);
}

/// The bracket that closes `open`.
constexpr char closing(char open) {
  return open == '{' ? '}' : open == '[' ? ']' : ')';
}

}  // namespace sluice::json::repair
