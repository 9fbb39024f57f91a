#include "dialect/gemini/text_positions.hpp"

#include <gtest/gtest.h>

namespace sluice::dialect::gemini {
namespace {

TEST(TextPositions, AreTheSameForAscii) {
  TextPositions text;
  text.add(json::Text("hello"));
  text.add(json::Text(" world"));
  EXPECT_EQ(text.characters(), 11);
  for (int i = 0; i <= 11; ++i) EXPECT_EQ(text.characters_before(i), i);
}

TEST(TextPositions, CountCharactersOfEveryWidth) {
  TextPositions text;
  text.add(json::Text("a\xC3\xA9"));                          // 1 + 2 bytes
  text.add(json::Text("\\u20ac\\n"));                         // 3 + 1
  text.add(json::Text("\xF0\x9F\x98\x80\xF0\x9F\x98\x80z"));  // 4 + 4 + 1
  EXPECT_EQ(text.characters(), 7);
  constexpr std::int64_t bytes[] = {0, 1, 3, 6, 7, 11, 15};
  for (std::int64_t i = 0; i < 7; ++i) EXPECT_EQ(text.characters_before(bytes[i]), i);
  EXPECT_EQ(text.characters_before(16), 7);
  EXPECT_EQ(text.characters_before(1000), 7);
}

TEST(TextPositions, CountEscapedCharactersAsWhatTheyMean) {
  TextPositions text;
  text.add(json::Text(R"(\"\\\u0041\u00e9\u20ac\ud83d\ude00x)"));  // 1, 1, 1, 2, 3, 4 and 1 bytes
  EXPECT_EQ(text.characters(), 7);
  constexpr std::int64_t bytes[] = {0, 1, 2, 3, 5, 8, 12};
  for (std::int64_t i = 0; i < 7; ++i) EXPECT_EQ(text.characters_before(bytes[i]), i);
}

}  // namespace
}  // namespace sluice::dialect::gemini
