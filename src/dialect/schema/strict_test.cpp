// The subset that Claude is held to.

#include "dialect/schema/fit.hpp"

#include <gtest/gtest.h>

namespace sluice::dialect::schema {
namespace {

struct Fitted {
  std::string schema;
  Fit fit;
};

Fitted fit(std::string_view schema, Subset subset = Subset::claude, bool is_parameters = false) {
  json::Document document;
  const auto root = document.parse(schema);
  EXPECT_TRUE(root) << schema;
  Fitted out;
  out.fit = append_fitting(out.schema, *root, {.subset = subset, .is_parameters = is_parameters});
  json::Document check;
  EXPECT_TRUE(check.parse(out.schema)) << out.schema;
  return out;
}

void expect_exact(std::string_view schema, std::string_view expected) {
  const Fitted out = fit(schema);
  EXPECT_EQ(out.schema, expected);
  EXPECT_TRUE(out.fit.possible && out.fit.held && !out.fit.closed && !out.fit.any_of) << schema;
}

void expect_told(std::string_view schema, std::string_view expected) {
  const Fitted out = fit(schema);
  EXPECT_EQ(out.schema, expected);
  EXPECT_TRUE(out.fit.possible && !out.fit.held) << schema;
}

void expect_impossible(std::string_view schema) {
  EXPECT_FALSE(fit(schema).fit.possible) << schema;
}

TEST(ClaudeSchema, KeepsWhatTheApiHas) {
  constexpr std::string_view schema =
      R"j({"type":"object","title":"T","properties":{"a":{"type":["string","null"],"format":"uuid"},)j"
      R"j("b":{"type":"array","items":{"$ref":"#/$defs/B"},"minItems":1},"c":{"const":1},)j"
      R"j("d":{"enum":["x",null,true]},"e":{"anyOf":[{"type":"string"},{"type":"null"}],"default":null}},)j"
      R"j("required":["a"],"$defs":{"B":{"type":"number"}},"additionalProperties":false})j";
  expect_exact(schema, schema);
}

TEST(ClaudeSchema, BoundsOfNumbersAndStringsAreTold) {
  expect_told(R"j({"type":"integer","minimum":1,"maximum":9,"multipleOf":2})j",
              R"j({"type":"integer","description":"(minimum: 1; maximum: 9; multipleOf: 2)"})j");
  expect_told(R"j({"type":"string","description":"A name.","minLength":3,"pattern":"^\\w+$"})j",
              R"j({"type":"string","description":"A name. (minLength: 3; pattern: ^\\w+$)"})j");
  expect_told(R"j({"type":"string","format":"int32"})j",
              R"j({"type":"string","description":"(format: int32)"})j");
}

TEST(ClaudeSchema, ListsHaveAtLeastNoneOrOne) {
  expect_exact(R"j({"type":"array","items":{"type":"string"},"minItems":0})j",
               R"j({"type":"array","items":{"type":"string"},"minItems":0})j");
  expect_told(R"j({"type":"array","items":{"type":"string"},"minItems":3,"maxItems":5,"uniqueItems":true})j",
              R"j({"type":"array","items":{"type":"string"},"minItems":1,)j"
              R"j("description":"(minItems: 3; maxItems: 5; uniqueItems: true)"})j");
}

TEST(ClaudeSchema, PropertiesMayBeNamedLikeKeywords) {
  constexpr std::string_view schema =
      R"j({"type":"object","properties":{"title":{"type":"string"},"$ref":{"type":"string"},)j"
      R"j("format":{"type":"string"},"minimum":{"type":"string"},"oneOf":{"type":"string"},)j"
      R"j("additionalProperties":{"type":"string"},"$defs":{"type":"string"}},)j"
      R"j("required":["$ref","minimum"],"additionalProperties":false})j";
  expect_exact(schema, schema);
}

TEST(ClaudeSchema, ObjectsAreClosed) {
  expect_exact(
      R"j({"type":"object","properties":{"a":{"properties":{"b":{"type":"string"}}}}})j",
      R"j({"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"string"}},)j"
      R"j("additionalProperties":false}},"additionalProperties":false})j");
  const Fitted open =
      fit(R"j({"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":true})j");
  EXPECT_EQ(open.schema,
            R"j({"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false})j");
  EXPECT_TRUE(open.fit.possible && open.fit.held && open.fit.closed);
}

TEST(ClaudeSchema, OneOfIsAnyOf) {
  const Fitted out = fit(R"j({"oneOf":[{"type":"string"},{"type":"integer"}]})j");
  EXPECT_EQ(out.schema, R"j({"anyOf":[{"type":"string"},{"type":"integer"}]})j");
  EXPECT_TRUE(out.fit.possible && out.fit.any_of);
}

TEST(ClaudeSchema, TuplesAreListsOfAny) {
  expect_told(R"j({"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}]})j",
              R"j({"type":"array","items":{"anyOf":[{"type":"string"},{"type":"integer"}]},)j"
              R"j("description":"(prefixItems: [{\"type\":\"string\"},{\"type\":\"integer\"}])"})j");
}

TEST(ClaudeSchema, AllOfIsFlattenedAndClosedOnce) {
  expect_exact(
      R"j({"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false},)j"
      R"j({"type":"object","properties":{"b":{"type":"string"}},"additionalProperties":false}]})j",
      R"j({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},)j"
      R"j("additionalProperties":false})j");
}

TEST(ClaudeSchema, RecursionIsImpossible) {
  expect_impossible(R"j({"type":"object","properties":{"next":{"$ref":"#"}}})j");
  expect_impossible(R"j({"$ref":"#/$defs/N","$defs":{"N":{"type":"object","properties":{)j"
                    R"j("children":{"type":"array","items":{"$ref":"#/$defs/N"}}}}}})j");
  expect_impossible(R"j({"$ref":"#/$defs/A","$defs":{)j"
                    R"j("A":{"type":"object","properties":{"b":{"$ref":"#/$defs/B"}}},)j"
                    R"j("B":{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}}}}})j");
  expect_impossible(R"j({"properties":{"a":{"type":"array","items":{"$ref":"#/properties/a"}}}})j");
}

TEST(ClaudeSchema, MembersAndValuesOfAnyKindAreImpossible) {
  expect_impossible(R"j({"type":"object"})j");
  expect_impossible(R"j({"type":"object","additionalProperties":{"type":"integer"}})j");
  expect_impossible(R"j({"type":"object","properties":{},"additionalProperties":true})j");
  expect_impossible(R"j({"type":"object","properties":{"any":{"title":"Any"}}})j");
  expect_impossible(R"j({"type":"object","properties":{"any":true}})j");
  expect_impossible(R"j({"type":"object","properties":{"a":{"type":"null"}},"required":["ghost"]})j");
  expect_impossible(R"j({"enum":[{"a":1}]})j");
  expect_impossible(R"j({"const":[1]})j");
  expect_impossible(R"j({"$ref":"https://example.com/schema"})j");
}

TEST(ClaudeSchema, ObjectsThatDeclareToBeEmptyArePossible) {
  expect_exact(R"j({"type":"object","properties":{}})j",
               R"j({"type":"object","properties":{},"additionalProperties":false})j");
  expect_exact(R"j({"type":"object","additionalProperties":false})j",
               R"j({"type":"object","additionalProperties":false})j");
  const Fitted parameters = fit("{}", Subset::claude, true);
  EXPECT_EQ(parameters.schema, R"j({"type":"object","additionalProperties":false})j");
  EXPECT_TRUE(parameters.fit.possible);
}

/// What is told of the outer ones holds the inner ones.
TEST(ClaudeSchema, TuplesInTuplesCannotGrowWithoutBound) {
  std::string schema = R"j({"enum":[")j" + std::string(100'000, 'x') + R"j("]})j";
  for (int i = 0; i < 30; ++i) schema = R"j({"type":"array","prefixItems":[)j" + schema + "]}";
  EXPECT_LT(fit(schema).schema.size(), 10 * schema.size());
}

TEST(ConverseSchema, KeepsTheLengthsOfStrings) {
  const Fitted out = fit(R"j({"type":"string","minLength":1,"maxLength":9})j", Subset::converse);
  EXPECT_EQ(out.schema, R"j({"type":"string","minLength":1,"maxLength":9})j");
  EXPECT_TRUE(out.fit.held);
}

}  // namespace
}  // namespace sluice::dialect::schema
