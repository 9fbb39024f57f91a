#include "dialect/openai/testing/decoded.hpp"

#include <gmock/gmock.h>

namespace sluice::dialect::openai {
namespace {

using testing::HasSubstr;
using Choice = chat::ToolChoice::Kind;

constexpr std::string_view f_and_g =
    R"("tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}])";

Decoded choosing(std::string_view choice) {
  return Decoded(with_members(std::string(f_and_g).append(R"(,"tool_choice":)").append(choice)));
}

TEST(DecodeTools, ReadsFunctions) {
  const Decoded d(with_members(
      R"("parallel_tool_calls":false,"tools":[{"type":"function","cache_control":{"type":"ephemeral"},"function":)"
      R"({"name":"f","description":"d","strict":true,"parameters":{"type":"object","properties":{"title":{}}}}}])"));
  ASSERT_EQ(d->tools.size(), 1U);
  const chat::Tool& tool = d->tools[0];
  EXPECT_EQ(tool.kind, chat::Tool::Kind::function);
  EXPECT_EQ(tool.name.escaped(), "f");
  EXPECT_EQ(tool.description.escaped(), "d");
  EXPECT_EQ(tool.strict, true);
  EXPECT_EQ(tool.parameters.raw(), R"({"type":"object","properties":{"title":{}}})");
  EXPECT_TRUE(tool.cache_control.exists());
  EXPECT_EQ(tool.source["function"]["name"].string(), "f");
  EXPECT_EQ(d->parallel_tool_calls, false);
}

TEST(DecodeTools, ReadsCustomTools) {
  const Decoded d(
      with_members(R"("tools":[{"type":"custom","custom":{"name":"sql","description":"d","format":{}}}])"));
  EXPECT_EQ(d->tools.at(0).kind, chat::Tool::Kind::custom);
  EXPECT_EQ(d->tools.at(0).name.escaped(), "sql");
}

TEST(DecodeTools, AnEmptyListIsNone) {
  const Decoded d(with_members(R"("tools":[],"tool_choice":"auto","parallel_tool_calls":true)"));
  EXPECT_TRUE(d->tools.empty());
  EXPECT_EQ(d->tool_choice.kind, Choice::unset);
  EXPECT_FALSE(d->parallel_tool_calls);
}

TEST(DecodeTools, WithoutToolsNoneCanBeDemanded) {
  EXPECT_TRUE(Decoded(with_members(R"("tool_choice":"none")")).ok());
  EXPECT_EQ(Decoded(with_members(R"("tool_choice":"auto")"))->tool_choice.kind, Choice::unset);
  EXPECT_EQ(Decoded(with_members(R"("tool_choice":"required")")).param(), "tool_choice");
  EXPECT_EQ(Decoded(with_members(R"("tool_choice":{"type":"function","function":{"name":"f"}})")).param(),
            "tool_choice");
}

TEST(DecodeTools, ReadsEveryFormOfChoice) {
  EXPECT_EQ(choosing(R"("none")")->tool_choice.kind, Choice::none);
  EXPECT_EQ(choosing(R"("auto")")->tool_choice.kind, Choice::automatic);
  EXPECT_EQ(choosing(R"("required")")->tool_choice.kind, Choice::required);
  const Decoded named = choosing(R"({"type":"function","function":{"name":"g"}})");
  EXPECT_EQ(named->tool_choice.kind, Choice::named);
  EXPECT_EQ(named->tool_choice.name.escaped(), "g");
}

TEST(DecodeTools, RefusesChoicesThatCannotBeMet) {
  EXPECT_EQ(choosing(R"({"type":"function","function":{"name":"h"}})").param(), "tool_choice.function.name");
  EXPECT_EQ(choosing(R"({"type":"function"})").param(), "tool_choice.function.name");
  EXPECT_EQ(choosing(R"("some")").param(), "tool_choice");
  EXPECT_EQ(choosing("7").param(), "tool_choice");
  EXPECT_EQ(choosing("{}").param(), "tool_choice.type");
  EXPECT_EQ(choosing(R"({"type":"web_search"})").param(), "tool_choice.type") << "none is offered";
}

TEST(DecodeTools, ReadsChoicesInOtherApisWords) {
  for (const char* any : {R"("any")", R"({"type":"any"})", R"({"type":"required"})"})
    EXPECT_EQ(choosing(any)->tool_choice.kind, Choice::required) << any;
  EXPECT_EQ(choosing(R"({"type":"auto"})")->tool_choice.kind, Choice::automatic);
  for (const char* named : {R"({"type":"tool","name":"g"})", R"({"type":"function","name":"g"})",
                            R"({"function":{"name":"g"}})", R"("g")"}) {
    EXPECT_EQ(choosing(named)->tool_choice.kind, Choice::named) << named;
    EXPECT_EQ(choosing(named)->tool_choice.name.escaped(), "g") << named;
  }
  EXPECT_EQ(choosing(R"({"type":"tool","name":"h"})").param(), "tool_choice.name");
}

TEST(DecodeTools, LeavesHostedToolsAsTheyAre) {
  const std::string tools =
      R"("tools":[{"type":"web_search_preview","name":"f"},{"type":"function","function":{"name":"f"}},{"type":"mcp"},{"type":"mcp"}])";
  const Decoded d(with_members(tools + R"(,"tool_choice":{"type":"mcp"})"));
  ASSERT_EQ(d->tools.size(), 1U);
  EXPECT_EQ(d->tools[0].index, 1U);
  ASSERT_EQ(d->hosted_tools.size(), 3U) << "their types are no names";
  EXPECT_EQ(d->hosted_tools[1].index, 2U);
  EXPECT_EQ(d->hosted_tools[0].source.raw(), R"({"type":"web_search_preview","name":"f"})");
  EXPECT_EQ(d->tool_choice.kind, Choice::unset);
  EXPECT_EQ(d->tool_choice.hosted.raw(), R"({"type":"mcp"})");
  const Decoded allowed(with_members(
      tools +
      R"(,"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"mcp"}]}})"));
  EXPECT_TRUE(allowed->tools.empty());
  EXPECT_EQ(allowed->hosted_tools.size(), 2U);
}

TEST(DecodeTools, AllowedToolsAreTheOnesOffered) {
  const Decoded d = choosing(
      R"({"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"g"}}]}})");
  ASSERT_EQ(d->tools.size(), 1U);
  EXPECT_EQ(d->tools[0].name.escaped(), "g");
  EXPECT_EQ(d->tool_choice.kind, Choice::required);
  EXPECT_EQ(choosing(R"({"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function",)"
                     R"("function":{"name":"h"}}]}})")
                .param(),
            "tool_choice.allowed_tools.tools[0]");
  EXPECT_EQ(choosing(R"({"type":"allowed_tools","allowed_tools":{"mode":"none","tools":[]}})").param(),
            "tool_choice.allowed_tools.mode");
}

TEST(DecodeTools, NamesTheToolThatCannotBeRead) {
  struct Case {
    const char* tools;
    const char* param;
  };
  for (const Case& c :
       {Case{R"({})", "tools"}, Case{R"([7])", "tools[0]"}, Case{R"([{"type":""}])", "tools[0].type"},
        Case{R"([{"type":"functon","function":{"name":"f"}}])", "tools[0].type"},
        Case{R"([{"type":"mcp"},{"type":7}])", "tools[1].type"},
        Case{R"([{"function":{"name":"f"}}])", "tools[0].type"},
        Case{R"([{"type":"function"}])", "tools[0].function"},
        Case{R"([{"type":"function","function":{"name":""}}])", "tools[0].function.name"},
        Case{R"([{"type":"function","function":{"name":"f","parameters":[]}}])",
             "tools[0].function.parameters"},
        Case{R"([{"type":"function","function":{"name":"f","strict":"yes"}}])", "tools[0].function.strict"}})
    EXPECT_EQ(Decoded(with_members(std::string(R"("tools":)") + c.tools)).param(), c.param) << c.tools;
}

TEST(DecodeTools, NamesAreUnique) {
  const Decoded d(with_members(
      R"("tools":[{"type":"function","function":{"name":"f"}},)"
      R"({"type":"function","function":{"name":"g"}},{"type":"custom","custom":{"name":"\u0066"}}])"));
  EXPECT_EQ(d.param(), "tools[2]");
  EXPECT_THAT(d.complaint(), HasSubstr("has the name `f`, which another tool has already"));
  EXPECT_EQ(Decoded(with_members(R"("tools":[{"type":"mcp"},{"type":"function","function":{"name":"f"}},)"
                                 R"({"type":"function","function":{"name":"f"}}])"))
                .param(),
            "tools[2]")
      << "hosted tools count";
}

TEST(DecodeTools, ReadsTheDeprecatedForm) {
  const Decoded d(
      with_members(R"("functions":[{"name":"f","description":"d","parameters":{"type":"object"}}],)"
                   R"("function_call":{"name":"f"})"));
  EXPECT_TRUE(d->legacy_functions);
  ASSERT_EQ(d->tools.size(), 1U);
  EXPECT_EQ(d->tools[0].description.escaped(), "d");
  EXPECT_EQ(d->tool_choice.kind, Choice::named);
  EXPECT_EQ(d->parallel_tool_calls, false) << "a message has room for one function_call";
  EXPECT_EQ(Decoded(with_members(R"("functions":[{"name":"f"}],"function_call":"none")"))->tool_choice.kind,
            Choice::none);
  EXPECT_EQ(Decoded(with_members(R"("functions":[{"name":"f"}],"function_call":"required")")).param(),
            "function_call");
  EXPECT_EQ(Decoded(with_members(R"("functions":[],"tools":[])")).param(), "functions");
  EXPECT_FALSE(Decoded(with_members(R"("functions":[])"))->legacy_functions);
}

}  // namespace
}  // namespace sluice::dialect::openai
