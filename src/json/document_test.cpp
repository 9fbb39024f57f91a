#include "json/document.hpp"

#include <gtest/gtest.h>

namespace sluice::json {
namespace {

std::string why_not(std::string_view text) {
  Document document;
  auto parsed = document.parse(text);
  return parsed ? "" : parsed.error().message();
}

TEST(Document, FindsMembersAndKeepsSlices) {
  Document document;
  const auto root = document.parse(R"( {"a": [1, 2.50 , {"b":"x\ny"}], "n":null, "":true} )");
  ASSERT_TRUE(root);
  EXPECT_EQ((*root)["a"][1].raw(), "2.50");
  EXPECT_EQ((*root)["a"][2]["b"].string(), "x\ny");
  EXPECT_EQ((*root)["a"][2].raw(), R"({"b":"x\ny"})");
  EXPECT_EQ((*root)["a"].size(), 3U);
  EXPECT_TRUE((*root)["n"].is_null());
  EXPECT_FALSE((*root)["n"]);
  EXPECT_FALSE((*root)["missing"]["deeper"].exists());
  EXPECT_EQ((*root)[""].boolean(), true);
  EXPECT_EQ(root->size(), 3U);
}

TEST(Document, ComparesKeysDecoded) {
  Document document;
  const auto root = document.parse(R"({"\u006dodel":"x"})");
  ASSERT_TRUE(root);
  EXPECT_EQ((*root)["model"].string(), "x");
}

TEST(Text, IsEqualToWhatItMeansNotToHowItIsWritten) {
  EXPECT_TRUE(Text("model").equals("model"));
  EXPECT_FALSE(Text("model").equals("models"));
  EXPECT_FALSE(Text("models").equals("model"));
  EXPECT_TRUE(Text(R"(\u006dodel)").equals("model"));
  EXPECT_FALSE(Text(R"(\u006dodel)").equals(R"(\u006dodel)"));
  EXPECT_TRUE(Text(R"(\n)").equals("\n"));
  EXPECT_FALSE(Text(R"(\n)").equals(R"(\n)"));
  EXPECT_TRUE(Text().equals(""));
}

TEST(Document, ReadsNumbersWithoutLosingThem) {
  Document document;
  const auto root = document.parse("[9007199254740993, 1.0, 1e3, 1.5, -0, 1e400, 99999999999999999999]");
  ASSERT_TRUE(root);
  EXPECT_EQ((*root)[0].raw(), "9007199254740993");
  EXPECT_EQ((*root)[0].integer(), 9007199254740993);
  EXPECT_EQ((*root)[1].integer(), 1);
  EXPECT_EQ((*root)[2].integer(), 1000);
  EXPECT_EQ((*root)[3].integer(), std::nullopt);
  EXPECT_EQ((*root)[4].integer(), 0);
  EXPECT_EQ((*root)[6].integer(), std::nullopt);
}

TEST(Document, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(why_not(""), "invalid JSON at byte 0: no value");
  EXPECT_EQ(why_not("{\"a\":1,}"), "invalid JSON at byte 7: a member name in quotes is expected");
  EXPECT_EQ(why_not("{\"a\" 1}"), "invalid JSON at byte 5: ':' is expected behind a member name");
  EXPECT_EQ(why_not("[1 2]"), "invalid JSON at byte 3: ',' or ']' is expected");
  EXPECT_EQ(why_not("[1,"), "invalid JSON at byte 3: a value is expected, but the text ends");
  EXPECT_EQ(why_not("{\"a\":\"b"), "invalid JSON at byte 5: the string that begins here has no end");
  EXPECT_EQ(why_not("[\"a\nb\"]"),
            "invalid JSON at byte 3: a control character inside a string must be escaped");
  EXPECT_EQ(why_not("[\"ab\xff\"]"), "invalid JSON at byte 4: bytes that are not UTF-8");
  EXPECT_EQ(why_not(R"(["\x"])"), "invalid JSON at byte 2: an escape that JSON does not have");
  EXPECT_EQ(why_not(R"(["\u12"])"), "invalid JSON at byte 2: an escape that JSON does not have");
  EXPECT_EQ(why_not("[01]"), "invalid JSON at byte 1: a number that JSON does not allow");
  EXPECT_EQ(why_not("[1.]"), "invalid JSON at byte 1: a number that JSON does not allow");
  EXPECT_EQ(why_not("[nul]"), "invalid JSON at byte 1: a value is expected");
  EXPECT_EQ(why_not("[truex]"), "invalid JSON at byte 1: a value is expected");
  EXPECT_EQ(why_not("\"a\"true"), "invalid JSON at byte 3: nothing may follow the value");
  EXPECT_EQ(why_not("{} {}"), "invalid JSON at byte 3: nothing may follow the value");
  EXPECT_EQ(why_not("[1]]"), "invalid JSON at byte 3: nothing may follow the value");
  EXPECT_EQ(why_not("{\"a\":1]"), "invalid JSON at byte 6: ',' or '}' is expected");
  EXPECT_EQ(why_not("{1:2}"), "invalid JSON at byte 1: a member name in quotes is expected");
}

TEST(Document, BoundsDepth) {
  EXPECT_EQ(why_not(std::string(128, '[') + std::string(128, ']')), "");
  EXPECT_EQ(why_not(std::string(129, '[') + std::string(129, ']')),
            "invalid JSON at byte 128: nested deeper than 128 levels");
}

TEST(Document, AcceptsScalarsAndEveryEscape) {
  EXPECT_EQ(why_not("1"), "");
  EXPECT_EQ(why_not("\"\""), "");
  EXPECT_EQ(why_not(R"("\"\\\/\b\f\n\r\té\ud83d\ude00")"), "");
  EXPECT_EQ(why_not(" \n\ttrue "), "");
  EXPECT_EQ(why_not("[[],{},[{}]]"), "");
}

TEST(Document, EveryTruncationFailsAndEveryLengthIsSafe) {
  const std::string text = R"({"a":[1,true,null,"x\u00e9\n",{"b":-1.5e+3}],"c":"é"})";
  ASSERT_EQ(why_not(text), "");
  for (std::size_t length = 0; length < text.size(); ++length) {
    const std::string cut = text.substr(0, length);  // its own allocation, so that ASan sees any overread
    EXPECT_NE(why_not(cut), "") << cut;
  }
}

TEST(Document, CanBeReused) {
  Document document;
  ASSERT_TRUE(document.parse(R"({"a":1})"));
  ASSERT_FALSE(document.parse("{"));
  EXPECT_FALSE(document.root().exists());
  const auto root = document.parse("[2]");
  ASSERT_TRUE(root);
  EXPECT_EQ((*root)[0].integer(), 2);
}

TEST(Text, DecodesSurrogatesAndReplacesLoneOnes) {
  EXPECT_EQ(Text(R"(\ud83d\ude00)").decode(), "😀");
  EXPECT_EQ(Text(R"(\ud83d x)").decode(), "\xEF\xBF\xBD x");
  EXPECT_EQ(Text(R"(\ude00)").decode(), "\xEF\xBF\xBD");
  EXPECT_TRUE(Text(R"(\n\t )").is_blank());
  EXPECT_FALSE(Text("a").is_blank());
  EXPECT_TRUE(Text(R"(a\/b)").equals("a/b"));
}

TEST(Text, EscapesWhatMustBeAndMendsUtf8) {
  EXPECT_EQ(escape("a\"b\\c\n\x01é"), R"(a\"b\\c\n\u0001é)");
  EXPECT_EQ(escape("x\xff\xe2\x82"), "x\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace sluice::json
