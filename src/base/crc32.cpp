#include "base/crc32.hpp"

#include <array>
#include <cstddef>

namespace sluice {
namespace {

constexpr std::size_t width = 8;  // bytes taken in one step

using Table = std::array<std::uint32_t, 256>;

/// tables[n][byte]: the remainder of a byte with n further bytes behind it.
consteval std::array<Table, width> make_tables() {
  std::array<Table, width> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 1) != 0 ? (rest >> 1) ^ 0xEDB88320U : rest >> 1;
    tables[0][byte] = rest;
  }
  for (std::size_t n = 1; n < width; ++n)
    for (std::size_t byte = 0; byte < 256; ++byte)
      tables[n][byte] = (tables[n - 1][byte] >> 8) ^ tables[0][tables[n - 1][byte] & 0xff];
  return tables;
}

constexpr std::array<Table, width> tables = make_tables();

std::uint32_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

}  // namespace

std::uint32_t crc32(std::string_view text, std::uint32_t before) {
  std::uint32_t rest = ~before;
  for (; text.size() >= width; text.remove_prefix(width)) {
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const std::uint32_t shifted = i < 4 ? rest >> (8 * i) : 0;
      next ^= tables[width - 1 - i][(byte_at(text, i) ^ shifted) & 0xff];
    }
    rest = next;
  }
  for (std::size_t i = 0; i < text.size(); ++i)
    rest = (rest >> 8) ^ tables[0][(rest ^ byte_at(text, i)) & 0xff];
  return ~rest;
}

}  // namespace sluice
