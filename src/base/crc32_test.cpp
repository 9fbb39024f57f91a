#include "base/crc32.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

/// Bit by bit, as the polynomial is defined.
std::uint32_t plainly(std::string_view text) {
  std::uint32_t rest = 0xffffffff;
  for (const char c : text) {
    rest ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 1) != 0 ? (rest >> 1) ^ 0xEDB88320U : rest >> 1;
  }
  return ~rest;
}

TEST(Crc32, HasTheCheckValueOfItsDefinition) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(crc32(""), 0U);
}

TEST(Crc32, IsThatOfTheDefinitionAtEveryLengthAndGoesOn) {
  std::string text;
  for (int i = 0; i < 70; ++i) {
    EXPECT_EQ(crc32(text), plainly(text));
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
      EXPECT_EQ(crc32(std::string_view(text).substr(cut), crc32(std::string_view(text).substr(0, cut))),
                crc32(text));
    text.push_back(static_cast<char>(i * 37 + 200));
  }
}

}  // namespace
}  // namespace sluice
