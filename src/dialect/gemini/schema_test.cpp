#include "dialect/gemini/schema.hpp"

#include <gtest/gtest.h>

namespace sluice::dialect::gemini {
namespace {

struct Rewritten {
  std::string schema;
  bool holds;
};

Rewritten rewrite(std::string_view schema, bool is_parameters = false) {
  json::Document document;
  const auto root = document.parse(schema);
  EXPECT_TRUE(root) << schema;
  Rewritten out;
  out.holds = is_parameters ? append_parameters(out.schema, *root) : append_schema(out.schema, *root);
  json::Document check;
  EXPECT_TRUE(check.parse(out.schema)) << out.schema;
  return out;
}

void expect_exact(std::string_view schema, std::string_view expected) {
  const Rewritten out = rewrite(schema);
  EXPECT_EQ(out.schema, expected);
  EXPECT_TRUE(out.holds) << schema;
}

void expect_told(std::string_view schema, std::string_view expected) {
  const Rewritten out = rewrite(schema);
  EXPECT_EQ(out.schema, expected);
  EXPECT_FALSE(out.holds) << schema;
}

void expect_unchanged(std::string_view schema) {
  expect_exact(schema, schema);
}

TEST(GeminiSchema, KeepsWhatGeminiHas) {
  expect_unchanged(
      R"j({"type":"object","title":"T","properties":{"a":{"type":["string","null"],"format":"date-time"},)j"
      R"j("b":{"type":"array","items":{"type":"number","minimum":0,"maximum":1},"minItems":1,"maxItems":3},)j"
      R"j("c":{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}]}},)j"
      R"j("required":["a"],"additionalProperties":false,"description":"D"})j");
}

TEST(GeminiSchema, NullableUnionsStay) {
  expect_unchanged(R"j({"anyOf":[{"type":"string"},{"type":"null"}]})j");
  expect_unchanged(R"j({"type":["string","null"]})j");
}

TEST(GeminiSchema, PropertiesMayBeNamedLikeKeywords) {
  expect_unchanged(R"j({"type":"object","properties":{"title":{"type":"string"},"$ref":{"type":"string"},)j"
                   R"j("format":{"type":"string"},"items":{"type":"string"},"const":{"type":"string"},)j"
                   R"j("not":{"type":"string"},"$defs":{"type":"string"}},"required":["$ref","const"]})j");
}

TEST(GeminiSchema, DefinitionsMayBeNamedLikeKeywords) {
  expect_unchanged(
      R"j({"type":"object","properties":{"a":{"$ref":"#/$defs/not"}},"$defs":{"not":{"type":"string"}}})j");
}

TEST(GeminiSchema, NumbersInEnumsStayNumbers) {
  expect_unchanged(R"j({"type":"integer","enum":[1,2]})j");
}

TEST(GeminiSchema, ConstIsAnEnumOfOne) {
  expect_exact(R"j({"const":"a"})j", R"j({"type":"string","enum":["a"]})j");
  expect_exact(R"j({"type":"integer","const":7})j", R"j({"type":"integer","enum":[7]})j");
  expect_exact(R"j({"const":1.5})j", R"j({"type":"number","enum":[1.5]})j");
  expect_exact(R"j({"const":null})j", R"j({"type":"null"})j");
  expect_told(R"j({"const":true})j", R"j({"description":"(const: true)"})j");
}

TEST(GeminiSchema, EnumsHoldStringsAndNumbersOnly) {
  expect_exact(R"j({"type":["string","null"],"enum":["a",null]})j",
               R"j({"type":["string","null"],"enum":["a"]})j");
  expect_exact(R"j({"enum":["a","b"]})j", R"j({"type":"string","enum":["a","b"]})j");
  expect_told(R"j({"type":"boolean","enum":[true]})j",
              R"j({"type":"boolean","description":"(enum: [true])"})j");
}

TEST(GeminiSchema, ConstraintsWithoutKeywordAreTold) {
  expect_told(R"j({"type":"string","description":"A name.","minLength":3,"pattern":"^\\w+$"})j",
              R"j({"type":"string","description":"A name. (minLength: 3; pattern: ^\\w+$)"})j");
  expect_told(R"j({"type":"string","format":"uri"})j",
              R"j({"type":"string","description":"(format: uri)"})j");
  expect_told(R"j({"not":{ "type": "string" }})j", R"j({"description":"(not: {\"type\":\"string\"})"})j");
}

TEST(GeminiSchema, NotesAreToldOrLeftOutWithoutLoss) {
  expect_exact(
      R"j({"$schema":"x","$id":"y","type":"string","default":"a","examples":["b"],"x-more":1,"deprecated":true})j",
      R"j({"type":"string","description":"(default: a; examples: [\"b\"])"})j");
  expect_exact(R"j({"type":"string","default":null})j", R"j({"type":"string"})j");
}

TEST(GeminiSchema, OneOfIsAnyOf) {
  expect_exact(R"j({"oneOf":[{"type":"string"},{"type":"integer"}]})j",
               R"j({"anyOf":[{"type":"string"},{"type":"integer"}]})j");
}

TEST(GeminiSchema, NullableIsAType) {
  expect_exact(R"j({"type":"string","nullable":true})j", R"j({"type":["string","null"]})j");
  expect_exact(R"j({"type":"string","nullable":false})j", R"j({"type":"string"})j");
}

TEST(GeminiSchema, ListsInItemsArePrefixItems) {
  expect_exact(R"j({"type":"array","items":[{"type":"string"},{"type":"integer"}]})j",
               R"j({"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}]})j");
}

TEST(GeminiSchema, BooleansAreSchemas) {
  expect_exact(R"j({"type":"object","properties":{"any":true,"never":false,"a":{"type":"string"}}})j",
               R"j({"type":"object","properties":{"any":{},"a":{"type":"string"}}})j");
  expect_told(R"j({"type":"object","properties":{"never":false},"required":["never"]})j",
              R"j({"type":"object","properties":{}})j");
  expect_unchanged(R"j({"type":"object","additionalProperties":true})j");
  expect_unchanged(R"j({"type":"object","additionalProperties":{"type":"string"}})j");
}

TEST(GeminiSchema, OnlyPropertiesCanBeRequired) {
  expect_told(R"j({"type":"object","properties":{"a":{}},"required":["a","ghost"]})j",
              R"j({"type":"object","properties":{"a":{}},"required":["a"]})j");
}

TEST(GeminiSchema, AllOfIsFlattenedAndTheFirstWins) {
  expect_exact(
      R"j({"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},)j"
      R"j({"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}},"required":["b","a"]}],)j"
      R"j("description":"D"})j",
      R"j({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},)j"
      R"j("required":["a","b"],"description":"D"})j");
  expect_told(R"j({"minimum":1,"allOf":[{"minimum":2}]})j",
              R"j({"minimum":1,"description":"(minimum: 2)"})j");
}

TEST(GeminiSchema, ReferencesToDefinitionsStay) {
  expect_unchanged(
      R"j({"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"type":"string"}}})j");
  expect_exact(
      R"j({"type":"object","properties":{"a":{"$ref":"#/definitions/A"}},"definitions":{"A":{"type":"string"}}})j",
      R"j({"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"type":"string"}}})j");
}

TEST(GeminiSchema, ReferencesThatSayMoreAreReplacedByWhatTheyName) {
  constexpr std::string_view definition = R"j("$defs":{"A":{"type":"string","description":"its"}}})j";
  const std::string properties = R"j({"type":"object","properties":{"a":)j";
  expect_exact(properties + R"j({"$ref":"#/$defs/A","description":"mine"}},)j" + std::string(definition),
               properties + R"j({"type":"string","description":"mine"}},)j" + std::string(definition));
  expect_exact(
      properties + R"j({"allOf":[{"$ref":"#/$defs/A"}],"title":"t"}},)j" + std::string(definition),
      properties + R"j({"title":"t","type":"string","description":"its"}},)j" + std::string(definition));
}

TEST(GeminiSchema, ReferencesToOtherPlacesAreReplacedToo) {
  expect_exact(R"j({"properties":{"a/b":{"type":"string"},"c":{"$ref":"#/properties/a~1b"}}})j",
               R"j({"properties":{"a/b":{"type":"string"},"c":{"type":"string"}}})j");
  expect_told(R"j({"$ref":"https://example.com/schema"})j", R"j({})j");
  expect_told(R"j({"properties":{"a":{"$ref":"#/$defs/ghost"}}})j", R"j({"properties":{"a":{}}})j");
}

TEST(GeminiSchema, ARootMayBeAReference) {
  constexpr std::string_view body = R"j("type":"object","properties":{"n":{"type":"integer"}}})j";
  expect_exact(R"j({"$ref":"#/$defs/A","$defs":{"A":{)j" + std::string(body) + "}}",
               R"j({"$defs":{"A":{)j" + std::string(body) + "}," + std::string(body));
}

TEST(GeminiSchema, RecursionStaysAReferenceAndMayEnd) {
  const auto tree = [](std::string_view required) {
    return R"j({"type":"object","properties":{"tree":{"$ref":"#/$defs/Node"}},"required":["tree"],)j"
           R"j("$defs":{"Node":{"type":"object","properties":{"value":{"type":"string"},)j"
           R"j("children":{"type":"array","items":{"$ref":"#/$defs/Node"}}},"required":[)j" +
           std::string(required) + "]}}}";
  };
  expect_told(tree(R"j("value","children")j"), tree(R"j("value")j"));
  expect_unchanged(R"j({"type":"object","properties":{"next":{"$ref":"#"}}})j");
}

TEST(GeminiSchema, RecursionThroughReplacedReferencesEnds) {
  const Rewritten out = rewrite(
      R"j({"properties":{"a":{"$ref":"#/properties/a","description":"x"},"b":{"$ref":"#","title":"again"}}})j");
  EXPECT_FALSE(out.holds);
  const Rewritten mutual = rewrite(
      R"j({"$ref":"#/$defs/A","$defs":{"A":{"$ref":"#/$defs/B","title":"a"},"B":{"$ref":"#/$defs/A","title":"b"}}})j");
  EXPECT_LT(mutual.schema.size(), 1000U);
}

TEST(GeminiSchema, ReplacedReferencesCannotGrowWithoutBound) {
  std::string schema = R"j({"$ref":"#/$defs/d0","title":"x","$defs":{)j";
  for (int i = 0; i < 40; ++i) {
    const std::string next = R"j({"$ref":"#/$defs/d)j" + std::to_string(i + 1) + R"j(","title":"x"})j";
    schema += "\"d" + std::to_string(i) + R"j(":{"properties":{"l":)j" + next + R"j(,"r":)j" + next + "}},";
  }
  schema += R"j("d40":{"type":"string"}}})j";
  const Rewritten out = rewrite(schema);
  EXPECT_LT(out.schema.size(), 2'000'000U);
  EXPECT_FALSE(out.holds);
}

/// Linear in its size, whatever a client sends.
TEST(GeminiSchema, LargeSchemasStayCheap) {
  std::string properties, required, definitions, pointers;
  for (int i = 0; i < 20000; ++i) {
    const std::string name = "p" + std::to_string(i), comma = i ? "," : "";
    properties += comma + "\"" + name + R"j(":{"$ref":"#/$defs/)j" + name + "\"}";
    required += comma + "\"" + name + "\"";
    definitions += comma + "\"" + name + R"j(":{"$ref":"#"})j";
    pointers += comma + R"j({"$ref":"#/properties/)j" + name + "\"}";
  }
  const Rewritten out = rewrite(R"j({"properties":{)j" + properties + R"j(},"required":[)j" + required +
                                R"j(],"$defs":{)j" + definitions + R"j(},"anyOf":[)j" + pointers + "]}");
  EXPECT_FALSE(out.holds);
}

TEST(GeminiSchema, ParametersAreObjects) {
  EXPECT_EQ(rewrite(R"j({"properties":{"a":{"type":"string"}}})j", true).schema,
            R"j({"type":"object","properties":{"a":{"type":"string"}}})j");
  EXPECT_EQ(rewrite(R"j({"type":"object","properties":{"a":{}}})j", true).schema,
            R"j({"type":"object","properties":{"a":{}}})j");
}

TEST(GeminiSchema, ParametersOfAnotherTypeAreObjectsAllTheSame) {
  const Rewritten out =
      rewrite(R"j({"type":["object","null"],"properties":{"a":{"type":["string","null"]}}})j", true);
  EXPECT_EQ(out.schema, R"j({"type":"object","properties":{"a":{"type":["string","null"]}}})j");
  EXPECT_FALSE(out.holds);
}

TEST(GeminiSchema, ARootWithoutDescriptionGetsTheGivenOne) {
  const auto described = [](std::string_view schema) {
    json::Document document;
    std::string out;
    append_schema(out, *document.parse(schema), json::Text("Mine."));
    return out;
  };
  EXPECT_EQ(described(R"j({"type":"object"})j"), R"j({"type":"object","description":"Mine."})j");
  EXPECT_EQ(described(R"j({"type":"object","description":"Its."})j"),
            R"j({"type":"object","description":"Its."})j");
}

TEST(GeminiSchema, KnowsToolsWithoutArguments) {
  const auto none = [](std::string_view schema) {
    json::Document document;
    return takes_no_arguments(*document.parse(schema));
  };
  EXPECT_TRUE(takes_no_arguments({}));
  EXPECT_TRUE(none("{}"));
  EXPECT_TRUE(none(
      R"j({"type":"object","properties":{},"required":[],"additionalProperties":false,"$schema":"x"})j"));
  EXPECT_FALSE(none(R"j({"type":"object","additionalProperties":true})j"));
  EXPECT_FALSE(none(R"j({"$ref":"#/$defs/A"})j"));
  EXPECT_FALSE(none(R"j({"properties":{"a":{}}})j"));
  EXPECT_FALSE(none(R"j({"type":"string"})j"));
}

}  // namespace
}  // namespace sluice::dialect::gemini
