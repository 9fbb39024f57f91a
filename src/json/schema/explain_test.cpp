#include "json/schema/explain.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::json::schema {
namespace {

Outcome check(std::string_view schema_text, std::string_view text, const CheckLimits& limits = {}) {
  const auto schema = Schema::compile(schema_text);
  EXPECT_TRUE(schema) << schema.error().message();
  Document document;
  const auto root = document.parse(text);
  EXPECT_TRUE(root);
  return schema->check(*root, limits);
}

TEST(Explain, SaysNothingOfWhatFits) {
  EXPECT_EQ(explain(check("true", "1")), "");
}

TEST(Explain, GivesEachReasonALine) {
  const auto outcome =
      check(R"({"properties":{"age":{"type":"integer"}},"required":["name"]})", R"({"age":"30"})");
  EXPECT_EQ(explain(outcome),
            "- at the top level: the member \"name\" is missing\n"
            "- at /age: must be an integer, but is a string\n");
}

TEST(Explain, SaysThatThereIsMore) {
  const auto outcome = check(R"({"items":{"type":"null"}})", "[1,2,3,4]", {.max_violations = 3});
  EXPECT_EQ(explain(outcome, {.max_lines = 2}),
            "- at /0: must be null, but is a number\n- at /1: must be null, but is a number\n- and more\n");
  EXPECT_TRUE(explain(outcome).ends_with("- at /2: must be null, but is a number\n- and more\n"));
}

TEST(Explain, StaysWithinItsBytes) {
  std::string many = "[";
  for (int i = 0; i < 100; ++i) many += "1,";
  const auto outcome = check(R"({"items":{"type":"null"}})", many + "1]", {.max_violations = 1000});
  EXPECT_LE(explain(outcome, {.max_lines = 1000, .max_bytes = 500}).size(), 500U);
}

TEST(Explain, LetsNoNameOfTheDocumentMakeALine) {
  const auto outcome = check(R"({"additionalProperties":{"additionalProperties":false}})",
                             R"({"a\nb":{"- at /x: all is well\n":1}})");
  const std::string text = explain(outcome);
  EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
}

TEST(Explain, CutsLongPlacesAtTheirBeginning) {
  const std::string name(1000, 'n');
  const auto outcome =
      check(R"({"additionalProperties":{"properties":{"z":false}}})", "{\"" + name + "\":{\"z\":1}}");
  const std::string text = explain(outcome);
  EXPECT_LT(text.size(), 400U);
  EXPECT_NE(text.find("n/z: "), std::string::npos) << text;
}

}  // namespace
}  // namespace sluice::json::schema
