#include "chat/fold.hpp"
#include "dialect/gemini/gemini.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace sluice::dialect::gemini {
namespace {

using chat::FinishReason;

/// One candidate with these parts, as a chunk.
std::string chunk(std::string_view parts, std::string_view more = "") {
  return std::string(R"({"candidates":[{"content":{"parts":[)").append(parts).append("]}").append(more) +
         "}]}";
}

std::string finished(std::string_view parts, std::string_view reason = R"("STOP")") {
  return chunk(parts, std::string(R"(,"finishReason":)").append(reason));
}

/// A stream of chunks, folded.
class GeminiAnswer : public testing::Test {
 protected:
  Result<> stream(std::initializer_list<std::string> chunks) {
    const AnswerContext context{.renamed_tools = names_, .seed = 7};
    const auto decoder = new_stream_decoder(context);
    for (const std::string& data : chunks)
      if (auto done = decoder->on_message("", data, fold_); !done) return fail(done);
    return decoder->finish(fold_);
  }
  Result<> whole(std::string_view body) {
    return decode_response(body, {.renamed_tools = names_, .seed = 7}, fold_);
  }
  const chat::Choice& choice(std::size_t index = 0) { return fold_.response().choices.at(index); }
  const chat::ToolCall& call(std::size_t index) { return choice().tool_calls.at(index); }

  RenamedTools names_;
  chat::Fold fold_;
};

TEST_F(GeminiAnswer, JoinsTextAndKeepsIdAndModel) {
  ASSERT_TRUE(stream(
      {R"({"candidates":[{"content":{"parts":[{"text":"Hel"},{"text":"lo \u00e9"}]}}],"responseId":"r1","modelVersion":"m1"})",
       R"({"candidates":[{"content":{"parts":[{"text":"!"}]},"finishReason":"STOP"}],"responseId":"r1"})"}));
  EXPECT_EQ(choice().text_escaped, "Hello \\u00e9!");
  EXPECT_EQ(choice().finish, FinishReason::stop);
  EXPECT_EQ(choice().native_finish_escaped, "STOP");
  EXPECT_EQ(fold_.response().id_escaped, "r1");
  EXPECT_EQ(fold_.response().model_escaped, "m1");
  EXPECT_TRUE(fold_.response().ended);
}

TEST_F(GeminiAnswer, StopWithACallFinishesWithToolCalls) {
  ASSERT_TRUE(whole(finished(R"({"functionCall":{"name":"f","args":{"a":1}}})")));
  EXPECT_EQ(choice().finish, FinishReason::tool_calls);
  EXPECT_EQ(choice().native_finish_escaped, "STOP");
}

TEST_F(GeminiAnswer, StopInALaterChunkThanTheCallFinishesWithToolCalls) {
  ASSERT_TRUE(stream({chunk(R"({"functionCall":{"name":"f","args":{}}})"), finished(R"({"text":""})")}));
  EXPECT_EQ(choice().finish, FinishReason::tool_calls);
  EXPECT_FALSE(choice().has_text);
}

TEST_F(GeminiAnswer, ACallAfterStopFinishesWithToolCalls) {
  ASSERT_TRUE(stream({finished(R"({"text":"x"})"), chunk(R"({"functionCall":{"name":"f"}})")}));
  EXPECT_EQ(choice().finish, FinishReason::tool_calls);
}

TEST_F(GeminiAnswer, CallsOfDifferentChunksAreNumberedOnAndHaveIdsOfTheirOwn) {
  ASSERT_TRUE(stream(
      {R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1}}}]}}],"responseId":"r"})",
       R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"g","args":{"b":2}}}]},"finishReason":"STOP"}],"responseId":"r"})"}));
  ASSERT_EQ(choice().tool_calls.size(), 2U);
  EXPECT_EQ(call(0).name_escaped, "f");
  EXPECT_EQ(call(1).name_escaped, "g");
  EXPECT_NE(call(0).id_escaped, call(1).id_escaped);
  EXPECT_TRUE(call(0).id_escaped.starts_with("call_"));
  EXPECT_LE(call(0).id_escaped.size(), 40U);
}

TEST_F(GeminiAnswer, MintedIdsDifferBetweenAnswers) {
  const std::string_view body =
      R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"f"}}]},"finishReason":"STOP"}],"responseId":"r"})";
  chat::Fold first, second;
  ASSERT_TRUE(decode_response(body, {.renamed_tools = names_, .seed = 1}, first));
  ASSERT_TRUE(decode_response(body, {.renamed_tools = names_, .seed = 2}, second));
  EXPECT_NE(first.response().choices[0].tool_calls[0].id_escaped,
            second.response().choices[0].tool_calls[0].id_escaped);
}

TEST_F(GeminiAnswer, NativeIdsAreKeptUnlessTheyRepeatOrCannotBeUsed) {
  ASSERT_TRUE(whole(finished(R"({"functionCall":{"name":"f","id":"8hd01vsf"}},
      {"functionCall":{"name":"f","id":"8hd01vsf"}},{"functionCall":{"name":"f","id":"a b"}},{"functionCall":{"name":"f","id":""}})")));
  EXPECT_EQ(call(0).id_escaped, "8hd01vsf");
  for (std::size_t i = 1; i < 4; ++i) EXPECT_TRUE(call(i).id_escaped.starts_with("call_")) << i;
}

TEST_F(GeminiAnswer, MissingArgumentsAreAnEmptyObject) {
  ASSERT_TRUE(whole(finished(R"({"functionCall":{"name":"f"}},{"functionCall":{"name":"g","args":null}})")));
  EXPECT_EQ(call(0).arguments_escaped, "{}");
  EXPECT_EQ(call(1).arguments_escaped, "{}");
}

TEST_F(GeminiAnswer, ArgumentsAreCompactTextWithTheirDigits) {
  ASSERT_TRUE(
      whole(finished(R"({"functionCall":{"name":"f","args":{ "id": 9007199254740993, "s": "a \"b\"" }}})")));
  EXPECT_EQ(json::Text(call(0).arguments_escaped).decode(), R"({"id":9007199254740993,"s":"a \"b\""})");
}

TEST_F(GeminiAnswer, NamesThatWereReplacedAreRestored) {
  names_.sent(json::Text("math.add"), 64);
  ASSERT_TRUE(whole(finished(R"({"functionCall":{"name":"math_add"}})")));
  EXPECT_EQ(call(0).name_escaped, "math.add");
}

TEST_F(GeminiAnswer, SignaturesStayWithTheirCalls) {
  ASSERT_TRUE(whole(
      finished(R"({"functionCall":{"name":"f"},"thoughtSignature":"c2ln"},{"functionCall":{"name":"g"}})")));
  EXPECT_EQ(call(0).signature_escaped, "c2ln");
  EXPECT_EQ(call(1).signature_escaped, "");
  EXPECT_TRUE(choice().reasoning.empty());
}

TEST_F(GeminiAnswer, ASignatureBehindTheTextIsKeptWithoutAnEmptyDelta) {
  ASSERT_TRUE(stream({chunk(R"({"text":"Scoop"})"), finished(R"({"text":"","thoughtSignature":"c2ln"})")}));
  EXPECT_EQ(choice().text_escaped, "Scoop");
  ASSERT_EQ(choice().reasoning.size(), 1U);
  EXPECT_EQ(choice().reasoning[0].kind, chat::ReasoningBlock::Kind::opaque);
  EXPECT_EQ(choice().reasoning[0].data_escaped, "c2ln");
  EXPECT_EQ(choice().reasoning[0].format, "google-gemini-v1");
}

TEST_F(GeminiAnswer, ThoughtsAreReasoningAndNotText) {
  ASSERT_TRUE(whole(finished(R"({"text":"hm","thought":true},{"text":"yes"})")));
  EXPECT_EQ(choice().reasoning_escaped, "hm");
  EXPECT_EQ(choice().text_escaped, "yes");
  EXPECT_TRUE(choice().reasoning.empty()) << "unsigned thoughts need not come back";
}

TEST_F(GeminiAnswer, OutputIncludesThoughts) {
  ASSERT_TRUE(whole(R"({"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"}],
      "usageMetadata":{"promptTokenCount":20,"candidatesTokenCount":10,"thoughtsTokenCount":382,"totalTokenCount":412}})"));
  const auto& usage = *fold_.response().usage;
  EXPECT_EQ(usage.input, 20);
  EXPECT_EQ(usage.output, 392);
  EXPECT_EQ(usage.reasoning, 382);
  EXPECT_EQ(usage.total(), 412);
}

TEST_F(GeminiAnswer, UsageOfEveryChunkReplacesTheEarlierAndWhatIsMissingStays) {
  ASSERT_TRUE(stream(
      {R"({"candidates":[{"content":{"parts":[{"text":"x"}]}}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":1,"cachedContentTokenCount":4}})",
       R"({"candidates":[{"content":{"parts":[{"text":"y"}]}}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2}})",
       R"({"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":6,"toolUsePromptTokenCount":3,"trafficType":"ON_DEMAND"}})"}));
  const auto& usage = *fold_.response().usage;
  EXPECT_EQ(usage.input, 9);
  EXPECT_EQ(usage.output, 2);
  EXPECT_EQ(usage.cache_read, 4);
}

TEST_F(GeminiAnswer, UsageWithoutCountsIsNoUsage) {
  ASSERT_TRUE(
      whole(R"({"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"trafficType":"ON_DEMAND"}})"));
  EXPECT_FALSE(fold_.response().usage);
}

TEST_F(GeminiAnswer, HostileCountsDoNotOverflow) {
  ASSERT_TRUE(whole(
      R"({"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9223372036854775807,
      "toolUsePromptTokenCount":9223372036854775807,"candidatesTokenCount":-5,"thoughtsTokenCount":9223372036854775807}})"));
  EXPECT_GT(fold_.response().usage->total(), 0);
}

TEST_F(GeminiAnswer, ABlockedPromptIsAContentFilterWithItsReason) {
  ASSERT_TRUE(whole(
      R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":3}})"));
  EXPECT_EQ(choice().finish, FinishReason::content_filter);
  EXPECT_EQ(choice().refusal_escaped, "blocked: PROHIBITED_CONTENT");
  EXPECT_EQ(choice().native_finish_escaped, "PROHIBITED_CONTENT");
  EXPECT_FALSE(choice().has_text);
  EXPECT_EQ(fold_.response().usage->input, 3);
}

TEST_F(GeminiAnswer, ABlockedPromptTellsTheMessageToo) {
  ASSERT_TRUE(stream({R"({"promptFeedback":{"blockReason":4,"blockReasonMessage":"No \"way\"."}})"}));
  EXPECT_EQ(json::Text(choice().refusal_escaped).decode(), "blocked: PROHIBITED_CONTENT (No \"way\".)");
  EXPECT_EQ(choice().native_finish_escaped, "PROHIBITED_CONTENT");
}

TEST_F(GeminiAnswer, FilteredAnswersAreContentFilters) {
  for (const std::string reason :
       {"\"SAFETY\"", "\"RECITATION\"", "\"MODEL_ARMOR\"", "\"IMAGE_SAFETY\"", "3"}) {
    chat::Fold fold;
    const std::string body = R"({"candidates":[{"content":{},"finishReason":)" + reason + "}]}";
    ASSERT_TRUE(decode_response(body, {.renamed_tools = names_}, fold)) << reason;
    EXPECT_EQ(fold.response().choices[0].finish, FinishReason::content_filter) << reason;
  }
}

TEST_F(GeminiAnswer, AFilterExplainsItselfWhereNothingWasSaid) {
  ASSERT_TRUE(
      whole(R"({"candidates":[{"finishReason":"MODEL_ARMOR","finishMessage":"Violated a policy."}]})"));
  EXPECT_EQ(choice().refusal_escaped, "Violated a policy.");
}

TEST_F(GeminiAnswer, NumbersStandForFinishReasons) {
  ASSERT_TRUE(whole(finished(R"({"text":"x"})", R"(2)")));
  EXPECT_EQ(choice().finish, FinishReason::length);
  EXPECT_EQ(choice().native_finish_escaped, "MAX_TOKENS");
}

TEST_F(GeminiAnswer, AMalformedCallIsAnErrorWithGeminisWord) {
  const auto done = whole(
      R"({"candidates":[{"content":{},"finishReason":"MALFORMED_FUNCTION_CALL","finishMessage":"Malformed function call: print 1"}]})");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), ErrorCode::upstream_error);
  EXPECT_EQ(done.error().native_code(), "MALFORMED_FUNCTION_CALL");
  EXPECT_NE(done.error().message().find("Malformed function call: print 1"), std::string::npos);
}

TEST_F(GeminiAnswer, ACallThatGotThroughIsShownThoughTheReasonIsAFailure) {
  ASSERT_TRUE(whole(finished(R"({"functionCall":{"name":"f"}})", R"("UNEXPECTED_TOOL_CALL")")));
  EXPECT_EQ(choice().finish, FinishReason::tool_calls);
  EXPECT_EQ(choice().native_finish_escaped, "UNEXPECTED_TOOL_CALL");
}

TEST_F(GeminiAnswer, UnknownReasonsStopWhatWasSaidAndFailWhatWasNot) {
  ASSERT_TRUE(whole(finished(R"({"text":"x"})", R"("BRAND_NEW")")));
  EXPECT_EQ(choice().finish, FinishReason::stop);
  const auto silent = whole(R"({"candidates":[{"finishReason":"OTHER"}]})");
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().native_code(), "OTHER");
}

TEST_F(GeminiAnswer, AnAnswerWithoutCandidatesIsAnError) {
  const auto done = whole(R"({"usageMetadata":{"promptTokenCount":3}})");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), ErrorCode::upstream_error);
}

TEST_F(GeminiAnswer, AStreamThatNeverFinishedIsTruncated) {
  const auto empty = stream({});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code(), ErrorCode::upstream_truncated);
  const auto cut = stream({chunk(R"({"text":"x"})")});
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code(), ErrorCode::upstream_truncated);
  EXPECT_FALSE(choice().finish);
}

TEST_F(GeminiAnswer, AnErrorInsideAStreamEndsIt) {
  const auto done =
      stream({chunk(R"({"text":"x"})"),
              R"({"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}})"});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), ErrorCode::upstream_overloaded);
  EXPECT_EQ(done.error().message(), "The model is overloaded.");
}

TEST_F(GeminiAnswer, AnErrorInAnArrayIsAnError) {
  const auto done = whole(R"([{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}])");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), ErrorCode::upstream_rate_limited);
}

TEST_F(GeminiAnswer, WhatIsNoAnswerIsAProtocolError) {
  for (const auto* body : {"7", "[7]", "null", "\"x\"", "{", R"({"candidates":[{"index":4000000000}]})",
                           R"({"candidates":[{"index":-1}]})"}) {
    const auto done = whole(body);
    ASSERT_FALSE(done) << body;
    EXPECT_EQ(done.error().code(), ErrorCode::upstream_protocol) << body;
  }
}

TEST_F(GeminiAnswer, SeveralCandidatesAreSeveralChoices) {
  ASSERT_TRUE(stream(
      {chunk(
           R"({"functionCall":{"name":"f"}}]}},{"index":1,"content":{"parts":[{"functionCall":{"name":"f"}})"),
       R"({"candidates":[{"index":1,"finishReason":"STOP"}]})",
       R"({"candidates":[{"index":0,"finishReason":"MAX_TOKENS"}]})"}));
  EXPECT_EQ(choice(0).finish, FinishReason::length);
  EXPECT_EQ(choice(1).finish, FinishReason::tool_calls);
  EXPECT_NE(choice(0).tool_calls[0].id_escaped, choice(1).tool_calls[0].id_escaped);
}

TEST_F(GeminiAnswer, OneFailedCandidateDoesNotTakeTheOthersAlong) {
  ASSERT_TRUE(whole(
      R"({"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"},{"index":1,"finishReason":"MALFORMED_FUNCTION_CALL"}]})"));
  EXPECT_EQ(choice(0).text_escaped, "x");
  EXPECT_EQ(choice(1).native_finish_escaped, "MALFORMED_FUNCTION_CALL");
}

TEST_F(GeminiAnswer, ImagesAreContentParts) {
  ASSERT_TRUE(whole(finished(R"({"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}})")));
  ASSERT_EQ(choice().images.size(), 1U);
  EXPECT_EQ(choice().images[0],
            R"({"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}})");
}

TEST_F(GeminiAnswer, CodeThatTheProviderRanIsKeptBesideTheText) {
  ASSERT_TRUE(stream(
      {chunk(R"({"executableCode":{"code":"print 1","language":"PYTHON"}})"),
       finished(R"({"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\n"}},{"text":"It is 1."})")}));
  EXPECT_EQ(choice().text_escaped, "It is 1.");
  ASSERT_EQ(choice().message_extras.size(), 1U);
  EXPECT_EQ(choice().message_extras[0].name_escaped, "google_parts");
  EXPECT_EQ(
      choice().message_extras[0].json,
      R"([{"executableCode":{"code":"print 1","language":"PYTHON"}},{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\n"}}])");
}

TEST_F(GeminiAnswer, ToolsThatTheProviderRanAreNoCallsOfTheClient) {
  ASSERT_TRUE(whole(finished(
      R"({"toolCall":{"toolType":"GOOGLE_SEARCH_WEB","id":"x"},"thoughtSignature":"a"},{"toolResponse":{"id":"x"},"thoughtSignature":"b"},{"text":"found","thoughtSignature":"c"})")));
  EXPECT_TRUE(choice().tool_calls.empty());
  EXPECT_EQ(choice().finish, FinishReason::stop);
  ASSERT_EQ(choice().reasoning.size(), 1U);
  EXPECT_EQ(choice().reasoning[0].data_escaped, "c");
}

TEST_F(GeminiAnswer, ArgumentsInPiecesAreOneText) {
  ASSERT_TRUE(stream(
      {chunk(R"({"functionCall":{"name":"f","willContinue":true},"thoughtSignature":"s"})"),
       chunk(
           R"({"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"Bos","willContinue":true}],"willContinue":true}})"),
       chunk(
           R"({"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"ton"}],"willContinue":true}})"),
       chunk(R"({"functionCall":{}})"),
       finished(R"({"functionCall":{"name":"g","partialArgs":[{"jsonPath":"$.n","numberValue":1.50}]}})")}));
  ASSERT_EQ(choice().tool_calls.size(), 2U);
  EXPECT_EQ(json::Text(call(0).arguments_escaped).decode(), R"({"a":"Boston"})");
  EXPECT_EQ(call(0).signature_escaped, "s");
  EXPECT_EQ(json::Text(call(1).arguments_escaped).decode(), R"({"n":1.50})");
}

TEST_F(GeminiAnswer, ArgumentsThatTheLimitCutOffAreDeliveredAsFarAsTheyCame) {
  ASSERT_TRUE(stream(
      {chunk(R"({"functionCall":{"name":"f","willContinue":true}})"),
       finished(
           R"({"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"Bos","willContinue":true}],"willContinue":true}})",
           R"("MAX_TOKENS")")}));
  EXPECT_EQ(choice().finish, FinishReason::length);
  EXPECT_EQ(json::Text(call(0).arguments_escaped).decode(), R"({"a":"Bos"})");
}

TEST_F(GeminiAnswer, WebSourcesAreCitations) {
  const std::string sources = R"(,"finishReason":"STOP","groundingMetadata":{
      "groundingChunks":[{"web":{"uri":"https://a.example","title":"A"}},{"web":{"uri":"https://b.example"}}],
      "groundingSupports":[{"segment":{"startIndex":10,"endIndex":13},"groundingChunkIndices":[0,9]}]})";
  ASSERT_TRUE(stream({chunk(R"({"text":"Gr\u00fcn ist "})", R"(,"groundingMetadata":{})"),
                      chunk(R"({"text":"es."})", sources)}));
  ASSERT_EQ(choice().annotations.size(), 2U);
  EXPECT_EQ(choice().annotations[0],
            R"({"type":"url_citation","url_citation":{"start_index":9,"end_index":12,)"
            R"("url":"https://a.example","title":"A"}})");
  EXPECT_EQ(choice().annotations[1],
            R"({"type":"url_citation","url_citation":{"start_index":0,"end_index":12,)"
            R"("url":"https://b.example","title":""}})");
}

TEST_F(GeminiAnswer, SourcesThatAreRepeatedAreToldOnce) {
  const std::string cited =
      chunk(R"({"text":"x"})", R"(,"finishReason":"STOP","groundingMetadata":{"groundingChunks":[)"
                               R"({"web":{"uri":"https://a.example","title":"A"}}]})");
  ASSERT_TRUE(stream({cited, cited}));
  EXPECT_EQ(choice().annotations.size(), 1U);
}

TEST_F(GeminiAnswer, LogprobsHaveOpenAIsForm) {
  ASSERT_TRUE(whole(chunk(R"({"text":"\u00e9"})", R"(,"finishReason":"STOP","logprobsResult":{
      "chosenCandidates":[{"token":"\u00e9","tokenId":3,"logProbability":-0.25}],
      "topCandidates":[{"candidates":[{"token":"e","logProbability":-1.5}]}]})")));
  ASSERT_EQ(choice().choice_extras.size(), 1U);
  EXPECT_EQ(choice().choice_extras[0].name_escaped, "logprobs");
  EXPECT_EQ(choice().choice_extras[0].json,
            R"({"content":[{"token":"\u00e9","logprob":-0.25,"bytes":[195,169],"top_logprobs":)"
            R"([{"token":"e","logprob":-1.5,"bytes":[101]}]}],"refusal":null})");
}

TEST(GeminiError, TellsHowLongToWait) {
  const Error error = decode_error(
      {.status = 429,
       .body =
           R"({"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}})"});
  EXPECT_EQ(error.code(), ErrorCode::upstream_rate_limited);
  ASSERT_TRUE(error.retry_after());
  EXPECT_EQ(error.retry_after()->count(), 34400);
}

TEST(GeminiError, AWrongKeyIsNotTheClientsFault) {
  const Error error = decode_error(
      {.status = 400,
       .body =
           R"({"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}})"});
  EXPECT_EQ(error.code(), ErrorCode::upstream_auth);
  EXPECT_EQ(error.native_code(), "API_KEY_INVALID");
}

TEST(GeminiError, ALongPromptIsRecognised) {
  const Error error = decode_error(
      {.status = 400,
       .body =
           R"([{"error":{"code":400,"message":"The input token count (1250074) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}])"});
  EXPECT_EQ(error.code(), ErrorCode::context_length_exceeded);
}

}  // namespace
}  // namespace sluice::dialect::gemini
