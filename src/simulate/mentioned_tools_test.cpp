#include "simulate/mentioned_tools.hpp"

#include <gtest/gtest.h>

namespace sluice::simulate {
namespace {

/// `add{"a":1} mul` and so on: what would be called, in short.
std::string mentioned(std::string_view text,
                      const std::vector<std::string>& names = {"add", "mul", "get_weather"}) {
  std::vector<Tool> tools;
  for (const std::string& name : names) tools.push_back({name});
  std::string out;
  for (const Mention& mention : mentioned_tools(text, tools))
    out += (out.empty() ? "" : " ") + names[mention.tool] + mention.wishes;
  return out;
}

TEST(MentionedTools, FindsWholeWordsInTheOrderOfTheText) {
  EXPECT_EQ(mentioned("please call mul and add"), "mul add");
  EXPECT_EQ(mentioned("ADD 2 and 3, then add again"), "add");
  EXPECT_EQ(mentioned("address the adder with my-add and add_on"), "");
  EXPECT_EQ(mentioned("call every tool"), "add mul get_weather");
  EXPECT_EQ(mentioned("nothing to do"), "");
}

TEST(MentionedTools, ReadsArguments) {
  EXPECT_EQ(mentioned("add(a=2, b=3)"), R"(add{"a":2,"b":3})");
  EXPECT_EQ(mentioned("get_weather(city=New York, unit='c', tags=[1,2], near: \"a, b\")"),
            R"(get_weather{"city":"New York","unit":"c","tags":[1,2],"near":"a, b"})");
  EXPECT_EQ(mentioned(R"(add {"a": {"b": "}"}} then mul {"c":1})"), R"(add{"a": {"b": "}"}} mul{"c":1})");
  EXPECT_EQ(mentioned(R"(add({"a": 1}))"), R"(add{"a": 1})");
  EXPECT_EQ(mentioned(R"(with {"a": 1} call add)"), R"(add{"a": 1})");
  EXPECT_EQ(mentioned("add(a=1) and add(a=2)"), R"(add{"a":1} add{"a":2})");
  EXPECT_EQ(mentioned("mul(by=add)"), R"(mul{"by":"add"})");
}

TEST(MentionedTools, FindsNamesThatAGatewayHadToChange) {
  EXPECT_EQ(mentioned("call my.tool", {"my_tool"}), "my_tool");
}

TEST(MentionedTools, IsNotConfusedByBrokenBrackets) {
  EXPECT_EQ(mentioned("add((((("), "add");
  EXPECT_EQ(mentioned("add {\"a\":"), "add");
  EXPECT_EQ(mentioned(std::string(100'000, '(') + " add"), "");  // beyond what is looked at
}

}  // namespace
}  // namespace sluice::simulate
