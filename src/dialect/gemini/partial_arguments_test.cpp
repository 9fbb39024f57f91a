#include "dialect/gemini/partial_arguments.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace sluice::dialect::gemini {
namespace {

Result<> add(PartialArguments& arguments, std::string_view piece) {
  json::Document document;
  const auto root = document.parse(piece);
  EXPECT_TRUE(root) << piece;
  return arguments.add(*root);
}

std::string assembled(std::initializer_list<std::string_view> pieces, std::string_view whole = "{}") {
  json::Document document;
  PartialArguments arguments(*document.parse(whole));
  for (std::string_view piece : pieces) {
    const auto added = add(arguments, piece);
    EXPECT_TRUE(added) << added.error().message();
  }
  std::string out;
  arguments.append_to(out);
  return out;
}

TEST(PartialArguments, JoinsTheStringsOfOnePath) {
  EXPECT_EQ(
      assembled({R"({"jsonPath":"$.a","stringValue":"x\ny"})", R"({"jsonPath":"$.a","stringValue":"\"z"})",
                 R"({"jsonPath":"$.a","stringValue":""})"}),
      R"({"a":"x\ny\"z"})");
}

TEST(PartialArguments, ASurrogatePairMayBeSplit) {
  EXPECT_EQ(assembled({R"({"jsonPath":"$.a","stringValue":"\ud83d"})",
                       R"({"jsonPath":"$.a","stringValue":"\ude00"})"}),
            R"({"a":"\ud83d\ude00"})");
}

TEST(PartialArguments, BuildsObjectsAndArrays) {
  EXPECT_EQ(assembled({R"({"jsonPath":"$.r.items[0].name","stringValue":"a"})",
                       R"({"jsonPath":"$.r.items[0].n","numberValue":2.50})",
                       R"({"jsonPath":"$.r.items[1].name","stringValue":"b"})",
                       R"({"jsonPath":"$.r.on","boolValue":false})",
                       R"({"jsonPath":"$.none","nullValue":"NULL_VALUE"})"}),
            R"({"r":{"items":[{"name":"a","n":2.50},{"name":"b"}],"on":false},"none":null})");
}

TEST(PartialArguments, FillsGapsWithNull) {
  EXPECT_EQ(assembled({R"({"jsonPath":"$.a[2]","numberValue":1})"}), R"({"a":[null,null,1]})");
}

TEST(PartialArguments, UnderstandsQuotedNames) {
  EXPECT_EQ(assembled({R"({"jsonPath":"$['a b'].c","numberValue":1})",
                       R"({"jsonPath":"$[\"x.y\"]","numberValue":2})"}),
            R"({"a b":{"c":1},"x.y":2})");
}

TEST(PartialArguments, AddsToWhatCameAtOnce) {
  EXPECT_EQ(assembled({R"({"jsonPath":"$.a","stringValue":"c"})", R"({"jsonPath":"$.l[1]","numberValue":2})"},
                      R"({ "a": "b", "l": [ 1 ], "n": 9007199254740993 })"),
            R"({"a":"bc","l":[1,2],"n":9007199254740993})");
}

TEST(PartialArguments, RefusesWhatIsNoPath) {
  for (const auto* path : {"", "a", "$", "$a", "$[", "$[x]", "$['a", "$['a'", "$[-1]", "$[1",
                           "$[99999999999999999999]", "$[100000000]"}) {
    PartialArguments arguments;
    const auto added = add(arguments, R"({"numberValue":1,"jsonPath":")" + std::string(path) + "\"}");
    ASSERT_FALSE(added) << path;
    EXPECT_EQ(added.error().code(), ErrorCode::upstream_protocol);
  }
}

TEST(PartialArguments, RefusesToGoThroughAValue) {
  PartialArguments arguments;
  ASSERT_TRUE(add(arguments, R"({"jsonPath":"$.a","stringValue":"x"})"));
  EXPECT_FALSE(add(arguments, R"({"jsonPath":"$.a.b","stringValue":"x"})"));
  EXPECT_FALSE(add(arguments, R"({"jsonPath":"$[0]","stringValue":"x"})"));
}

TEST(PartialArguments, BoundsDepthAndNumber) {
  std::string deep = "$";
  for (std::size_t i = 0; i <= PartialArguments::max_depth; ++i) deep += ".a";
  PartialArguments arguments;
  EXPECT_FALSE(add(arguments, R"({"numberValue":1,"jsonPath":")" + deep + "\"}"));
  EXPECT_TRUE(add(arguments, R"({"numberValue":1,"jsonPath":"$.a[16000]"})"));
  EXPECT_FALSE(add(arguments, R"({"numberValue":1,"jsonPath":"$.b[16000]"})"));
}

}  // namespace
}  // namespace sluice::dialect::gemini
