#include "dialect/gemini/text_positions.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace sluice::dialect::gemini {
namespace {

constexpr std::size_t unicode_escape = 6;  // \uXXXX

unsigned code_unit(std::string_view escape) {
  unsigned unit = 0;
  if (escape.size() >= unicode_escape)
    std::from_chars(escape.data() + 2, escape.data() + unicode_escape, unit, 16);
  return unit;
}

}  // namespace

/// Counts without decoding: most deltas hold line breaks, which are escapes.
void TextPositions::add(json::Text piece) {
  std::string_view rest = piece.escaped();
  while (!rest.empty()) {
    const auto byte = static_cast<unsigned char>(rest[0]);
    std::size_t taken = 1;
    if (rest[0] == '\\' && rest.substr(1, 1) == "u") {
      const unsigned unit = code_unit(rest);
      const bool is_pair = unit >= 0xd800 && unit < 0xdc00 && rest.substr(unicode_escape, 2) == "\\u";
      add_character(is_pair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3);
      taken = is_pair ? 2 * unicode_escape : unicode_escape;
    } else if (rest[0] == '\\') {
      add_character(1);
      taken = 2;
    } else if ((byte & 0xc0) != 0x80) {  // not inside a character
      add_character(byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4);
    }
    rest.remove_prefix(std::min(taken, rest.size()));
  }
}

void TextPositions::add_character(std::int64_t width) {
  if (runs_.empty() || runs_.back().width != width) runs_.push_back({bytes_, characters_, width});
  bytes_ += width;
  ++characters_;
}

std::int64_t TextPositions::characters_before(std::int64_t byte) const {
  if (byte >= bytes_) return characters_;
  const auto next = std::ranges::upper_bound(runs_, byte, {}, &Run::byte);
  if (next == runs_.begin()) return 0;
  const Run& run = *std::prev(next);
  return run.character + (byte - run.byte) / run.width;
}

}  // namespace sluice::dialect::gemini
