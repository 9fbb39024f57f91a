#include "base/text.hpp"
#include "chat/fold.hpp"
#include "dialect/bedrock/bedrock.hpp"
#include "dialect/bedrock/redacted.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sluice::dialect::bedrock {
namespace {

using chat::FinishReason;
using Events = std::vector<std::pair<std::string, std::string>>;

class BedrockDecode : public testing::Test {
 protected:
  Result<> whole(std::string_view body) { return decode_response(body, context_, fold_); }
  Result<> stream(const Events& events) {
    const auto decoder = new_stream_decoder(context_);
    for (const auto& [type, data] : events)
      if (auto read = decoder->on_message(type, data, fold_); !read) return read;
    return decoder->finish(fold_);
  }
  const chat::Response& response() const { return fold_.response(); }
  const chat::Choice& said() const { return fold_.response().choices.at(0); }

  RenamedTools names_;
  AnswerContext context_{.renamed_tools = names_, .seed = 5};
  chat::Fold fold_;
};

const std::pair<std::string, std::string> begun{"messageStart", R"({"role":"assistant","p":"abc"})"};
const std::pair<std::string, std::string> counted{
    "metadata",
    R"({"usage":{"inputTokens":10,"outputTokens":2,"totalTokens":12},"metrics":{"latencyMs":1}})"};

std::pair<std::string, std::string> delta(int index, std::string_view json) {
  return {"contentBlockDelta", R"({"contentBlockIndex":)" + std::to_string(index) + R"(,"delta":)" +
                                   std::string(json) + R"(,"p":"x"})"};
}
std::pair<std::string, std::string> call_start(int index, std::string_view members) {
  return {"contentBlockStart", R"({"contentBlockIndex":)" + std::to_string(index) +
                                   R"(,"start":{"toolUse":{)" + std::string(members) + "}}}"};
}
std::pair<std::string, std::string> block_stop(int index) {
  return {"contentBlockStop", R"({"contentBlockIndex":)" + std::to_string(index) + "}"};
}
std::pair<std::string, std::string> stopped(std::string_view reason) {
  return {"messageStop", R"({"stopReason":")" + std::string(reason) + R"("})"};
}

TEST_F(BedrockDecode, TakesAStartThatSaysNothing) {
  ASSERT_TRUE(stream({begun,
                      {"contentBlockStart", R"({"contentBlockIndex":0,"start":{}})"},
                      delta(0, R"({"text":"Hi"})"),
                      block_stop(0),
                      stopped("end_turn"),
                      counted}));
  EXPECT_EQ(said().text_escaped, "Hi");
  EXPECT_TRUE(said().message_extras.empty());
}

TEST_F(BedrockDecode, TakesAnAnswerWithoutWords) {
  ASSERT_TRUE(whole(R"({"output":{"message":{"role":"assistant"}},"stopReason":"max_tokens"})"));
  EXPECT_EQ(said().finish, FinishReason::length);
  EXPECT_EQ(said().text_escaped, "");
}

TEST_F(BedrockDecode, TakesTextWithoutTheStartOfItsBlock) {
  ASSERT_TRUE(stream({begun, delta(0, R"({"text":"Hi"})"), delta(0, R"({"text":"\n"})"), block_stop(0),
                      delta(1, R"({"text":"!"})"), block_stop(1), stopped("end_turn"), counted}));
  EXPECT_EQ(said().text_escaped, "Hi\\n!");
  EXPECT_EQ(said().finish, FinishReason::stop);
  EXPECT_TRUE(response().ended);
}

/// The counts come behind the end of the message, and belong to the answer.
TEST_F(BedrockDecode, WaitsForTheCountsBehindTheEnd) {
  const auto decoder = new_stream_decoder(context_);
  for (const auto& [type, data] : Events{begun, delta(0, R"({"text":"Hi"})"), stopped("end_turn")})
    ASSERT_TRUE(decoder->on_message(type, data, fold_));
  EXPECT_FALSE(decoder->done());
  EXPECT_FALSE(response().ended);
  ASSERT_TRUE(decoder->on_message(counted.first, counted.second, fold_));
  EXPECT_TRUE(decoder->done());
  EXPECT_EQ(response().usage->input, 10);
  EXPECT_TRUE(response().ended);
}

TEST_F(BedrockDecode, EndsWithoutCountsWhereTheStreamDoes) {
  ASSERT_TRUE(stream({begun, delta(0, R"({"text":"Hi"})"), stopped("end_turn")}));
  EXPECT_TRUE(response().ended);
  EXPECT_FALSE(response().usage);
}

TEST_F(BedrockDecode, NeverInventsAnEnd) {
  for (const Events& events :
       {Events{}, Events{begun}, Events{begun, delta(0, R"({"text":"Hi"})"), block_stop(0)},
        Events{begun, delta(0, R"({"text":"Hi"})"), counted}}) {
    const auto torn = stream(events);
    ASSERT_FALSE(torn);
    EXPECT_EQ(torn.error().code(), ErrorCode::upstream_truncated);
  }
}

TEST_F(BedrockDecode, CountsTheCacheToTheInput) {
  ASSERT_TRUE(whole(
      R"({"output":{"message":{"content":[{"text":"a"}]}},"stopReason":"end_turn","usage":{"inputTokens":10,)"
      R"("outputTokens":5,"totalTokens":15,"cacheReadInputTokens":90,"cacheWriteInputTokens":7,)"
      R"("cacheDetails":[{"ttl":"5m","inputTokens":3},{"ttl":"1h","inputTokens":4}]}})"));
  EXPECT_EQ(response().usage->input, 107);
  EXPECT_EQ(response().usage->cache_read, 90);
  EXPECT_EQ(response().usage->cache_write, 7);
  EXPECT_EQ(response().usage->cache_write_1h, 4);
  EXPECT_EQ(response().usage->total(), 112);
}

TEST_F(BedrockDecode, NumbersCallsByThemselvesAndFillsEmptyArguments) {
  ASSERT_TRUE(
      stream({begun, delta(0, R"({"text":"a"})"), block_stop(0),
              call_start(1, R"("toolUseId":"tooluse_1","name":"f")"), delta(1, R"({"toolUse":{"input":""}})"),
              delta(1, R"({"toolUse":{"input":"{\"a\""}})"), delta(1, R"({"toolUse":{"input":":1}"}})"),
              block_stop(1), call_start(2, R"("toolUseId":"tooluse_1","name":"g")"), block_stop(2),
              stopped("tool_use"), counted}));
  ASSERT_EQ(said().tool_calls.size(), 2U);
  EXPECT_EQ(said().tool_calls[0].id_escaped, "tooluse_1");
  EXPECT_EQ(said().tool_calls[0].arguments_escaped, R"({\"a\":1})");
  EXPECT_NE(said().tool_calls[1].id_escaped, "tooluse_1");
  EXPECT_EQ(said().tool_calls[1].arguments_escaped, "{}");
  EXPECT_EQ(said().finish, FinishReason::tool_calls);
}

TEST_F(BedrockDecode, KeepsWhatAwsRunsItselfApart) {
  ASSERT_TRUE(
      stream({begun,
              call_start(0, R"("name":"nova_code_interpreter","toolUseId":"t","type":"server_tool_use")"),
              delta(0, R"({"toolUse":{"input":"{\"snippet\":\"1+1\"}"}})"),
              block_stop(0),
              {"contentBlockStart",
               R"({"contentBlockIndex":1,"start":{"toolResult":{"status":"success","toolUseId":"t"}}})"},
              delta(1, R"({"toolResult":[{"json":{"stdOut":"2"}}]})"),
              block_stop(1),
              delta(2, R"({"text":"2"})"),
              stopped("end_turn"),
              counted}));
  EXPECT_TRUE(said().tool_calls.empty());
  EXPECT_EQ(said().finish, FinishReason::stop);
  ASSERT_EQ(said().message_extras.size(), 1U);
  EXPECT_EQ(said().message_extras[0].name_escaped, "provider_blocks");
  EXPECT_EQ(
      said().message_extras[0].json,
      R"([{"toolUse":{"name":"nova_code_interpreter","toolUseId":"t","type":"server_tool_use","input":{"snippet":"1+1"}}},)"
      R"({"toolResult":{"status":"success","toolUseId":"t","content":[{"json":{"stdOut":"2"}}]}}])");
}

TEST_F(BedrockDecode, KeepsSignaturesAndRedactedReasoning) {
  ASSERT_TRUE(stream({begun, delta(0, R"({"reasoningContent":{"text":"Hm"}})"),
                      delta(0, R"({"reasoningContent":{"text":"\u00fc"}})"),
                      delta(0, R"({"reasoningContent":{"signature":"c2ln"}})"), block_stop(0),
                      delta(1, R"({"reasoningContent":{"redactedContent":"UlhVNFJV"}})"),
                      delta(1, R"({"reasoningContent":{"redactedContent":"TnI="}})"), block_stop(1),
                      delta(2, R"({"text":"a"})"), stopped("end_turn"), counted}));
  ASSERT_EQ(said().reasoning.size(), 2U);
  EXPECT_EQ(said().reasoning[0].text_escaped, "Hm\\u00fc");
  EXPECT_EQ(said().reasoning[0].signature_escaped, "c2ln");
  EXPECT_EQ(said().reasoning[0].format, "anthropic-claude-v1");
  EXPECT_EQ(said().reasoning[1].data_escaped, "RXU4RUNr");
  EXPECT_EQ(said().reasoning[1].format, "anthropic-claude-v1");
  EXPECT_EQ(said().reasoning_escaped, "Hm\\u00fc");
  EXPECT_EQ(said().text_escaped, "a");
}

TEST(BedrockRedacted, ComesBackAsTheSameBytes) {
  for (const std::string& bytes :
       {std::string("RXU4RUNr"), std::string("\0\1\2", 3), std::string("no base64!")}) {
    const Redacted redacted = read_redacted(bytes);
    EXPECT_EQ(write_redacted(json::Text(redacted.data_escaped), json::Text(redacted.format)),
              encode_base64(bytes));
  }
  EXPECT_EQ(write_redacted(json::Text("x"), json::Text("google-gemini-v1")), "");
}

TEST_F(BedrockDecode, DoesNotCallUnsignedReasoningClaudes) {
  ASSERT_TRUE(whole(
      R"({"output":{"message":{"content":[{"reasoningContent":{"reasoningText":{"text":"Hm"}}},{"text":"a"}]}},"stopReason":"end_turn"})"));
  EXPECT_EQ(said().reasoning_escaped, "Hm");
  EXPECT_EQ(said().reasoning.at(0).format, "");
}

TEST_F(BedrockDecode, JoinsCitedText) {
  ASSERT_TRUE(whole(
      R"({"output":{"message":{"content":[{"text":"It is "},{"citationsContent":{"content":[{"text":"here"}],"citations":[)"
      R"({"title":"T","source":"https://a.example/","location":{"searchResultLocation":{}}},)"
      R"({"title":"W","location":{"web":{"url":"https://b.example/"}}},)"
      R"({"title":"D","location":{"documentPage":{"start":1}}}]}},{"text":"."}]}},"stopReason":"end_turn"})"));
  EXPECT_EQ(said().text_escaped, "It is here.");
  ASSERT_EQ(said().annotations.size(), 2U);
  EXPECT_EQ(
      said().annotations[0],
      R"({"type":"url_citation","url_citation":{"url":"https://a.example/","title":"T","start_index":6,"end_index":10}})");
  EXPECT_NE(said().annotations[1].find("https://b.example/"), std::string::npos);
  ASSERT_EQ(said().message_extras.size(), 1U);
  EXPECT_NE(said().message_extras[0].json.find("documentPage"), std::string::npos);
}

struct Stop {
  std::string_view native;
  FinishReason reason;
};

TEST_F(BedrockDecode, KnowsTheReasonsForStopping) {
  for (const Stop& stop :
       {Stop{"end_turn", FinishReason::stop}, Stop{"stop_sequence", FinishReason::stop},
        Stop{"tool_use", FinishReason::stop}, Stop{"max_tokens", FinishReason::length},
        Stop{"model_context_window_exceeded", FinishReason::length},
        Stop{"guardrail_intervened", FinishReason::content_filter},
        Stop{"content_filtered", FinishReason::content_filter}, Stop{"new_reason", FinishReason::stop}}) {
    chat::Fold fold;
    ASSERT_TRUE(decode_response(R"({"output":{"message":{"content":[{"text":"a"}]}},"stopReason":")" +
                                    std::string(stop.native) + R"("})",
                                context_, fold));
    EXPECT_EQ(fold.response().choices.at(0).finish, stop.reason) << stop.native;
    EXPECT_EQ(fold.response().choices.at(0).native_finish_escaped, stop.native);
  }
}

TEST_F(BedrockDecode, FailsWhereTheModelHas) {
  for (std::string_view reason : {"malformed_model_output", "malformed_tool_use"}) {
    const auto failed = stream({begun, delta(0, R"({"text":"a"})"), stopped(reason), counted});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code(), ErrorCode::upstream_error);
    EXPECT_EQ(failed.error().native_code(), reason);
    EXPECT_FALSE(response().ended);
  }
}

TEST_F(BedrockDecode, TellsTierTraceAndStopSequence) {
  ASSERT_TRUE(whole(
      R"({"output":{"message":{"content":[{"text":"a"}]}},"stopReason":"stop_sequence","serviceTier":{"type":"flex"},)"
      R"("trace":{"guardrail":{}},"additionalModelResponseFields":{"stop_sequence":"END"}})"));
  EXPECT_EQ(said().stop_sequence_escaped, "END");
  ASSERT_EQ(response().extras.size(), 2U);
  EXPECT_EQ(response().extras[0].json, "\"flex\"");
  EXPECT_EQ(response().extras[1].json, R"({"guardrail":{}})");
}

TEST_F(BedrockDecode, RefusesWhatIsNoAnswer) {
  for (std::string_view body :
       {"[]", "{}", "<html>", "", R"({"output":{"message":{"content":[]}}})",
        R"({"output":{"message":{"content":[{"toolUse":{"toolUseId":"t"}}]}},"stopReason":"tool_use"})"})
    EXPECT_EQ(whole(body).error().code(), ErrorCode::upstream_protocol) << body;
  for (const Events& events :
       {Events{delta(0, R"({"text":"a"})")}, Events{begun, begun}, Events{stopped("end_turn")},
        Events{begun, delta(0, R"({"toolUse":{"input":"{}"}})")},
        Events{begun, call_start(0, R"("name":"f")"), call_start(0, R"("name":"f")")},
        Events{begun, stopped("end_turn"), delta(0, R"({"text":"a"})")}, Events{begun, {"metadata", "{"}},
        Events{begun, delta(0, R"({"reasoningContent":{"redactedContent":"%"}})")}})
    EXPECT_EQ(stream(events).error().code(), ErrorCode::upstream_protocol);
}

TEST_F(BedrockDecode, IgnoresEventsThatItDoesNotKnow) {
  ASSERT_TRUE(stream({begun,
                      {"somethingNew", "no json"},
                      delta(0, R"({"somethingNew":1})"),
                      delta(0, R"({"text":"a"})"),
                      stopped("end_turn"),
                      counted}));
  EXPECT_EQ(said().text_escaped, "a");
}

struct Failing {
  int status;
  std::string_view type, body;
  ErrorCode code;
};

TEST(BedrockError, IsWhatTheHeaderSays) {
  for (const Failing& failing :
       {Failing{400, "ValidationException:http://internal.amazon.com/coral/", R"({"message":"m"})",
                ErrorCode::upstream_invalid_request},
        Failing{400, "ValidationException", R"({"message":"The provided model identifier is invalid."})",
                ErrorCode::upstream_model_unavailable},
        Failing{403, "UnrecognizedClientException:http://x", R"({"message":"m"})", ErrorCode::upstream_auth},
        Failing{403, "AccessDeniedException", R"({"Message":"m"})", ErrorCode::upstream_auth},
        Failing{404, "ResourceNotFoundException", R"({"message":"m"})",
                ErrorCode::upstream_model_unavailable},
        Failing{408, "ModelTimeoutException", R"({"message":"m"})", ErrorCode::upstream_timeout},
        Failing{424, "ModelErrorException", R"({"message":"m"})", ErrorCode::upstream_error},
        Failing{429, "ThrottlingException", R"({"message":"m"})", ErrorCode::upstream_rate_limited},
        Failing{429, "ModelNotReadyException", R"({"message":"m"})", ErrorCode::upstream_overloaded},
        Failing{400, "ServiceQuotaExceededException", R"({"message":"m"})", ErrorCode::upstream_rate_limited},
        Failing{500, "InternalServerException", "", ErrorCode::upstream_error},
        Failing{503, "ServiceUnavailableException", R"({"message":"m"})", ErrorCode::upstream_overloaded},
        Failing{403, "", R"({"__type":"com.amazon.coral.service#AccessDeniedException","message":"m"})",
                ErrorCode::upstream_auth},
        Failing{200, "throttlingException", R"({"message":"slow down"})", ErrorCode::upstream_rate_limited},
        Failing{200, "modelStreamErrorException", R"({"message":"m","originalStatusCode":500})",
                ErrorCode::upstream_error},
        Failing{200, "validationException", R"({"message":"m"})", ErrorCode::upstream_invalid_request},
        Failing{200, "InternalError", "An internal server error occurred", ErrorCode::upstream_error}}) {
    const Error error =
        decode_error({.status = failing.status, .body = failing.body, .error_type = failing.type});
    EXPECT_EQ(error.code(), failing.code) << failing.status << " " << failing.type;
    EXPECT_EQ(error.native_code().find(':'), std::string::npos);
    EXPECT_EQ(error.native_code().find('#'), std::string::npos);
    EXPECT_FALSE(error.message().empty());
  }
}

}  // namespace
}  // namespace sluice::dialect::bedrock
