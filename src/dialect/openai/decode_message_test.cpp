#include "dialect/history.hpp"
#include "dialect/openai/testing/decoded.hpp"

#include <gmock/gmock.h>

namespace sluice::dialect::openai {
namespace {

using chat::ReasoningPart;
using chat::ToolCallPart;
using testing::HasSubstr;
using Kind = ReasoningPart::Kind;

/// An assistant message with these members behind a user's.
std::string assistant(std::string_view members) {
  return with_messages(std::string(R"({"role":"user","content":"x"},{"role":"assistant",)").append(members) +
                       "}");
}

TEST(DecodeMessage, KnowsTheRoles) {
  const Decoded d(
      with_messages(R"({"role":"system","content":"s"},{"role":"developer","content":"d"},)"
                    R"({"role":"user","name":"Ann","content":"u"},{"role":"assistant","content":"a"})"));
  EXPECT_EQ(d.message(0).role, chat::Role::system);
  EXPECT_EQ(d.message(1).role, chat::Role::developer);
  EXPECT_EQ(d.message(2).name.escaped(), "Ann");
  EXPECT_EQ(d.message(3).role, chat::Role::assistant);
  EXPECT_EQ(d.message(3).index, 3U);
  EXPECT_EQ(d.message(3).source["content"].string(), "a");
}

TEST(DecodeMessage, NamesTheMessageThatCannotBeRead) {
  const Decoded unknown(with_messages(R"({"role":"user","content":"x"},{"role":"robot","content":"y"})"));
  EXPECT_EQ(unknown.param(), "messages[1].role");
  EXPECT_THAT(
      unknown.complaint(),
      HasSubstr("'robot'. Supported values are: 'system', 'developer', 'user', 'assistant', and 'tool'."));
  EXPECT_EQ(Decoded(with_messages(R"({"content":"x"})")).param(), "messages[0].role");
  EXPECT_EQ(Decoded(with_messages(R"("hi")")).param(), "messages[0]");
  EXPECT_EQ(Decoded(with_messages(R"({"role":"user","content":"x","name":7})")).param(), "messages[0].name");
  EXPECT_EQ(Decoded(with_messages(R"({"role":"tool","content":"x"})")).param(), "messages[0].tool_call_id");
}

TEST(DecodeMessage, AnAssistantNeedsNoContentBesideItsCalls) {
  constexpr std::string_view calls =
      R"("tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}])";
  for (const std::string& body :
       {assistant(calls), assistant(std::string(R"("content":null,)").append(calls)),
        assistant(std::string(R"("content":"",)").append(calls))}) {
    const Decoded d(body);
    ASSERT_EQ(d.message(1).parts.size(), 1U) << body;
    EXPECT_EQ(d.part<ToolCallPart>(1, 0).id.escaped(), "c1");
  }
}

TEST(DecodeMessage, ArgumentsStayAsTheyWereWritten) {
  const Decoded d(assistant(R"("tool_calls":[{"id":"c","type":"function","function":{"name":"f",)"
                            R"("arguments":"{\"id\":9007199254740993, \"x\":1.0}"}}])"));
  EXPECT_EQ(d.part<ToolCallPart>(1, 0).arguments.escaped(), R"({\"id\":9007199254740993, \"x\":1.0})");
  const Decoded cut(
      assistant(R"("tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a"}}])"));
  EXPECT_EQ(cut.part<ToolCallPart>(1, 0).arguments.decode(), "{\"a") << "models write what is no JSON, too";
}

TEST(DecodeMessage, ReasoningTextAndCallsStandInTheOrderOfTheirMaking) {
  const Decoded d(assistant(
      R"("tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":""}}],"refusal":"no",)"
      R"("content":[{"type":"text","text":"t"},{"type":"refusal","refusal":"r"}],"reasoning_content":"why")"));
  ASSERT_EQ(d.message(1).parts.size(), 5U);
  EXPECT_EQ(d.part<ReasoningPart>(1, 0).text.escaped(), "why");
  EXPECT_EQ(d.part<chat::TextPart>(1, 1).text.escaped(), "t");
  EXPECT_EQ(d.part<chat::RefusalPart>(1, 2).text.escaped(), "r");
  EXPECT_EQ(d.part<chat::RefusalPart>(1, 3).text.escaped(), "no");
  EXPECT_EQ(d.part<ToolCallPart>(1, 4).name.escaped(), "f");
}

TEST(DecodeMessage, CustomToolsAreCalledWithText) {
  const Decoded d(
      assistant(R"("tool_calls":[{"id":"c","type":"custom","custom":{"name":"sql","input":"select 1"}}])"));
  EXPECT_TRUE(d.part<ToolCallPart>(1, 0).custom);
  EXPECT_EQ(d.part<ToolCallPart>(1, 0).arguments.escaped(), "select 1");
}

TEST(DecodeMessage, NamesTheCallThatCannotBeRead) {
  EXPECT_EQ(Decoded(assistant(R"("tool_calls":{})")).param(), "messages[1].tool_calls");
  EXPECT_EQ(Decoded(assistant(R"("tool_calls":[{"type":"function","function":{"name":"f"}}])")).param(),
            "messages[1].tool_calls[0].id");
  EXPECT_EQ(Decoded(assistant(R"("tool_calls":[{"id":"c","type":"function"}])")).param(),
            "messages[1].tool_calls[0].function");
  EXPECT_EQ(Decoded(assistant(R"("tool_calls":[{"id":"c","function":{"name":""}}])")).param(),
            "messages[1].tool_calls[0].function.name");
  EXPECT_EQ(Decoded(assistant(R"("tool_calls":[{"id":"c","function":{"name":"f","arguments":{}}}])")).param(),
            "messages[1].tool_calls[0].function.arguments");
  EXPECT_EQ(Decoded(assistant(R"("tool_calls":[{"id":"c","type":"hosted"}])")).param(),
            "messages[1].tool_calls[0].type");
}

TEST(DecodeMessage, FindsThoughtSignaturesWhereClientsPutThem) {
  for (const char* place :
       {R"("id":"c","extra_content":{"google":{"thought_signature":"SIG"}},"function":{"name":"f"})",
        R"("id":"c","provider_specific_fields":{"thought_signature":"SIG"},"function":{"name":"f"})",
        R"("id":"c","function":{"name":"f","provider_specific_fields":{"thought_signature":"SIG"}})",
        R"("id":"c__thought__SIG","function":{"name":"f"})"}) {
    const Decoded d(assistant(std::string(R"("tool_calls":[{)").append(place) + "}]"));
    EXPECT_EQ(d.part<ToolCallPart>(1, 0).id.escaped(), "c") << place;
    EXPECT_EQ(d.part<ToolCallPart>(1, 0).signature.escaped(), "SIG") << place;
  }
}

TEST(DecodeMessage, AResultIsForTheCallWithoutItsSignature) {
  const Decoded d(
      with_messages(R"({"role":"tool","tool_call_id":"c__thought__SIG","content":"ok","is_error":true})"));
  EXPECT_EQ(d.message(0).tool_call_id.escaped(), "c");
  EXPECT_EQ(d.message(0).is_error, true);
}

TEST(DecodeMessage, DeprecatedCallsGetIds) {
  const Decoded d(
      with_messages(R"({"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},)"
                    R"({"role":"function","name":"f","content":"1"},)"
                    R"({"role":"assistant","content":null,"function_call":{"name":"g","arguments":"{}"}},)"
                    R"({"role":"function","name":"g","content":"2"})"));
  EXPECT_EQ(d.part<ToolCallPart>(0, 0).id.escaped(), "call_1");
  EXPECT_EQ(d.message(1).role, chat::Role::tool);
  EXPECT_EQ(d.message(1).tool_call_id.escaped(), "call_1");
  EXPECT_EQ(d.message(1).name.escaped(), "f");
  EXPECT_EQ(d.part<ToolCallPart>(2, 0).id.escaped(), "call_2");
  EXPECT_EQ(d.message(3).tool_call_id.escaped(), "call_2");
  EXPECT_EQ(Decoded(with_messages(R"({"role":"function","name":"f","content":"1"})")).param(), "messages[0]");
}

TEST(DecodeMessage, ResultsFindTheirCallsThroughTheHistory) {
  const Decoded d(with_messages(
      R"({"role":"assistant","tool_calls":[{"id":"A","function":{"name":"f"}},{"id":"B","function":{"name":"g"}}]},)"
      R"({"role":"tool","tool_call_id":"B","content":"b"},{"role":"tool","tool_call_id":"ghost","content":"?"},)"
      R"({"role":"tool","tool_call_id":"A","content":"old"},{"role":"tool","tool_call_id":"A","content":"a"})"));
  chat::Changes changes;
  const History history = read_history(d.request(), changes);
  ASSERT_EQ(history.turns.size(), 1U);
  ASSERT_EQ(history.turns[0].calls.size(), 2U);
  EXPECT_EQ(history.turns[0].calls[0].result->source["content"].string(), "a");
  EXPECT_EQ(history.turns[0].calls[1].result->source["content"].string(), "b");
  EXPECT_EQ(changes.list().size(), 2U) << "the orphan and the older of two results";
}

TEST(DecodeReasoning, ReadsReasoningDetails) {
  const Decoded d(assistant(
      R"("content":"x","reasoning_content":"same again","reasoning_details":[)"
      R"({"type":"reasoning.text","text":"t","signature":"s","id":"i","format":"anthropic-claude-v1","index":0},)"
      R"({"type":"reasoning.summary","summary":"sum","format":"openai-responses-v1"},)"
      R"({"type":"reasoning.future","x":1},)"
      R"({"type":"reasoning.encrypted","data":"d","id":"rs_1","format":"openai-responses-v1","index":1}])"));
  ASSERT_EQ(d.message(1).parts.size(), 4U);
  const auto& text = d.part<ReasoningPart>(1, 0);
  EXPECT_EQ(text.kind, Kind::text);
  EXPECT_EQ(text.text.escaped(), "t");
  EXPECT_EQ(text.signature.escaped(), "s");
  EXPECT_EQ(text.id.escaped(), "i");
  EXPECT_EQ(text.format.escaped(), "anthropic-claude-v1");
  EXPECT_EQ(d.part<ReasoningPart>(1, 1).kind, Kind::summary);
  EXPECT_EQ(d.part<ReasoningPart>(1, 1).text.escaped(), "sum");
  EXPECT_EQ(d.part<ReasoningPart>(1, 2).kind, Kind::encrypted);
  EXPECT_EQ(d.part<ReasoningPart>(1, 2).data.escaped(), "d");
  EXPECT_EQ(d.part<ReasoningPart>(1, 2).id.escaped(), "rs_1");
}

TEST(DecodeReasoning, JoinsTheFragmentsOfAStream) {
  const Decoded d(assistant(
      R"("content":"x","reasoning_details":[)"
      R"({"type":"reasoning.text","text":"a","index":0,"format":"anthropic-claude-v1"},)"
      R"({"type":"reasoning.text","text":"b\n","index":0},{"type":"reasoning.text","signature":"s","index":0},)"
      R"({"type":"reasoning.text","text":"c","index":1},{"type":"reasoning.text","text":"d"},)"
      R"({"type":"reasoning.text","text":"e"}])"));
  ASSERT_EQ(d.message(1).parts.size(), 5U);
  EXPECT_EQ(d.part<ReasoningPart>(1, 0).text.escaped(), "ab\\n");
  EXPECT_EQ(d.part<ReasoningPart>(1, 0).signature.escaped(), "s");
  EXPECT_EQ(d.part<ReasoningPart>(1, 0).format.escaped(), "anthropic-claude-v1");
  EXPECT_EQ(d.part<ReasoningPart>(1, 1).text.escaped(), "c");
  EXPECT_EQ(d.part<ReasoningPart>(1, 3).text.escaped(), "e") << "without an index each entry is a block";
}

TEST(DecodeReasoning, ReadsThinkingBlocks) {
  const Decoded d(
      assistant(R"("content":"x","thinking_blocks":[{"type":"thinking","thinking":"t","signature":"s"},)"
                R"({"type":"redacted_thinking","data":"d"}],"reasoning_content":"t")"));
  ASSERT_EQ(d.message(1).parts.size(), 3U);
  EXPECT_EQ(d.part<ReasoningPart>(1, 0).signature.escaped(), "s");
  EXPECT_EQ(d.part<ReasoningPart>(1, 0).format.escaped(), "anthropic-claude-v1");
  EXPECT_EQ(d.part<ReasoningPart>(1, 1).kind, Kind::encrypted);
}

TEST(DecodeReasoning, ReadsPlainReasoning) {
  for (const char* name : {"reasoning_content", "reasoning", "thinking"}) {
    const Decoded d(
        assistant(std::string(R"("content":"x",")") + name + R"(":"why","reasoning_details":[])"));
    ASSERT_EQ(d.message(1).parts.size(), 2U) << name;
    EXPECT_EQ(d.part<ReasoningPart>(1, 0).text.escaped(), "why");
    EXPECT_TRUE(d.part<ReasoningPart>(1, 0).format.empty());
  }
  EXPECT_EQ(Decoded(assistant(R"("reasoning_details":{})")).param(), "messages[1].reasoning_details");
}

}  // namespace
}  // namespace sluice::dialect::openai
