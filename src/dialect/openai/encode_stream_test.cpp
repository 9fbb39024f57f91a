#include "dialect/openai/encode_stream.hpp"

#include "dialect/openai/testing/strict_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::dialect::openai {
namespace {

using json::Text;
using testing::HasSubstr;
using testing::Not;

class EncodeStream : public testing::Test {
 protected:
  /// What has been written since the last call, without the framing and what all chunks begin with.
  std::string written() {
    std::string out = std::move(out_);
    out_.clear();
    constexpr std::string_view head =
        R"(data: {"id":"msg_1","object":"chat.completion.chunk","created":7,"model":"public","request_id":"req",)";
    for (std::size_t at = out.find(head); at != std::string::npos; at = out.find(head))
      out.erase(at, head.size());
    for (std::size_t at = out.find("\n\n"); at != std::string::npos; at = out.find("\n\n", at))
      out.replace(at, 2, "\n");
    return out;
  }
  void start() { encoder_.on(chat::Start{Text("msg_1"), Text("upstream"), 7}); }
  void begin_choice() {
    start();
    encoder_.on(chat::TextDelta{});
    written();
  }
  void finish(chat::FinishReason reason = chat::FinishReason::stop) {
    encoder_.on(chat::Finish{0, reason, Text("end_turn"), {}});
    encoder_.on(chat::End{});
  }
  Seen seen() const { return read_stream(out_, {"public", "req", envelope_.include_usage}); }

  Envelope envelope_{.request_id = "req", .model = "public", .created = 99};
  chat::Changes changes_;
  std::string out_;
  StreamEncoder encoder_{envelope_, out_};
};

TEST_F(EncodeStream, WritesTheShapesThatOpenAiPublishes) {
  start();
  encoder_.on(chat::TextDelta{0, Text("Hel")});
  encoder_.on(chat::TextDelta{0, Text("lo\\n")});
  EXPECT_EQ(written(),
            R"("choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]})"
            "\n"
            R"("choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]})"
            "\n"
            R"("choices":[{"index":0,"delta":{"content":"lo\n"},"finish_reason":null}]})"
            "\n");
  finish();
  EXPECT_EQ(written(),
            R"("choices":[{"index":0,"delta":{},"finish_reason":"stop","native_finish_reason":"end_turn"}]})"
            "\ndata: [DONE]\n");
}

TEST_F(EncodeStream, MakesAnIdWhereTheProviderGivesNone) {
  encoder_.on(chat::Start{});
  encoder_.on(chat::TextDelta{0, Text("x")});
  encoder_.on(chat::Start{Text("late"), {}, 5});
  finish();
  EXPECT_EQ(seen().id, "chatcmpl-req");
  EXPECT_THAT(out_, HasSubstr(R"("created":99)"));
  EXPECT_EQ(seen().departures_joined(), "");
}

TEST_F(EncodeStream, AnAnswerWithoutContentHasARoleAllTheSame) {
  start();
  finish(chat::FinishReason::length);
  EXPECT_EQ(seen().departures_joined(), "");
  EXPECT_EQ(seen().choices.at(0).finish, "length");
}

TEST_F(EncodeStream, CallsBeginWithTheirNameAndGoOnWithArgumentsAlone) {
  begin_choice();
  encoder_.on(chat::ToolCallStart{0, 0, Text("c1"), Text("f"), Text("SIG"), false});
  encoder_.on(chat::ToolCallDelta{0, 0, Text(R"({\"a\":)"), false});
  encoder_.on(chat::ToolCallDelta{0, 0, Text(""), false});
  encoder_.on(chat::ToolCallStart{0, 1, Text("c2"), Text("sql"), {}, true});
  encoder_.on(chat::ToolCallDelta{0, 1, Text("select"), true});
  EXPECT_EQ(
      written(),
      R"("choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""},"extra_content":{"google":{"thought_signature":"SIG"}}}]},"finish_reason":null}]})"
      "\n"
      R"("choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]},"finish_reason":null}]})"
      "\n"
      R"("choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"c2","type":"custom","custom":{"name":"sql","input":""}}]},"finish_reason":null}]})"
      "\n"
      R"("choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"type":"custom","custom":{"input":"select"}}]},"finish_reason":null}]})"
      "\n");
}

TEST_F(EncodeStream, AClientOfFunctionsIsToldAFunctionCall) {
  envelope_.legacy_functions = true;
  begin_choice();
  encoder_.on(chat::ToolCallStart{0, 0, Text("c1"), Text("f"), {}, false});
  encoder_.on(chat::ToolCallDelta{0, 0, Text("{}"), false});
  finish(chat::FinishReason::tool_calls);
  EXPECT_THAT(written(),
              AllOf(HasSubstr(R"("delta":{"function_call":{"name":"f","arguments":""}})"),
                    HasSubstr(R"("delta":{"function_call":{"arguments":"{}"}})"),
                    HasSubstr(R"("finish_reason":"function_call")"), Not(HasSubstr("tool_calls"))));
}

TEST_F(EncodeStream, ReasoningIsReadableAndSurvivesARoundTrip) {
  begin_choice();
  encoder_.on(chat::ReasoningDelta{0, Text("a"), 0, "anthropic-claude-v1"});
  encoder_.on(chat::ReasoningDelta{0, Text("b"), 0, "anthropic-claude-v1"});
  encoder_.on(chat::ReasoningSignature{0, 0, Text("sig"), "anthropic-claude-v1"});
  encoder_.on(chat::ReasoningOpaque{0, 1, Text("xyz"), Text("rs_1"), "openai-responses-v1"});
  encoder_.on(chat::ReasoningDelta{0, Text("plain"), -1, {}});
  EXPECT_EQ(
      written(),
      R"("choices":[{"index":0,"delta":{"reasoning_content":"a","reasoning_details":[{"type":"reasoning.text","text":"a","format":"anthropic-claude-v1","index":0}]},"finish_reason":null}]})"
      "\n"
      R"("choices":[{"index":0,"delta":{"reasoning_content":"b","reasoning_details":[{"type":"reasoning.text","text":"b","index":0}]},"finish_reason":null}]})"
      "\n"
      R"("choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.text","signature":"sig","index":0}]},"finish_reason":null}]})"
      "\n"
      R"("choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":"xyz","id":"rs_1","format":"openai-responses-v1","index":1}]},"finish_reason":null}]})"
      "\n"
      R"("choices":[{"index":0,"delta":{"reasoning_content":"plain"},"finish_reason":null}]})"
      "\n");
}

TEST_F(EncodeStream, UsageComesOnceInAChunkOfItsOwn) {
  envelope_.include_usage = true;
  start();
  encoder_.on(chat::TextDelta{0, Text("x")});
  encoder_.on(chat::UsageUpdate{{.input = 1, .output = 1}, {}});
  encoder_.on(chat::UsageUpdate{{.input = 3, .output = 4}, {}});
  finish();
  const Seen seen = this->seen();
  EXPECT_EQ(seen.departures_joined(), "");
  EXPECT_THAT(seen.usage, HasSubstr(R"("prompt_tokens":3,"completion_tokens":4,"total_tokens":7)"));
  EXPECT_EQ(encoder_.usage()->input, 3);
}

TEST_F(EncodeStream, UsageThatNobodyAskedForStaysHere) {
  start();
  encoder_.on(chat::UsageUpdate{{.input = 1, .output = 1}, {}});
  finish();
  EXPECT_EQ(seen().departures_joined(), "");
  EXPECT_THAT(out_, Not(HasSubstr("usage")));
  ASSERT_TRUE(encoder_.usage());
}

TEST_F(EncodeStream, TheReportComesLast) {
  for (const bool include_usage : {false, true}) {
    std::string out;
    Envelope envelope = envelope_;
    envelope.include_usage = include_usage;
    envelope.changes = &changes_;
    envelope.attempts = "[{\"a\":1}\n]";
    StreamEncoder encoder(envelope, out);
    encoder.on(chat::Start{});
    encoder.on(chat::TextDelta{0, Text("x")});
    encoder.on(chat::UsageUpdate{{.input = 1, .output = 1}, {}});
    encoder.on(chat::Finish{0, chat::FinishReason::stop, {}, {}});
    encoder.on(chat::Finish{1, chat::FinishReason::stop, {}, {}});
    changes_.clear();
    changes_.dropped("seed", "a \"reason\"");
    encoder.on(chat::End{});
    const Seen seen = read_stream(out, {"public", "req", include_usage});
    EXPECT_EQ(seen.departures_joined(), "");
    EXPECT_EQ(
        seen.report,
        R"({"attempts":[{"a":1}],"changes":[{"kind":"dropped","param":"seed","reason":"a \"reason\""}]})");
    EXPECT_EQ(out.rfind("data: {"), out.rfind("data: {", out.find("sluice")));
  }
}

TEST_F(EncodeStream, ExtrasGoWithTheNextChunkOfTheirPlace) {
  begin_choice();
  encoder_.on(chat::Extra{chat::Extra::Place::answer, 0, Text("service_tier"), "\"flex\""});
  encoder_.on(chat::Extra{chat::Extra::Place::answer, 0, Text("request_id"), "\"theirs\""});
  encoder_.on(chat::Extra{chat::Extra::Place::choice, 0, Text("logprobs"), "{\n\"content\":[]}"});
  encoder_.on(chat::TextDelta{0, Text("x")});
  encoder_.on(chat::Extra{chat::Extra::Place::message, 0, Text("audio"), "{}"});
  EXPECT_EQ(
      written(),
      R"("choices":[{"index":0,"delta":{"content":"x"},"logprobs":{"content":[]},"finish_reason":null}],)"
      R"("service_tier":"flex"})"
      "\n"
      R"("choices":[{"index":0,"delta":{"audio":{}},"finish_reason":null}]})"
      "\n");
}

TEST_F(EncodeStream, AnExtraThatComesAgainDoesNotPushTheFirstOut) {
  begin_choice();
  encoder_.on(chat::Extra{chat::Extra::Place::choice, 0, Text("logprobs"), "1"});
  encoder_.on(chat::Extra{chat::Extra::Place::choice, 0, Text("logprobs"), "2"});
  EXPECT_EQ(written(), R"("choices":[{"index":0,"delta":{},"logprobs":1,"finish_reason":null}]})"
                       "\n");
  finish();
  EXPECT_THAT(written(), HasSubstr(R"("delta":{},"logprobs":2,"finish_reason":"stop")"));
}

TEST_F(EncodeStream, AnnotationsComeTogetherAndImagesAreNumbered) {
  begin_choice();
  encoder_.on(chat::Annotation{0, R"({"type":"url_citation"})"});
  encoder_.on(chat::Image{0, R"({"type":"image_url"})"});
  encoder_.on(chat::Image{0, R"({"type":"image_url","index":1})"});
  encoder_.on(chat::Annotation{0, R"({"n":2})"});
  finish();
  const std::string out = written();
  EXPECT_THAT(out, HasSubstr(R"("delta":{"annotations":[{"type":"url_citation"},{"n":2}]})"));
  EXPECT_THAT(out, HasSubstr(R"("delta":{"images":[{"index":0,"type":"image_url"}]})"));
  EXPECT_THAT(out, HasSubstr(R"("delta":{"images":[{"type":"image_url","index":1}]})"));
}

TEST_F(EncodeStream, TellsTheRecordHowItEnded) {
  start();
  EXPECT_FALSE(encoder_.has_content());
  encoder_.on(chat::TextDelta{0, Text("")});
  EXPECT_FALSE(encoder_.has_content()) << "a role is no content";
  encoder_.on(chat::TextDelta{0, Text("x")});
  EXPECT_TRUE(encoder_.has_content());
  EXPECT_EQ(encoder_.finish(), "");
  encoder_.on(chat::Finish{1, chat::FinishReason::length, Text("other"), {}});
  encoder_.on(chat::Finish{0, chat::FinishReason::stop, Text("end_turn"), Text("END")});
  EXPECT_EQ(encoder_.finish(), "stop");
  EXPECT_EQ(encoder_.native_finish_escaped(), "end_turn");
  encoder_.on(chat::End{});
  EXPECT_EQ(seen().choices.at(0).stop_sequence, "END");
}

/// Chunks of a provider of the same dialect.
class PassChunk : public EncodeStream {
 protected:
  void native(std::string_view json, bool conforms, const std::function<void()>& events) {
    json::Document document;
    auto parsed = document.parse(json);
    ASSERT_TRUE(parsed) << parsed.error().message();
    encoder_.begin_native({*parsed, conforms});
    events();
    encoder_.end_native();
  }
  void first_chunk() {
    native(
        R"({"id":"c1","object":"chat.completion.chunk","created":5,"model":"up","service_tier":"x",)"
        R"("choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,)"
        R"("finish_reason":null}],"usage":null,"obfuscation":"aaaa"})",
        true, [&] {
          encoder_.on(chat::Start{Text("c1"), Text("up"), 5});
          encoder_.on(chat::TextDelta{0, Text("")});
        });
  }
  std::string all() {
    std::string out = std::move(out_);
    out_.clear();
    return out;
  }
};

TEST_F(PassChunk, KeepsWhatTheProviderWrote) {
  first_chunk();
  EXPECT_EQ(
      all(),
      R"(data: {"request_id":"req","model":"public","id":"c1","object":"chat.completion.chunk","created":5,)"
      R"("service_tier":"x","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},)"
      R"("logprobs":null,"finish_reason":null}]})"
      "\n\n");
  native(R"({"choices":[{"index":0,"delta":{"content":"h\u0069","new":1}}],"p":"zz","request_id":"theirs",)"
         R"( "id" : "c1", "sluice":1})",
         true, [&] { encoder_.on(chat::TextDelta{0, Text("hi")}); });
  EXPECT_EQ(all(), R"(data: {"request_id":"req","model":"public","choices":[{"index":0,"delta":{"content":)"
                   R"("h\u0069","new":1}}],"id" : "c1"})"
                   "\n\n");
  EXPECT_TRUE(encoder_.has_content());
}

TEST_F(PassChunk, FinishAndUsageAreWrittenFromTheirEvents) {
  envelope_.include_usage = true;
  first_chunk();
  native(R"({"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null,"x":1})", true,
         [&] {
           encoder_.on(chat::Extra{chat::Extra::Place::answer, 0, Text("x"), "1"});
           encoder_.on(chat::Finish{0, chat::FinishReason::stop, Text("stop"), {}});
         });
  native(R"({"id":"c1","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"queue":0.5}})", true,
         [&] {
           json::Document document;
           auto usage = document.parse(R"({"prompt_tokens":1,"completion_tokens":2,"queue":0.5})");
           ASSERT_TRUE(usage);
           encoder_.on(chat::UsageUpdate{{.input = 1, .output = 2}, *usage});
         });
  encoder_.on(chat::End{});
  const Seen seen = this->seen();
  EXPECT_EQ(seen.departures_joined(), "") << out_;
  EXPECT_EQ(seen.choices.at(0).native_finish, "stop");
  EXPECT_EQ(seen.extras.at("x"), "1");
  EXPECT_THAT(seen.usage, HasSubstr(R"("queue":0.5)"));
}

TEST_F(PassChunk, WhatDoesNotFitIsWrittenAnew) {
  const auto text = [&] { encoder_.on(chat::TextDelta{0, Text("x")}); };
  const std::string anew = R"("delta":{"content":"x"},"finish_reason":null)";
  first_chunk();
  for (const char* json : {
           R"({"id":"c1","vendor":1,"choices":[{"index":0,"delta":{"role":"assistant","content":"x"}}]})",
           R"({"id":"c2","vendor":1,"choices":[{"index":0,"delta":{"content":"x"}}]})",
           R"({"vendor":1,"choices":[{"index":0,"delta":{"content":"x"}}]})",
           R"({"id":"c1","vendor":1,"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]})",
           R"({"id":"c1","vendor":1,"choices":[{"delta":{"content":"x"}}]})",
           R"({"id":"c1","vendor":1,"choices":[{"index":-1,"delta":{"content":"x"}}]})",
           R"({"id":"c1","vendor":1,"choices":[{"index":0,"delta":null}]})",
           R"({"id":"c1","vendor":1,"choices":[{"index":0,"delta":{"content":"x"}},{"index":1,"delta":{}}]})",
           R"({"id":"c1","vendor":1,"choices":[{"index":1,"delta":{"content":"x"}}]})",
           "{\"id\":\"c1\",\"vendor\":1,\"choices\":[{\"index\":0,\n\"delta\":{\"content\":\"x\"}}]}",
       }) {
    all();
    native(json, true, text);
    EXPECT_THAT(out_, AllOf(HasSubstr(anew), Not(HasSubstr("vendor")))) << json;
  }
  all();
  native(R"({"id":"c1","vendor":1,"choices":[{"index":0,"delta":{"content":"x"}}]})", false, text);
  EXPECT_THAT(out_, AllOf(HasSubstr(anew), Not(HasSubstr("vendor"))))
      << "the decoder said that it does not conform";
  all();
  native(R"({"id":"c1","vendor":1,"choices":[{"index":0,"delta":{"content":"x"}}]})", true, text);
  EXPECT_THAT(out_, HasSubstr("vendor"));
}

TEST_F(PassChunk, NothingIsToldTwiceWhereStreamsMix) {
  first_chunk();
  encoder_.on(chat::TextDelta{0, Text("a")});
  native(
      R"({"id":"c1","object":"chat.completion.chunk","created":5,"choices":[{"index":0,"delta":{"content":"b"},)"
      R"("finish_reason":null}]})",
      true, [&] {
        encoder_.on(chat::TextDelta{0, Text("b")});
        encoder_.on(chat::Extra{chat::Extra::Place::choice, 0, Text("y"), "1"});
      });
  finish();
  const Seen seen = this->seen();
  EXPECT_EQ(seen.departures_joined(), "") << out_;
  EXPECT_EQ(seen.choices.at(0).text, "ab");
  EXPECT_FALSE(seen.choices.at(0).choice_extras.contains("y"));
}

TEST_F(PassChunk, AClientOfFunctionsGetsNoNewerForm) {
  envelope_.legacy_functions = true;
  first_chunk();
  EXPECT_THAT(all(), Not(HasSubstr("service_tier")));
}

}  // namespace
}  // namespace sluice::dialect::openai
