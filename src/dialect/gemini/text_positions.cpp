#include "dialect/gemini/text_positions.hpp"

#include <algorithm>

namespace sluice::dialect::gemini {

void TextPositions::add(json::Text piece) {
  std::string buffer;
  for (const char c : piece.decode(buffer)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) == 0x80) continue;  // inside a character
    add_character(byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4);
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
