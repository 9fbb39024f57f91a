#include "dialect/tool_arguments.hpp"

#include <gtest/gtest.h>

namespace sluice::dialect {
namespace {

std::string text_of(std::string_view json) {
  std::string out;
  append_arguments_text(out, json);
  return json::Text(out).decode();
}

std::string object_of(std::string_view escaped, bool expect_clean = true) {
  std::string out;
  EXPECT_EQ(append_arguments_object(out, {.arguments = json::Text(escaped)}), expect_clean) << escaped;
  return out;
}

TEST(ArgumentsText, DropsOnlyTheSpaceBetweenTokens) {
  EXPECT_EQ(text_of("{\n  \"a b\" : [ 1, 2.50 ],\r\n\t\"c\": null\n}"), R"({"a b":[1,2.50],"c":null})");
}

TEST(ArgumentsText, KeepsEscapesAndDigits) {
  EXPECT_EQ(text_of(R"({"a":"say \"hi\" \\ \n \u00e9 \/","id":9007199254740993})"),
            R"({"a":"say \"hi\" \\ \n \u00e9 \/","id":9007199254740993})");
}

TEST(ArgumentsText, IsValidBetweenQuotes) {
  std::string out = "\"";
  append_arguments_text(out, R"({"a":"\\\"","b":"\\"})");
  out += '"';
  json::Document document;
  const auto root = document.parse(out);
  ASSERT_TRUE(root) << root.error().message();
  EXPECT_EQ(root->string(), R"({"a":"\\\"","b":"\\"})");
}

TEST(ArgumentsObject, TakesNothingForAnEmptyObject) {
  for (const auto* nothing : {"", "  ", "null", " null ", "{}", "\\n"}) EXPECT_EQ(object_of(nothing), "{}");
}

TEST(ArgumentsObject, KeepsTheObjectAsTheModelWroteIt) {
  EXPECT_EQ(object_of(R"({\"id\":9007199254740993,\"b\":\"\\u00e9\"})"),
            R"({"id":9007199254740993,"b":"\u00e9"})");
}

TEST(ArgumentsObject, WrapsOtherValues) {
  EXPECT_EQ(object_of("[1,2]", false), R"({"value":[1,2]})");
  EXPECT_EQ(object_of(R"(\"x\")", false), R"({"value":"x"})");
  EXPECT_EQ(object_of("7", false), R"({"value":7})");
}

TEST(ArgumentsObject, ShowsTheModelWhatIsNoJson) {
  EXPECT_EQ(object_of(R"({\"a\": 1)", false), R"({"_raw":"{\"a\": 1"})");
  EXPECT_EQ(object_of("not json", false), R"({"_raw":"not json"})");
}

TEST(ArgumentsObject, PutsTheTextOfACustomToolUnderInput) {
  std::string out;
  EXPECT_TRUE(append_arguments_object(out, {.arguments = json::Text(R"(a \"b\")"), .custom = true}));
  EXPECT_EQ(out, R"({"input":"a \"b\""})");
}

}  // namespace
}  // namespace sluice::dialect
