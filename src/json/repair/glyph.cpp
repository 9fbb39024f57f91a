#include "json/repair/glyph.hpp"

namespace sluice::json::repair {
namespace {

struct Foreign {
  std::string_view bytes;
  Kind kind;
};

/// Characters beyond ASCII that stand for one of JSON's.
constexpr Foreign foreign[] = {
    {"\u00a0", Kind::space},        {"\u1680", Kind::space},        {"\u180e", Kind::space},
    {"\u2028", Kind::newline},      {"\u2029", Kind::newline},      {"\u202f", Kind::space},
    {"\u205f", Kind::space},        {"\u2060", Kind::space},        {"\u3000", Kind::space},
    {"\ufeff", Kind::space},        {"\u0085", Kind::newline},      {"\u201c", Kind::double_quote},
    {"\u201d", Kind::double_quote}, {"\u201e", Kind::double_quote}, {"\u201f", Kind::double_quote},
    {"\uff02", Kind::double_quote}, {"\u2018", Kind::single_quote}, {"\u2019", Kind::single_quote},
    {"\u201a", Kind::single_quote}, {"\u201b", Kind::single_quote}, {"\u2032", Kind::single_quote},
    {"\u00b4", Kind::single_quote}, {"\uff07", Kind::single_quote}, {"\u060c", Kind::comma},
    {"\u061b", Kind::comma},        {"\uff0c", Kind::comma},        {"\uff1b", Kind::comma},
    {"\u3001", Kind::comma},        {"\uff1a", Kind::colon},
};

Glyph foreign_at(std::string_view text, bool& cut) {
  for (const Foreign& candidate : foreign) {
    if (text.starts_with(candidate.bytes))
      return {candidate.kind, static_cast<std::uint8_t>(candidate.bytes.size()), candidate.bytes.back()};
    if (text.size() < candidate.bytes.size() && candidate.bytes.starts_with(text)) cut = true;
  }
  if (text.size() >= 3 && text.starts_with("\xE2\x80") && static_cast<unsigned char>(text[2]) >= 0x80 &&
      static_cast<unsigned char>(text[2]) <= 0x8f)
    return {Kind::space, 3, text[2]};  // U+2000 to U+200F
  return {Kind::letter, 1, text[0]};
}

}  // namespace

Glyph foreign_glyph(std::string_view text, bool& cut) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first == 0xc2 || first == 0xd8 || (first >= 0xe1 && first <= 0xe3) || first == 0xef)
    return foreign_at(text.substr(0, 3), cut);
  return {Kind::letter, 1, text[0]};
}

std::size_t sequence_length(std::string_view text, bool& cut) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size()) {
      cut = true;
      return 0;
    }
    unsigned low = 0x80, high = 0xbf;  // Unicode 15, table 3-7
    if (i == 1 && first == 0xe0) low = 0xa0;
    if (i == 1 && first == 0xed) high = 0x9f;
    if (i == 1 && first == 0xf0) low = 0x90;
    if (i == 1 && first == 0xf4) high = 0x8f;
    if (byte(i) < low || byte(i) > high) return 0;
  }
  return length;
}

}  // namespace sluice::json::repair
