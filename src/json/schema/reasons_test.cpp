#include "json/schema/schema.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::json::schema {
namespace {

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

TEST(Reasons, NamePlaceKeywordAndWhatToChange) {
  constexpr std::string_view person =
      R"({"type":"object","properties":{"name":{"type":"string","minLength":2},"age":{"type":"integer","maximum":150},
          "role":{"enum":["admin","user"]},"tags":{"type":"array","maxItems":1}},
          "required":["name"],"additionalProperties":false})";
  EXPECT_EQ(reason(person, R"({"name":"Ann","age":"30"})"),
            "/age type #/properties/age/type: must be an integer, but is a string");
  EXPECT_EQ(reason(person, R"({"name":"Ann","age":1.5})"),
            "/age type #/properties/age/type: must be an integer, but is a number with a fraction");
  EXPECT_EQ(reason(person, "{}"), " required #/required: the member \"name\" is missing");
  EXPECT_EQ(reason(person, R"({"name":"Ann","agee":1})"),
            "/agee additionalProperties #/additionalProperties: the member \"agee\" is not allowed here; "
            "did you mean \"age\"?");
  EXPECT_EQ(reason(person, R"({"name":"Ann","zzzzzz":1})"),
            "/zzzzzz additionalProperties #/additionalProperties: the member \"zzzzzz\" is not allowed here; "
            "allowed are \"name\", \"age\", \"role\" and \"tags\"");
  EXPECT_EQ(reason(person, R"({"name":"A"})"),
            "/name minLength #/properties/name/minLength: must have at least 2 characters, but has 1");
  EXPECT_EQ(reason(person, R"({"name":"Ann","age":151})"),
            "/age maximum #/properties/age/maximum: must be at most 150");
  EXPECT_EQ(reason(person, R"({"name":"Ann","role":"root"})"),
            "/role enum #/properties/role/enum: must be one of \"admin\" or \"user\"");
  EXPECT_EQ(reason(person, R"({"name":"Ann","tags":[1,2]})"),
            "/tags maxItems #/properties/tags/maxItems: must have at most 1 element, but has 2");
  EXPECT_EQ(reason(person, "[]"), " type #/type: must be an object, but is an array");
}

TEST(Reasons, OfAnObjectItselfComeFirst) {
  const auto outcome =
      check(R"({"properties":{"a":{"type":"string"}},"required":["b","c"],"maxProperties":0})", R"({"a":1})");
  ASSERT_EQ(outcome.violations.size(), 3U);
  EXPECT_EQ(outcome.violations[0].message, "the members \"b\" and \"c\" are missing");
  EXPECT_EQ(outcome.violations[1].keyword, "maxProperties");
  EXPECT_EQ(outcome.violations[2].instance_path, "/a");
  EXPECT_FALSE(outcome.has_more);
}

TEST(Reasons, EscapeNamesInPointers) {
  EXPECT_EQ(
      reason(R"({"properties":{"a/b":{"properties":{"m~n":false}}}})", R"({"a\/b":{"m~n":1}})"),
      "/a~1b/m~0n properties #/properties/a~1b/properties/m~0n: the member \"m~n\" is not allowed here");
}

TEST(Reasons, NameTheSchemaWhereItStands) {
  EXPECT_EQ(reason(R"({"$defs":{"id":{"type":"string"}},"items":{"$ref":"#/$defs/id"}})", "[1]"),
            "/0 type #/$defs/id/type: must be a string, but is a number");
  EXPECT_EQ(
      reason(
          R"({"$defs":{"id":{"$id":"https://example.com/id","type":"string"}},"items":{"$ref":"https://example.com/id"}})",
          "[1]"),
      "/0 type https://example.com/id#/type: must be a string, but is a number");
}

TEST(Reasons, OfAlternativesTellTheNearest) {
  constexpr std::string_view actions =
      R"({"properties":{"action":{"anyOf":[
          {"type":"object","properties":{"kind":{"const":"say"},"text":{"type":"string"}},
           "required":["kind","text"],"additionalProperties":false},
          {"type":"object","properties":{"kind":{"const":"call"},"fn":{"type":"string"}},
           "required":["kind","fn"],"additionalProperties":false}]}}})";
  const auto outcome = check(actions, R"({"action":{"kind":"call","fun":"x"}})");
  ASSERT_EQ(outcome.violations.size(), 3U);
  EXPECT_EQ(outcome.violations[0].instance_path, "/action");
  EXPECT_EQ(outcome.violations[0].keyword, "anyOf");
  EXPECT_EQ(outcome.violations[0].message,
            "must match one of 2 alternatives, and matches none; number 2 is nearest");
  EXPECT_EQ(outcome.violations[1].message, "the member \"fn\" is missing");
  EXPECT_EQ(outcome.violations[2].message, "the member \"fun\" is not allowed here; did you mean \"fn\"?");
}

TEST(Reasons, OfAlternativesThatDifferByTypeNameTheTypes) {
  const auto outcome =
      check(R"({"anyOf":[{"$ref":"#/$defs/s"},{"type":"null"}],"$defs":{"s":{"type":"string"}}})", "1");
  ASSERT_EQ(outcome.violations.size(), 1U);
  EXPECT_EQ(outcome.violations[0].keyword, "anyOf");
  EXPECT_EQ(outcome.violations[0].message, "must be a string or null, but is a number");
}

TEST(Reasons, OfOneOfNameThoseThatMatch) {
  EXPECT_EQ(reason(R"({"oneOf":[{"minimum":1},{"type":"string"},{"maximum":5}]})", "3"),
            " oneOf #/oneOf: must match exactly one of the alternatives, but matches numbers 1 and 3");
}

TEST(Reasons, OfTuplesAndUniqueness) {
  EXPECT_EQ(reason(R"({"prefixItems":[true,true],"items":false})", "[1,2,3]"),
            "/2 items #/items: element 2 is one too many");
  EXPECT_EQ(reason(R"({"uniqueItems":true})", R"([1,{"a":1,"b":2},{"b":2.0,"a":1}])"),
            " uniqueItems #/uniqueItems: must hold no value twice, but elements 1 and 2 are equal");
  EXPECT_EQ(reason(R"({"contains":{"const":1},"minContains":2})", "[1]"),
            " minContains #/minContains: must hold at least 2 elements that match the schema in `contains`, "
            "but holds 1");
}

TEST(Reasons, OfNamesAndDependencies) {
  EXPECT_EQ(
      reason(R"({"propertyNames":{"pattern":"^[a-z]+$"}})", R"({"A1":1})"),
      " propertyNames #/propertyNames: the member name \"A1\" is not allowed: it must match the regular "
      "expression \"^[a-z]+$\"");
  EXPECT_EQ(
      reason(R"({"dependentRequired":{"card":["address"]}})", R"({"card":1})"),
      " dependentRequired #/dependentRequired: the member \"address\" is missing, which \"card\" requires "
      "beside itself");
}

TEST(Reasons, HoldNoTextOfTheDocument) {
  const auto outcome =
      check(R"({"properties":{"a":{"const":"x"},"b":{"pattern":"^y$"},"c":{"maxLength":1},
                                 "d":{"maximum":1},"e":{"enum":[1]},"f":{"not":{}}}})",
            R"({"a":"secret","b":"secret","c":"secret","d":77777,"e":"secret","f":"secret"})");
  EXPECT_EQ(outcome.violations.size(), 6U);
  for (const Violation& violation : outcome.violations) {
    EXPECT_EQ(violation.message.find("secret"), std::string::npos) << violation.message;
    EXPECT_EQ(violation.message.find("77777"), std::string::npos) << violation.message;
  }
}

TEST(Reasons, AreBounded) {
  const auto outcome = check(R"({"items":{"type":"string"}})", "[1,2,3,4,5]", {}, {.max_violations = 2});
  EXPECT_EQ(outcome.violations.size(), 2U);
  EXPECT_TRUE(outcome.has_more);
}

}  // namespace
}  // namespace sluice::json::schema
