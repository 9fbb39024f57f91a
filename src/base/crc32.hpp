#pragma once
// CRC-32 as Ethernet, zlib and AWS event streams have it (IEEE 802.3, reflected, 0xEDB88320).

#include <cstdint>
#include <string_view>

namespace sluice {

/// Of `text`, or of `text` behind what gave `before`.
std::uint32_t crc32(std::string_view text, std::uint32_t before = 0);

}  // namespace sluice
