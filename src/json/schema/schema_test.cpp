#include "json/schema/schema.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace sluice::json::schema {
namespace {

std::string refusal(std::string_view text, const CompileOptions& options = {}) {
  const auto schema = Schema::compile(text, options);
  return schema ? "" : std::string(schema.error().traits().name) + ": " + schema.error().message();
}

Outcome check(std::string_view schema_text, std::string_view text, const CompileOptions& options = {},
              const CheckLimits& limits = {}) {
  const auto schema = Schema::compile(schema_text, options);
  EXPECT_TRUE(schema) << schema.error().message();
  Document document;
  const auto root = document.parse(text);
  EXPECT_TRUE(root) << root.error().message();
  return schema && root ? schema->check(*root, limits) : Outcome{.verdict = Verdict::gave_up};
}

/// The first reason, as `path keyword schema_path: message`; empty if it fits.
std::string reason(std::string_view schema, std::string_view text, const CompileOptions& options = {}) {
  const Outcome outcome = check(schema, text, options);
  if (outcome.valid()) return "";
  const Violation& first = outcome.violations.at(0);
  return first.instance_path + " " + first.keyword + " " + first.schema_path + ": " + first.message;
}

bool fits(std::string_view schema, std::string_view text, const CompileOptions& options = {}) {
  return check(schema, text, options).valid();
}

// What is compared

TEST(Numbers, AreComparedExactly) {
  EXPECT_TRUE(fits(R"({"type":"integer"})", "1.0"));
  EXPECT_TRUE(fits(R"({"type":"integer"})", "1e400"));
  EXPECT_FALSE(fits(R"({"type":"integer"})", "1e-1"));
  EXPECT_TRUE(fits(R"({"multipleOf":0.01})", "19.99"));
  EXPECT_FALSE(fits(R"({"multipleOf":0.01})", "19.995"));
  EXPECT_TRUE(fits(R"({"const":1})", "1.00"));
  EXPECT_FALSE(fits(R"({"const":9007199254740993})", "9007199254740992"));
  EXPECT_FALSE(fits(R"({"exclusiveMaximum":0.30000000000000000001})", "0.30000000000000000001"));
  EXPECT_TRUE(fits(R"({"exclusiveMaximum":0.30000000000000000001})", "0.3"));
}

TEST(Strings, AreComparedDecodedAndCountedInCodePoints) {
  EXPECT_TRUE(fits(R"({"const":"\u00e9"})", R"("é")"));
  EXPECT_TRUE(fits(R"({"enum":["a\"b"]})", R"("\u0061\u0022b")"));
  EXPECT_TRUE(fits(R"({"maxLength":1})", R"("\ud83d\udc32")"));
  EXPECT_TRUE(fits(R"({"maxLength":2})", R"("\n🐲")"));
  EXPECT_FALSE(fits(R"({"maxLength":1})", R"("\n🐲")"));
  EXPECT_FALSE(fits(R"({"minLength":3})", R"("\ud83d\udc32\\")"));
  EXPECT_TRUE(fits(R"({"pattern":"^a\\nb$"})", R"("a\u000ab")"));
  EXPECT_TRUE(
      fits(R"({"properties":{"key":{"type":"null"}},"additionalProperties":false})", R"({"\u006bey":null})"));
  EXPECT_TRUE(fits(R"({"required":["a\\b"]})", R"({"a\\b":1})"));
  EXPECT_FALSE(fits(R"({"properties":{"\\b":{"type":"null"}}})", R"({"\\b":1})"));
  EXPECT_TRUE(fits(R"({"properties":{"\\b":{"type":"null"}}})", R"({"\b":1})"));
}

TEST(Objects, AreCheckedInAnyOrderAndSize) {
  std::string schema = R"({"properties":{)", all = "{", backwards = "{";
  std::string required = R"("required":[)";
  for (int i = 0; i < 200; ++i) {
    const std::string name = "\"member_" + std::to_string(i) + "\"", comma = i > 0 ? "," : "";
    schema += comma + name + R"(:{"type":"integer"})";
    required += comma + name;
    all += comma + name + ":1";
    backwards += comma + "\"member_" + std::to_string(199 - i) + "\":1";
  }
  schema += "}," + required + R"(],"additionalProperties":false})";
  EXPECT_TRUE(fits(schema, all + "}"));
  EXPECT_TRUE(fits(schema, backwards + "}"));
  EXPECT_FALSE(fits(schema, all + R"(,"member_200":1})"));
  EXPECT_EQ(reason(schema, all.substr(0, all.rfind(',')) + "}"),
            " required #/required: the member \"member_199\" is missing");
  EXPECT_FALSE(fits(schema, all + R"(,"member_7":"again"})"))
      << "a member that is there twice is checked twice";
}

// Dialects

TEST(Dialects, OlderWordsAreReadTooWhereNoneIsNamed) {
  EXPECT_FALSE(
      fits(R"({"definitions":{"p":{"type":"string"}},"properties":{"a":{"$ref":"#/definitions/p"}}})",
           R"({"a":1})"));
  EXPECT_FALSE(fits(R"({"items":[{"type":"string"}],"additionalItems":false})", R"(["a",1])"));
}

TEST(Dialects, FollowWhatTheSchemaNames) {
  // Draft 7 ignores what stands beside $ref, and does not know prefixItems.
  EXPECT_TRUE(
      fits(R"({"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/a","type":"null",
                       "definitions":{"a":{"type":"string"}}})",
           R"("x")"));
  EXPECT_TRUE(fits(R"({"$schema":"http://json-schema.org/draft-07/schema#","prefixItems":[false]})", "[1]"));
  EXPECT_FALSE(
      fits(R"({"$schema":"https://json-schema.org/draft/2020-12/schema","prefixItems":[false]})", "[1]"));
  EXPECT_EQ(refusal(R"({"$schema":"https://example.com/mine"})").substr(0, 45),
            "unsupported_schema: #/$schema names a dialect");
}

TEST(Dialects, RecursiveReferencesOf201909AreFollowed) {
  constexpr std::string_view tree =
      R"({"$schema":"https://json-schema.org/draft/2019-09/schema","$id":"https://example.com/strict",
          "$recursiveAnchor":true,"$ref":"tree","unevaluatedProperties":false,
          "$defs":{"tree":{"$id":"tree","$recursiveAnchor":true,
            "properties":{"data":true,"children":{"type":"array","items":{"$recursiveRef":"#"}}}}}})";
  EXPECT_TRUE(fits(tree, R"({"children":[{"data":1}]})"));
  EXPECT_FALSE(fits(tree, R"({"children":[{"daat":1}]})"));
}

TEST(Formats, AssertOnlyOnRequest) {
  EXPECT_TRUE(fits(R"({"format":"date"})", R"("tomorrow")"));
  EXPECT_EQ(reason(R"({"format":"date"})", R"("tomorrow")", {.assert_formats = true}),
            " format #/format: must be of the format \"date\"");
  EXPECT_TRUE(fits(R"({"format":"date"})", R"("2024-02-29")", {.assert_formats = true}));
  EXPECT_TRUE(fits(R"({"format":"colour"})", R"("x")", {.assert_formats = true}));
}

// What is refused

TEST(Refusals, NameThePlaceAndWhatIsAllowed) {
  EXPECT_EQ(
      refusal(R"({"properties":{"a":{"type":"strng"}}})"),
      "invalid_request: #/properties/a/type must be one of \"string\", \"number\", \"integer\", \"boolean\", "
      "\"object\", \"array\" and \"null\", or an array of these");
  EXPECT_EQ(refusal(R"({"properties":{"a":{"minimum":"1"}}})"),
            "invalid_request: #/properties/a/minimum must be a number, not a string");
  EXPECT_EQ(refusal(R"({"items":{"maxItems":-1}})"),
            "invalid_request: #/items/maxItems must be an integer that is not negative");
  EXPECT_EQ(refusal("[]"), "invalid_request: # must be an object or a boolean, not an array");
  EXPECT_EQ(refusal(R"({"anyOf":[{},7]})"),
            "invalid_request: #/anyOf/1 must be an object or a boolean, not a number");
  EXPECT_EQ(refusal(R"({"required":"a"})"), "invalid_request: #/required must be an array of names");
  EXPECT_EQ(refusal(R"({"type":"null","type":"string"})"), "invalid_request: #/type stands there twice");
  EXPECT_EQ(refusal(R"({"properties":{"a":{},"a":{}}})"),
            "invalid_request: #/properties/a stands there twice");
  EXPECT_EQ(refusal(R"({"multipleOf":0})"), "invalid_request: #/multipleOf must be larger than 0");
  EXPECT_EQ(refusal("{").substr(0, 13), "invalid_json:");
}

TEST(Refusals, OfReferencesThatLeadNowhere) {
  EXPECT_EQ(refusal(R"({"items":{"$ref":"#/$defs/none"}})"),
            "invalid_request: #/items/$ref refers to a place that is not there");
  EXPECT_EQ(refusal(R"({"$ref":"#none"})"), "invalid_request: #/$ref refers to an anchor that is not there");
  EXPECT_EQ(
      refusal(R"({"$ref":"https://example.com/a.json"})"),
      "unsupported_schema: #/$ref refers to a document that is not known here, and none is ever fetched; put "
      "what it needs into $defs");
}

TEST(Refusals, OfSchemasThatApplyThemselvesWithoutEnd) {
  const std::string why =
      refusal(R"({"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"allOf":[{"$ref":"#/$defs/a"}]}}})");
  EXPECT_NE(why.find("applies itself to the same value again"), std::string::npos) << why;
  EXPECT_NE(refusal(R"({"$ref":"#"})"), "");
  EXPECT_EQ(refusal(R"({"properties":{"next":{"$ref":"#"}}})"), "") << "this one looks into the value";
}

TEST(Refusals, OfExpressionsSayWhy) {
  EXPECT_EQ(
      refusal(R"({"properties":{"a":{"pattern":"(a)\\1"}}})"),
      "unsupported_schema: #/properties/a/pattern is an expression that cannot be used: at byte 3 stands a "
      "backreference, which cannot be checked in linear time");
  EXPECT_EQ(refusal(R"({"patternProperties":{"a(":{}}})"),
            "invalid_request: #/patternProperties/a( is an expression that cannot be used: at byte 2 stands "
            "the end, "
            "but a group is still open");
}

TEST(Limits, BoundTheSchema) {
  std::string deep = "true";
  for (int i = 0; i < 70; ++i) deep = R"({"not":)" + deep + "}";
  EXPECT_NE(refusal(deep).find("nested deeper than 64 schemas"), std::string::npos);
  std::string wide = R"({"properties":{)";
  for (int i = 0; i < 5001; ++i) wide += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":{}";
  EXPECT_EQ(refusal(wide + "}}"),
            "unsupported_schema: #/properties brings the properties of this schema above 5000");
  EXPECT_EQ(refusal(R"({"$comment":")" + std::string(300'000, 'x') + "\"}"),
            "unsupported_schema: # is larger than 262144 bytes");
  EXPECT_NE(
      refusal(R"({"anyOf":[{},{},{}]})", {.limits = {.max_subschemas = 3}}).find("more than 3 subschemas"),
      std::string::npos);
}

TEST(Limits, BoundTheWork) {
  // Each level asks the next one twice: 2^30 looks at one value.
  std::string schema = R"({"$ref":"#/$defs/0","$defs":{"30":{"type":"null"})";
  for (int i = 0; i < 30; ++i) {
    const std::string next = R"({"$ref":"#/$defs/)" + std::to_string(i + 1) + "\"}";
    schema += ",\"" + std::to_string(i) + R"(":{"anyOf":[)" + next + "," + next + "]}";
  }
  const Outcome outcome = check(schema + "}}", "1");
  EXPECT_EQ(outcome.verdict, Verdict::gave_up);
  ASSERT_EQ(outcome.violations.size(), 1U);
  EXPECT_EQ(outcome.violations[0].message, "is too large or too deep to be checked against this schema");
}

TEST(Limits, BoundTheDepthOfDynamicReferences) {
  const Outcome outcome =
      check(R"({"$id":"https://example.com/","$dynamicAnchor":"a","$dynamicRef":"#a"})", "1");
  EXPECT_EQ(outcome.verdict, Verdict::gave_up);
}

TEST(Limits, BoundTheDepthOfDocuments) {
  constexpr std::string_view schema =
      R"({"$ref":"#/$defs/n","$defs":{"n":{"anyOf":[{"allOf":[{"type":["object","null"],"unevaluatedProperties":false,
          "properties":{"a":{"$ref":"#/$defs/n"}}}]},{"type":"string"}]}}})";
  std::string deep = "null";
  for (int i = 0; i < 1000; ++i) deep = R"({"a":)" + deep + "}";
  const auto compiled = Schema::compile(schema);
  ASSERT_TRUE(compiled) << compiled.error().message();
  Document document;
  const auto root = document.parse(deep, {.max_depth = json::Limits::most_depth});
  ASSERT_TRUE(root);
  EXPECT_EQ(compiled->check(*root).verdict, Verdict::gave_up);
  const auto usual = document.parse(std::string_view(deep).substr(5 * 880, deep.size() - 6 * 880));
  ASSERT_TRUE(usual) << "as deep as documents are allowed to be";
  EXPECT_EQ(compiled->check(*usual).verdict, Verdict::valid);
}

TEST(Limits, ManyEqualHashesAndLongArraysStayCheap) {
  std::string numbers = "[";
  for (int i = 0; i < 100'000; ++i) numbers += std::to_string(i) + ",";
  EXPECT_TRUE(fits(R"({"uniqueItems":true})", numbers + "-1]"));
  EXPECT_EQ(reason(R"({"uniqueItems":true})", numbers + "70000.0]"),
            " uniqueItems #/uniqueItems: must hold no value twice, but elements 70000 and 100000 are equal");
}

TEST(KnownDocuments, AreReferredToByAddress) {
  KnownDocuments known;
  known.add("https://example.com/types.json", R"({"$defs":{"id":{"type":"string","maxLength":3}}})");
  constexpr std::string_view schema = R"({"items":{"$ref":"https://example.com/types.json#/$defs/id"}})";
  EXPECT_EQ(
      reason(schema, R"(["long"])", {.known = &known}),
      "/0 maxLength https://example.com/types.json#/$defs/id/maxLength: must have at most 3 characters, but "
      "has 4");
  known.add("https://example.com/types.json", "{");
  EXPECT_EQ(refusal(schema, {.known = &known}),
            "invalid_request: #/items/$ref refers to a document that is no JSON");
}

TEST(KnownDocuments, HoldTheMetaschemas) {
  EXPECT_TRUE(fits(R"({"$ref":"https://json-schema.org/draft/2020-12/schema"})", R"({"type":"string"})"));
  EXPECT_FALSE(fits(R"({"$ref":"https://json-schema.org/draft/2020-12/schema"})",
                    R"({"properties":{"a":{"type":1}}})"));
  EXPECT_FALSE(fits(R"({"$ref":"http://json-schema.org/draft-07/schema#"})", R"({"minLength":-1})"));
}

TEST(Schema, OutlivesItsTextAndIsSharedBetweenThreads) {
  auto text = std::make_unique<std::string>(
      R"({"properties":{"a":{"enum":["x",{"deep":[1,2]}]},"b":{"pattern":"^[a-z]+\\d$"}},"required":["a"]})");
  auto compiled = Schema::compile(*text);
  ASSERT_TRUE(compiled);
  const Schema schema = *compiled;
  compiled = fail(ErrorCode::internal, "gone");
  text.reset();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([schema] {
      for (int round = 0; round < 200; ++round) {
        Document document;
        const auto good = document.parse(R"({"a":{"deep":[1.0,2]},"b":"abc1"})");
        EXPECT_EQ(schema.judge(*good), Verdict::valid);
        const auto bad = document.parse(R"({"a":"y","b":"1"})");
        EXPECT_EQ(schema.check(*bad).violations.size(), 2U);
      }
    });
}

}  // namespace
}  // namespace sluice::json::schema
