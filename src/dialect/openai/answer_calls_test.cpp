// Tool calls in streams: one quirk of one host a test.

#include "dialect/openai/testing/chunks.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sluice::dialect::openai {
namespace {

using namespace probe;

TEST(ChatStreamCalls, PassesToolCallsOfOpenAi) {
  const auto a = decode(
      {delta(
           R"("role":"assistant","content":null,"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}])"),
       calls(R"({"index":0,"function":{"arguments":"{\"x\""}})"),
       calls(R"({"index":0,"function":{"arguments":":1}"}})"),
       calls(R"({"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}})"),
       calls(R"({"index":1,"function":{"arguments":"{}"}})"), tool_stop, done});
  EXPECT_EQ(a->view.log, "[pass][pass][pass][pass][pass][rebuild]");
  EXPECT_EQ(arguments(*a, 0), R"({"x":1})");
  EXPECT_EQ(arguments(*a, 1), "{}");
  EXPECT_EQ(finish(*a), "tool_calls");
}

TEST(ChatStreamCalls, NumbersCallsWhateverTheProvidersNumbersAre) {
  const auto mistral = decode(
      {role,
       calls(
           R"({"id":"qDEcl0n92","function":{"name":"f","arguments":"{}"}},{"id":"qDEcl0n93","function":{"name":"g","arguments":"{}"}})",
           "\"tool_calls\""),
       done});
  EXPECT_EQ(mistral->choice().tool_calls.size(), 2U);
  const auto zai = decode(
      {role, calls(R"({"id":"a","index":-1,"type":"function","function":{"name":"f","arguments":"{"}})"),
       calls(R"({"index":-1,"function":{"arguments":"}"}})"), tool_stop, done});
  EXPECT_EQ(arguments(*zai), "{}");
  const auto gaps =
      decode({role, calls(R"({"index":1,"id":"a","type":"function","function":{"name":"f","arguments":""}})"),
              calls(R"({"index":1,"function":{"arguments":"{}"}})"),
              calls(R"({"index":3,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}})"),
              tool_stop, done});
  EXPECT_EQ(gaps->choice().tool_calls.size(), 2U);
  EXPECT_EQ(arguments(*gaps, 0), "{}");
}

TEST(ChatStreamCalls, StartsANewCallForANewIdUnderTheSameIndex) {
  const auto a = decode(
      {role,
       calls(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}})"),
       calls(R"({"index":0,"id":"b","type":"function","function":{"name":"f","arguments":"{\"x\":2}"}})"),
       tool_stop, done});
  ASSERT_EQ(a->choice().tool_calls.size(), 2U);
  EXPECT_EQ(arguments(*a, 0), R"({"x":1})");
  EXPECT_EQ(arguments(*a, 1), R"({"x":2})");
}

TEST(ChatStreamCalls, GoesOnWithTheCallOfTheSameId) {
  const auto a = decode(
      {role, calls(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{"}})"),
       calls(R"({"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"["}})"),
       calls(R"({"id":"a","function":{"arguments":"}"}})"),
       calls(R"({"id":"b","function":{"arguments":"]"}})"), tool_stop, done});
  EXPECT_EQ(arguments(*a, 0), "{}");
  EXPECT_EQ(arguments(*a, 1), "[]");
}

TEST(ChatStreamCalls, NeverOverwritesWithEmptyWords) {
  const auto a = decode(
      {role, calls(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{"}})"),
       calls(R"({"index":0,"id":"","type":"","function":{"name":"","arguments":"}"}})"),
       calls(R"({"index":0,"id":null,"type":null,"function":{"name":null,"arguments":""}})"), tool_stop,
       done});
  ASSERT_EQ(a->choice().tool_calls.size(), 1U);
  EXPECT_EQ(a->choice().tool_calls[0].id_escaped, "a");
  EXPECT_EQ(a->choice().tool_calls[0].name_escaped, "f");
  EXPECT_EQ(arguments(*a), "{}");
}

TEST(ChatStreamCalls, ReadsNamesThatAreRepeated) {
  const auto a = decode(
      {role, calls(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{"}})"),
       calls(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"}"}})"), tool_stop,
       done});
  ASSERT_EQ(a->choice().tool_calls.size(), 1U);
  EXPECT_EQ(a->choice().tool_calls[0].name_escaped, "f");
  EXPECT_EQ(arguments(*a), "{}");
}

TEST(ChatStreamCalls, ReadsNamesThatComeInPieces) {
  const auto a = decode(
      {role, calls(R"({"index":0,"id":"a","type":"function","function":{"name":"get_","arguments":""}})"),
       calls(R"({"index":0,"function":{"name":"wea"}})"),
       calls(R"({"index":0,"function":{"name":"ther","arguments":""}})"),
       calls(R"({"index":0,"function":{"arguments":"{}"}})"), tool_stop, done});
  ASSERT_EQ(a->choice().tool_calls.size(), 1U);
  EXPECT_EQ(a->choice().tool_calls[0].name_escaped, "get_weather");
}

TEST(ChatStreamCalls, TellsCallsWithoutIdAndIndexApartByName) {
  const auto a = decode({role, calls(R"({"function":{"name":"f","arguments":"{\"x\":1}"}})"),
                         calls(R"({"function":{"name":"g","arguments":"{}"}})"),
                         calls(R"({"function":{"arguments":""}})"), tool_stop, done});
  ASSERT_EQ(a->choice().tool_calls.size(), 2U);
  std::set<std::string> ids{a->choice().tool_calls[0].id_escaped, a->choice().tool_calls[1].id_escaped};
  EXPECT_EQ(ids.size(), 2U);
  EXPECT_TRUE(ids.begin()->starts_with("call_"));
  EXPECT_LE(ids.begin()->size(), 40U);
  EXPECT_EQ(arguments(*a, 1), "{}");
}

TEST(ChatStreamCalls, WritesArgumentsThatAreAnObjectAsText) {
  const auto a = decode(
      {role,
       calls(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":{"x":"\"1\""}}})"),
       tool_stop, done});
  EXPECT_EQ(arguments(*a), R"({"x":"\"1\""})");
}

TEST(ChatStreamCalls, DoesNotTakeAnEmptyObjectForTheArgumentsBeforeTheyEnd) {
  const auto a = decode(
      {role, calls(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}})"),
       calls(R"({"index":0,"function":{"arguments":"{\"x\""}})"),
       calls(R"({"index":0,"function":{"arguments":":1}"}})"), tool_stop, done});
  EXPECT_EQ(arguments(*a), R"({"x":1})");
  const auto alone = decode(
      {role, calls(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}})"),
       tool_stop, done});
  EXPECT_EQ(arguments(*alone), "{}");
}

TEST(ChatStreamCalls, MakesUpArgumentsThatAreMissingButNotThoseCutOff) {
  const std::string start =
      calls(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}})");
  EXPECT_EQ(arguments(*decode({role, start, tool_stop, done})), "{}");
  EXPECT_EQ(arguments(*decode(
                {role, start, calls(R"({"index":0,"function":{"arguments":" "}})"), tool_stop, done})),
            " {}");
  const auto cut = decode({role, start, delta("", "\"length\""), done});
  EXPECT_EQ(arguments(*cut), "");
  EXPECT_EQ(finish(*cut), "length");
  const auto half = decode({role, start, calls(R"({"index":0,"function":{"arguments":"{\"x\":"}})"),
                            delta("", "\"length\""), done});
  EXPECT_EQ(arguments(*half), "{\"x\":");
}

TEST(ChatStreamCalls, TakesNoPlaceholderForACall) {
  const auto a = decode({delta(R"("role":"assistant","content":"x","tool_calls":null,"function_call":null)"),
                         delta(R"("tool_calls":[])"), delta(R"("function_call":{"name":"","arguments":""})"),
                         calls(R"({"index":0,"function":{"name":"","arguments":""}})"),
                         delta("", "\"tool_calls\""), done});
  EXPECT_TRUE(a->choice().tool_calls.empty());
  EXPECT_EQ(finish(*a), "stop") << "tool_calls without a call";
}

TEST(ChatStreamCalls, KeepsThoughtSignaturesOfCalls) {
  const auto a = decode(
      {role,
       calls(
           R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{ }"},"extra_content":{"google":{"thought_signature":"sig=="}}})"),
       tool_stop, done});
  EXPECT_EQ(a->choice().tool_calls[0].signature_escaped, "sig==");
  EXPECT_EQ(a->view.passed, 2);
}

TEST(ChatStreamCalls, ReadsCustomTools) {
  const auto a =
      decode({role, calls(R"({"index":0,"id":"a","type":"custom","custom":{"name":"math","input":""}})"),
              calls(R"({"index":0,"custom":{"input":"4 + 4"}})"), tool_stop, done});
  EXPECT_TRUE(a->choice().tool_calls[0].custom);
  EXPECT_EQ(arguments(*a), "4 + 4");
}

TEST(ChatStreamCalls, RestoresTheNamesOfRenamedTools) {
  RenamedTools renamed;
  EXPECT_EQ(renamed.sent(json::Text("fs.read"), 64), "fs_read");
  const auto a = decode(
      {role, calls(R"({"index":0,"id":"a","type":"function","function":{"name":"fs_read","arguments":""}})"),
       calls(R"({"index":0,"function":{"arguments":"{}"}})"), tool_stop, done},
      {.renamed_tools = &renamed});
  EXPECT_EQ(a->choice().tool_calls[0].name_escaped, "fs.read");
  EXPECT_EQ(a->view.log, "[pass][rebuild][pass][rebuild]");
}

TEST(ChatStreamCalls, ReadsTheDeprecatedFunctionCall) {
  for (const bool legacy : {false, true}) {
    const auto a =
        decode({delta(R"("role":"assistant","content":null,"function_call":{"name":"f","arguments":""})"),
                delta(R"("function_call":{"arguments":"{\"x\""})"),
                delta(R"("function_call":{"arguments":":1}"})"), delta("", "\"function_call\""), done},
               {.legacy_functions = legacy});
    ASSERT_EQ(a->choice().tool_calls.size(), 1U);
    EXPECT_EQ(arguments(*a), R"({"x":1})");
    EXPECT_EQ(finish(*a), "tool_calls");
    EXPECT_EQ(a->choice().native_finish_escaped, "function_call");
    EXPECT_EQ(a->view.passed, 0);
  }
}

TEST(ChatStreamCalls, RefusesCallsBeyondAllBounds) {
  std::vector<SseEvent> events;
  for (int i = 0; i < 2000; ++i)
    events.push_back({"", calls(R"({"index":0,"id":"a)" + std::to_string(i) +
                                R"(","function":{"name":"f","arguments":"1"}})")});
  const auto a = probe::decode_events(events);
  ASSERT_TRUE(a->error);
  EXPECT_EQ(a->error->code(), ErrorCode::upstream_protocol);
}

TEST(ChatStreamCalls, WithArgumentsButNoNameAreTheProvidersFault) {
  const auto a =
      decode({role, calls(R"({"index":0,"id":"a","type":"function","function":{"arguments":"{\"x\""}})")});
  ASSERT_TRUE(a->error);
  EXPECT_EQ(a->error->code(), ErrorCode::upstream_protocol);
}

}  // namespace
}  // namespace sluice::dialect::openai
