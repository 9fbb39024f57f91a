#include "json/text.hpp"

#include <gtest/gtest.h>

namespace sluice::json {
namespace {

TEST(Text, IsBlankWithoutOtherCharactersThanSpace) {
  for (std::string_view blank : {"", " ", "\\n\\t \\r\\f", "\\u0020\\u0009", "\\u000A"})
    EXPECT_TRUE(Text(blank).is_blank()) << blank;
  for (std::string_view said :
       {"a", "  .", "\\\\n", "\\u0041", "\\n\\u00e4", "\\ud83d\\ude00", "\\\"", "\xC3\xA4", "\\/"})
    EXPECT_FALSE(Text(said).is_blank()) << said;
}

}  // namespace
}  // namespace sluice::json
