#include "dialect/character_count.hpp"

#include <algorithm>
#include <string_view>

namespace sluice::dialect {
namespace {

/// The second half of a pair; the character is counted with the first.
bool is_low_surrogate(std::string_view hex) {
  constexpr std::string_view second = "cdefCDEF";
  return hex.size() == 4 && (hex[0] == 'd' || hex[0] == 'D') && second.contains(hex[1]);
}

}  // namespace

std::int64_t count_characters(json::Text text) {
  const std::string_view escaped = text.escaped();
  // First bytes of characters, each escape counted by its letters; those are then taken back.
  std::int64_t count =
      std::ranges::count_if(escaped, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  if (!text.has_escapes()) return count;
  for (std::size_t at = escaped.find('\\'); at < escaped.size(); at = escaped.find('\\', at)) {
    const bool unit = escaped.substr(at + 1, 1) == "u";
    count -= unit ? 5 : 1;
    if (unit && is_low_surrogate(escaped.substr(at + 2, 4))) --count;
    at += unit ? 6 : 2;
  }
  return count;
}

}  // namespace sluice::dialect
