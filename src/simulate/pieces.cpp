#include "simulate/pieces.hpp"

#include <algorithm>

namespace sluice::simulate {

std::vector<std::string_view> pieces_of(std::string_view text, std::size_t bytes) {
  constexpr std::size_t most_pieces = 5'000;
  bytes = std::max({bytes, text.size() / most_pieces, std::size_t{1}});
  std::vector<std::string_view> pieces;
  pieces.reserve(text.size() / bytes + 1);
  while (!text.empty()) {
    std::size_t end = std::min(bytes, text.size());
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) ++end;
    pieces.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return pieces;
}

}  // namespace sluice::simulate
