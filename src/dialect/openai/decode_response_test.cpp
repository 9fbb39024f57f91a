#include "dialect/openai/testing/answer_probe.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sluice::dialect::openai {
namespace {

using probe::Answer;
using probe::Setting;

/// A body of a well-behaved host around one choice; `more` is further members.
std::string body(std::string_view choices, std::string_view more = "") {
  return R"({"id":"c1","object":"chat.completion","created":1700000000,"model":"m",)" + std::string(more) +
         R"("choices":[)" + std::string(choices) + "]}";
}
std::string saying(std::string_view members, std::string_view finish = "\"stop\"",
                   std::string_view more = "") {
  return body(R"({"index":0,"message":{"role":"assistant",)" + std::string(members) +
                  R"(},"finish_reason":)" + std::string(finish) + "}",
              more);
}

std::unique_ptr<Answer> decode(std::string_view text, const Setting& set = {}) {
  auto answer = probe::decode_body(text, set);
  if (!answer->error) probe::expect_view_equals_fold(*answer);
  return answer;
}

bool passes(std::string_view text, const Setting& set = {}) {
  const auto answer = decode(text, set);
  EXPECT_FALSE(answer->error);
  return answer->view.passed == 1;
}

constexpr std::string_view call =
    R"({"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}})";

TEST(ChatBody, OfOpenAiPasses) {
  const auto a = decode(saying(
      R"("content":"Hi","refusal":null,"annotations":[])", "\"stop\"",
      R"("service_tier":"default","usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7},)"));
  EXPECT_EQ(a->view.passed, 1);
  EXPECT_EQ(a->choice().text_escaped, "Hi");
  EXPECT_EQ(a->choice().finish, chat::FinishReason::stop);
  EXPECT_EQ(a->response().usage->total(), 7);
  EXPECT_EQ(a->response().extras.at(0).name_escaped, "service_tier");
  EXPECT_TRUE(a->response().ended);
  EXPECT_TRUE(passes(saying(R"("content":null,"tool_calls":[)" + std::string(call) + "]", "\"tool_calls\"")));
  EXPECT_TRUE(passes(saying(R"("content":"","reasoning_content":"hm")", "\"length\"")));
}

TEST(ChatBody, PassesOnlyWhereNothingIsOff) {
  const std::string c(call);
  EXPECT_FALSE(passes(saying(R"("content":null,"tool_calls":[)" + c + "]", "\"stop\"")));
  EXPECT_FALSE(passes(saying(R"("content":null,"tool_calls":[)" + c + "," + c + "]", "\"tool_calls\"")));
  EXPECT_FALSE(passes(saying(R"("tool_calls":[)" + c + "]", "\"tool_calls\""))) << "no content member";
  EXPECT_FALSE(passes(saying(R"("content":"x","tool_calls":[])")));
  EXPECT_FALSE(passes(saying(R"("content":"x","tool_calls":null)")));
  EXPECT_FALSE(passes(saying(R"("content":"x","function_call":{"name":"","arguments":""})")));
  EXPECT_FALSE(passes(saying(R"("content":"x","reasoning":"y")")));
  EXPECT_FALSE(passes(saying(R"("content":[{"type":"text","text":"x"}])")));
  EXPECT_FALSE(passes(saying(R"("content":"x")", "\"eos\"")));
  EXPECT_FALSE(passes(saying(R"("content":"x")", "null")));
  EXPECT_FALSE(passes(saying(R"("content":"x")", "\"tool_calls\"")));
  EXPECT_FALSE(
      passes(body(R"({"index":1,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"})")));
  EXPECT_FALSE(
      passes(body(R"({"index":0,"message":{"role":"model","content":"x"},"finish_reason":"stop"})")));
  std::string no_object = saying(R"("content":"x")");
  no_object.replace(no_object.find("chat.completion"), 15, "");
  EXPECT_FALSE(passes(no_object));
  EXPECT_FALSE(passes(saying(R"("content":"x")"), {.legacy_functions = true}));
}

TEST(ChatBody, MakesUpIdsAndArgumentsThatAreMissing) {
  const auto a = decode(saying(
      R"("tool_calls":[{"id":"","type":"function","function":{"name":"f","arguments":""}},)"
      R"({"function":{"name":"f","arguments":{"x":1}}},{"id":"a","type":"function","function":{"name":"g","arguments":"null"}},)"
      R"({"id":"a","type":"function","function":{"name":"g","arguments":"{}"}}])",
      "\"stop\""));
  ASSERT_EQ(a->choice().tool_calls.size(), 4U);
  std::set<std::string> ids;
  for (const chat::ToolCall& one : a->choice().tool_calls) ids.insert(one.id_escaped);
  EXPECT_EQ(ids.size(), 4U);
  EXPECT_FALSE(ids.contains(""));
  EXPECT_EQ(a->choice().tool_calls[0].arguments_escaped, "{}");
  EXPECT_EQ(json::Text(a->choice().tool_calls[1].arguments_escaped).decode(), R"({"x":1})");
  EXPECT_EQ(a->choice().tool_calls[2].arguments_escaped, "null");
  EXPECT_EQ(a->choice().finish, chat::FinishReason::tool_calls);
}

TEST(ChatBody, ReadsCallsBesideTheMessageAndOldOnes) {
  const auto hosted = decode(body(R"({"index":0,"message":{"role":"assistant","content":""},"tool_calls":[)" +
                                  std::string(call) + R"(],"finish_reason":"tool_calls"})"));
  EXPECT_EQ(hosted->choice().tool_calls.size(), 1U);
  const auto legacy =
      decode(saying(R"("content":null,"function_call":{"name":"f","arguments":"{ }"})", "\"function_call\""));
  EXPECT_EQ(legacy->choice().tool_calls.at(0).name_escaped, "f");
  EXPECT_EQ(legacy->choice().finish, chat::FinishReason::tool_calls);
}

TEST(ChatBody, NumbersChoicesByPlaceWhereTheirNumbersMakeNoSense) {
  const auto a = decode(body(
      R"({"message":{"role":"assistant","content":"a"},"finish_reason":"stop"},{"index":77,"message":{"content":"b"},"finish_reason":"length"})"));
  ASSERT_EQ(a->response().choices.size(), 2U);
  EXPECT_EQ(a->choice(1).text_escaped, "b");
  const auto swapped = decode(body(
      R"({"index":1,"message":{"content":"b"},"finish_reason":"stop"},{"index":0,"message":{"content":"a"},"finish_reason":"stop"})"));
  EXPECT_EQ(swapped->choice(0).text_escaped, "a");
}

TEST(ChatBody, WithoutAReasonIsAStop) {
  for (std::string_view reason : {"null", "\"\"", "7"}) {
    const auto a = decode(saying(R"("content":"x")", reason));
    ASSERT_FALSE(a->error);
    EXPECT_EQ(a->choice().finish, chat::FinishReason::stop);
  }
}

TEST(ChatBody, MayComeBehindKeepAlives) {
  EXPECT_TRUE(passes("\n\n\r\n" + saying(R"("content":"x")")));
  EXPECT_TRUE(passes(": keep-alive\n\n: keep-alive\r\n\n" + saying(R"("content":"x")") + "\n"));
}

TEST(ChatBody, IsAnErrorWhereverItSaysSo) {
  const auto openrouter = decode(
      R"({"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"slow down","provider_name":"P"}}})");
  EXPECT_EQ(openrouter->error->code(), ErrorCode::upstream_rate_limited);
  EXPECT_EQ(openrouter->error->message(), "Provider returned error: slow down");
  EXPECT_EQ(openrouter->error->metadata(), R"({"provider_name":"P"})");
  const auto choice = decode(body(
      R"({"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop","error":{"message":"m","code":502}})"));
  EXPECT_EQ(choice->error->message(), "m");
  const auto beside = decode(saying(R"("content":"x")", "\"stop\"", R"("error":"it broke",)"));
  EXPECT_EQ(beside->error->message(), "it broke");
  EXPECT_EQ(decode(R"({"detail":"no"})")->error->message(), "no");
  EXPECT_EQ(decode(saying(R"("content":"x")", "\"insufficient_system_resource\""))->error->code(),
            ErrorCode::upstream_error);
  EXPECT_FALSE(decode(saying(R"("content":"x")", "\"stop\"", R"("error":null,)"))->error);
}

TEST(ChatBody, WithACallThatHasNoNameIsTheProvidersFault) {
  const auto a = decode(
      R"({"choices":[{"message":{"tool_calls":[{"id":"a","function":{"arguments":"{}"}}]},"finish_reason":"tool_calls"}]})");
  ASSERT_TRUE(a->error);
  EXPECT_EQ(a->error->code(), ErrorCode::upstream_protocol);
}

TEST(ChatBody, ThatIsNoAnswerIsTheProvidersFault) {
  for (std::string_view text : {"", "<html>", "{}", "[]", "7", R"({"choices":[]})",
                                R"({"choices":null,"usage":{"prompt_tokens":1}})", ": only\n: comments"}) {
    const auto a = decode(text);
    ASSERT_TRUE(a->error) << text;
    EXPECT_EQ(a->error->code(), ErrorCode::upstream_protocol) << text;
  }
}

}  // namespace
}  // namespace sluice::dialect::openai
