#include "dialect/openai/openai.hpp"
#include "dialect/openai/testing/strict_client.hpp"
#include "json/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::dialect::openai {
namespace {

using chat::Extra;
using json::Text;
using testing::HasSubstr;
using testing::Not;

class EncodeResponse : public testing::Test {
 protected:
  std::string encode(const AnswerFacts& facts = {}) {
    std::string out;
    encoder_.encode(facts, out);
    const Seen seen = read_answer(out, {"public", "req"});
    EXPECT_EQ(seen.departures_joined(), "") << out;
    return out;
  }
  void finish(std::uint32_t choice = 0, chat::FinishReason reason = chat::FinishReason::stop) {
    encoder_.on(chat::Finish{choice, reason, Text("end_turn"), {}});
  }

  Envelope envelope_{.request_id = "req", .model = "public", .created = 99};
  AnswerEncoder encoder_{envelope_};
};

TEST_F(EncodeResponse, WritesOpenAisShapeAndTheHostedOne) {
  encoder_.on(chat::Start{Text("msg_1"), Text("up"), 0});
  encoder_.on(chat::TextDelta{0, Text("Hi\\n")});
  finish();
  encoder_.on(chat::UsageUpdate{{.input = 3, .output = 4, .cache_read = 1, .reasoning = 2}, {}});
  encoder_.on(chat::End{});
  EXPECT_EQ(
      encode({.response_time_ns = 5, .llm_status_code = 201, .request_echo = R"({"model":"public"})"}),
      R"({"id":"msg_1","object":"chat.completion","created":99,"choices":[{"index":0,"message":{"role":)"
      R"("assistant","content":"Hi\n","refusal":null},"finish_reason":"stop","native_finish_reason":"end_turn"}],)"
      R"("model":"public","request_id":"req","usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7,)"
      R"("input_tokens":3,"output_tokens":4,"prompt_tokens_details":{"cached_tokens":1},)"
      R"("completion_tokens_details":{"reasoning_tokens":2}},"response_time":5,"http_status_code":200,)"
      R"("llm_status_code":201,"request":{"model":"public"}})");
}

TEST_F(EncodeResponse, ContentIsNullBesideCallsAndRefusalsOnly) {
  encoder_.on(chat::ToolCallStart{0, 0, Text("c"), Text("f"), Text("SIG"), false});
  encoder_.on(chat::ToolCallDelta{0, 0, Text("{}"), false});
  finish(0, chat::FinishReason::tool_calls);
  encoder_.on(chat::RefusalDelta{1, Text("no")});
  finish(1);
  encoder_.on(chat::ReasoningDelta{2, Text("why"), -1, {}});
  finish(2, chat::FinishReason::length);
  const std::string out = encode();
  EXPECT_THAT(
      out,
      HasSubstr(R"("content":null,"refusal":null,"tool_calls":[{"id":"c","type":"function","function":)"
                R"({"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"SIG"}}}])"));
  EXPECT_THAT(out, HasSubstr(R"("content":null,"refusal":"no"})"));
  EXPECT_THAT(out, HasSubstr(R"("content":"","refusal":null,"reasoning_content":"why"})"));
  EXPECT_THAT(out, HasSubstr(R"("id":"chatcmpl-req")"));
}

TEST_F(EncodeResponse, NumbersThatWereLeftOutAreNoChoices) {
  encoder_.on(chat::TextDelta{2, Text("x")});
  finish(2);
  const std::string out = encode();
  EXPECT_THAT(out, HasSubstr(R"("choices":[{"index":0,"message":)"));
}

TEST_F(EncodeResponse, ReasoningBlocksKeepTheirOrderAndProof) {
  encoder_.on(chat::ReasoningDelta{0, Text("t"), 0, "anthropic-claude-v1"});
  encoder_.on(chat::ReasoningSignature{0, 0, Text("s"), "anthropic-claude-v1"});
  encoder_.on(chat::ReasoningOpaque{0, 1, Text("d"), Text("i"), "openai-responses-v1"});
  finish();
  EXPECT_THAT(
      encode(),
      HasSubstr(R"("reasoning_content":"t","reasoning_details":[{"type":"reasoning.text","text":"t",)"
                R"("signature":"s","format":"anthropic-claude-v1","index":0},{"type":"reasoning.encrypted",)"
                R"("data":"d","id":"i","format":"openai-responses-v1","index":1}])"));
}

TEST_F(EncodeResponse, AClientOfFunctionsIsToldAFunctionCall) {
  envelope_.legacy_functions = true;
  encoder_.on(chat::ToolCallStart{0, 0, Text("c"), Text("f"), {}, false});
  encoder_.on(chat::ToolCallDelta{0, 0, Text("{}"), false});
  finish(0, chat::FinishReason::tool_calls);
  const std::string out = encode();
  EXPECT_THAT(out,
              HasSubstr(R"("function_call":{"name":"f","arguments":"{}"}},"finish_reason":"function_call")"));
  EXPECT_THAT(out, Not(HasSubstr("tool_calls")));
}

TEST_F(EncodeResponse, ExtrasStandWhereTheyCameFromButNotInPlaceOfOurs) {
  encoder_.on(Extra{Extra::Place::answer, 0, Text("system_fingerprint"), "\"fp\""});
  encoder_.on(Extra{Extra::Place::answer, 0, Text("request_id"), "\"theirs\""});
  encoder_.on(Extra{Extra::Place::choice, 0, Text("logprobs"), "{}"});
  encoder_.on(Extra{Extra::Place::choice, 0, Text("index"), "7"});
  encoder_.on(Extra{Extra::Place::message, 0, Text("audio"), "{}"});
  encoder_.on(Extra{Extra::Place::message, 0, Text("content"), "[]"});
  encoder_.on(chat::Annotation{0, R"({"type":"url_citation"})"});
  encoder_.on(chat::Image{0, R"({"type":"image_url"})"});
  finish();
  const std::string out = encode();
  EXPECT_THAT(
      out,
      HasSubstr(R"("annotations":[{"type":"url_citation"}],"images":[{"type":"image_url"}],"audio":{}})"));
  EXPECT_THAT(out,
              HasSubstr(R"("native_finish_reason":"end_turn","logprobs":{}}],"system_fingerprint":"fp")"));
  EXPECT_THAT(out, Not(HasSubstr("theirs")));
}

TEST_F(EncodeResponse, ReportsWhatWasDoneDifferently) {
  chat::Changes changes;
  changes.add(chat::Change::Kind::clamped, "temperature", "at most 1");
  envelope_.changes = &changes;
  finish();
  EXPECT_THAT(encode(),
              HasSubstr(R"("sluice":{"attempts":[],"changes":[{"kind":"clamped","param":"temperature",)"
                        R"("reason":"at most 1"}]})"));
  changes.clear();
  EXPECT_THAT(encode(), Not(HasSubstr("sluice")));
}

TEST_F(EncodeResponse, PassesAConformingBodyThrough) {
  const std::string body =
      R"({"id":"c1", "object":"chat.completion", "created":5,"model":"up","choices":[ {"index":0,"message":)"
      R"({"role":"assistant","content":"h\u0069","new":[1, 2]},"logprobs":null,"finish_reason":"stop"}],)"
      R"("usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"prompt_tokens_details":{"cached_tokens":0,)"
      R"("audio_tokens":0},"queue_time":0.25},"service_tier":"default","request_id":"theirs"})";
  json::Document document;
  auto parsed = document.parse(body);
  ASSERT_TRUE(parsed);
  encoder_.begin_native({*parsed, true});
  encoder_.on(chat::Start{Text("c1"), Text("up"), 5});
  encoder_.on(chat::TextDelta{0, Text("hi")});
  finish();
  encoder_.on(chat::UsageUpdate{{.input = 1, .output = 2}, (*parsed)["usage"]});
  encoder_.end_native();
  EXPECT_EQ(
      encode(),
      R"({"id":"c1","object":"chat.completion","created":5,"choices":[{"native_finish_reason":"stop",)"
      R"("index":0,"message":{"role":"assistant","content":"h\u0069","new":[1, 2]},"logprobs":null,)"
      R"("finish_reason":"stop"}],"service_tier":"default","model":"public","request_id":"req",)"
      R"("usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"input_tokens":1,"output_tokens":2,)"
      R"("prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":)"
      R"({"reasoning_tokens":0},"queue_time":0.25},"response_time":0,"http_status_code":200,)"
      R"("llm_status_code":200})");
}

TEST_F(EncodeResponse, WritesABodyThatDoesNotConformAnew) {
  json::Document document;
  auto parsed = document.parse(R"({"id":"c1","vendor":1,"choices":[{"message":{"content":"x"}}]})");
  ASSERT_TRUE(parsed);
  encoder_.begin_native({*parsed, false});
  encoder_.on(chat::TextDelta{0, Text("x")});
  finish();
  EXPECT_THAT(encode(), Not(HasSubstr("vendor")));
}

}  // namespace
}  // namespace sluice::dialect::openai
