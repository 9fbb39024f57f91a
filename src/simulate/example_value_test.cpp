#include "simulate/example_value.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace sluice::simulate {
namespace {

std::string made(std::string_view schema, Fill fill = Fill::required, std::string_view wishes = "") {
  json::Document document;
  json::Document wished;
  const auto parsed = document.parse(schema);
  EXPECT_TRUE(parsed) << schema;
  json::Value wish;
  if (!wishes.empty()) wish = *wished.parse(wishes);
  std::string out = example_value(*parsed, wish, fill);
  json::Document check;
  EXPECT_TRUE(check.parse(out)) << out;
  return out;
}

TEST(ExampleValue, FillsInWhatIsRequired) {
  constexpr std::string_view schema = R"({"type":"object","properties":{"city":{"type":"string"},
    "days":{"type":"integer","minimum":3},"unit":{"enum":["c","f"]},"note":{"type":"string"}},"required":["city","days","unit"]})";
  EXPECT_EQ(made(schema), R"({"city":"example city","days":3,"unit":"c"})");
  EXPECT_EQ(made(schema, Fill::all), R"({"city":"example city","days":3,"unit":"c","note":"example note"})");
}

TEST(ExampleValue, TakesWishesThatFitAndConvertsThoseThatCan) {
  constexpr std::string_view schema =
      R"({"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"},
    "dry":{"type":"boolean"},"list":{"type":"array","items":{"type":"number"}},"at":{"type":"object","properties":
    {"lat":{"type":"number"},"lon":{"type":"number"}},"required":["lat","lon"]}},"required":["city"]})";
  EXPECT_EQ(made(schema, Fill::required,
                 R"({"city":"Rome","days":"4","dry":"false","list":[1,2],"at":{"lat":3.5}})"),
            R"({"city":"Rome","days":4,"dry":false,"list":[1,2],"at":{"lat":3.5,"lon":1.5}})");
  EXPECT_EQ(made(schema, Fill::required, R"({"city":7,"days":"many"})"), R"({"city":"7","days":1})");
  EXPECT_EQ(made(R"({"type":"object"})", Fill::required, R"({"any":1})"), R"({"any":1})");
}

TEST(ExampleValue, KeepsBounds) {
  EXPECT_EQ(made(R"({"type":"integer","maximum":-4})"), "-4");
  EXPECT_EQ(made(R"({"type":"integer","exclusiveMinimum":9})"), "10");
  EXPECT_EQ(made(R"({"type":"integer","minimum":10,"multipleOf":7})"), "14");
  EXPECT_EQ(made(R"({"type":"number","minimum":2,"maximum":2.25})"), "2");
  EXPECT_EQ(made(R"({"type":"string","minLength":12})"), R"("examplexxxxx")");
  EXPECT_EQ(made(R"({"type":"string","maxLength":4})"), R"("exam")");
  EXPECT_EQ(made(R"({"type":"array","items":{"type":"integer"},"minItems":3,"uniqueItems":true})"),
            "[1,2,3]");
  EXPECT_EQ(made(R"({"type":"array","items":{"type":"integer"},"maxItems":0})"), "[]");
  EXPECT_EQ(made(R"({"type":"string","format":"date"})"), R"("2026-01-01")");
  EXPECT_EQ(made(R"({"const":{"a":null}})"), R"({"a":null})");
}

TEST(ExampleValue, FollowsReferencesUnionsAndCombinations) {
  EXPECT_EQ(made(R"({"$defs":{"P":{"type":"object","properties":{"n":{"type":"string"}},"required":["n"]}},
                     "type":"object","properties":{"p":{"$ref":"#/$defs/P"}},"required":["p"]})"),
            R"({"p":{"n":"example n"}})");
  EXPECT_EQ(made(R"({"anyOf":[{"type":"null"},{"type":"integer"}]})"), "1");
  EXPECT_EQ(made(R"({"type":["null","boolean"]})"), "true");
  EXPECT_EQ(made(R"({"allOf":[{"properties":{"a":{"type":"integer"}},"required":["a"]},
                               {"properties":{"b":{"type":"boolean"}},"required":["b"]}]})"),
            R"({"a":1,"b":true})");
  EXPECT_EQ(made(R"({"type":"OBJECT","properties":{"a":{"type":"INTEGER"}},"required":["a"]})"),
            R"({"a":1})");
}

TEST(ExampleValue, EndsOnSchemasThatHoldThemselves) {
  EXPECT_EQ(made(R"({"type":"object","properties":{"next":{"anyOf":[{"type":"null"},{"$ref":"#"}]}}})"),
            "{}");
  EXPECT_LT(made(R"({"type":"object","properties":{"next":{"$ref":"#"}},"required":["next"]})").size(),
            1000U);
  EXPECT_LT(made(R"({"type":"array","items":{"$ref":"#"}})").size(), 1000U);
  EXPECT_EQ(made(R"({"$ref":"#"})"), R"("example")");
}

TEST(ExampleMatch, WritesWhatThePatternAccepts) {
  for (const std::string pattern :
       {R"(^[A-Z]{3}$)", R"(^\d{4}-\d{2}-\d{2}$)", R"(^(red|green)$)", R"([a-z]+@[a-z]+\.com)", R"(^[^abc]$)",
        R"(a{2,5}b*c?)", R"(^(?:x|y)-\w+\s\S$)", R"(^$)"}) {
    const auto text = example_match(pattern);
    ASSERT_TRUE(text) << pattern;
    EXPECT_TRUE(std::regex_match(*text, std::regex(pattern, std::regex::ECMAScript)))
        << pattern << " -> " << *text;
  }
  for (const std::string_view unknown : {R"(^(?=a)b)", R"(\p{L})", "[a", "a{9999}", "(a"})
    EXPECT_FALSE(example_match(unknown)) << unknown;
}

}  // namespace
}  // namespace sluice::simulate
