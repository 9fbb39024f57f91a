#include "chat/fold.hpp"
#include "dialect/openai/openai.hpp"
#include "dialect/responses/responses.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::dialect::responses {
namespace {

/// A stream of these events, read.
class Streamed {
 public:
  Streamed(std::initializer_list<std::string_view> events, bool custom_tools = false)
      : context_{.renamed_tools = names_, .custom_tools = custom_tools} {
    const auto decoder = new_stream_decoder(context_);
    for (std::string_view event : events) {
      if (auto done = decoder->on_message("", event, fold_); !done) {
        error_ = std::move(done.error());
        return;
      }
    }
    if (auto done = decoder->finish(fold_); !done) error_ = std::move(done.error());
  }

  const chat::Response& response() const { return fold_.response(); }
  const chat::Choice& choice() const { return fold_.response().choices.at(0); }
  const std::optional<Error>& error() const { return error_; }

 private:
  RenamedTools names_;
  AnswerContext context_;
  chat::Fold fold_;
  std::optional<Error> error_;
};

/// A whole answer with these items and members.
class Whole {
 public:
  explicit Whole(std::string_view output, std::string_view members = R"("status":"completed")") {
    const RenamedTools names;
    const AnswerContext context{.renamed_tools = names, .seed = 7, .custom_tools = true};
    const std::string body = R"({"id":"resp_1","model":"m","created_at":5,"output":[)" + std::string(output) +
                             "]," + std::string(members) + "}";
    if (auto done = decode_response(body, context, fold_); !done) error_ = std::move(done.error());
  }

  const chat::Response& response() const { return fold_.response(); }
  const chat::Choice& choice() const { return fold_.response().choices.at(0); }
  const std::optional<Error>& error() const { return error_; }

 private:
  chat::Fold fold_;
  std::optional<Error> error_;
};

constexpr std::string_view created =
    R"({"type":"response.created","response":{"id":"resp_1","model":"m","created_at":1782321708.4}})";
constexpr std::string_view completed =
    R"({"type":"response.completed","response":{"id":"resp_1","status":"completed","usage":{"input_tokens":3,"output_tokens":2}}})";
constexpr std::string_view call_added =
    R"({"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":""}})";
constexpr std::string_view call_done =
    R"({"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{\"a\":1}"}})";
constexpr std::string_view arguments_done =
    R"({"type":"response.function_call_arguments.done","output_index":0,"arguments":"{\"a\":1}"})";

std::string delta(std::string_view type, std::string_view text, int index = 0) {
  return R"({"type":"response.)" + std::string(type) + R"(.delta","output_index":)" + std::to_string(index) +
         R"(,"content_index":0,"delta":")" + std::string(text) + "\"}";
}

/// Case 100: the id is the call's, and what `.done` repeats is told once.
TEST(ResponsesStream, ArgumentsAreToldOnce) {
  const Streamed answer({created, call_added, delta("function_call_arguments", R"({\"a\")"),
                         delta("function_call_arguments", ":1}"), arguments_done, call_done, completed});
  ASSERT_FALSE(answer.error());
  ASSERT_EQ(answer.choice().tool_calls.size(), 1U);
  EXPECT_EQ(answer.choice().tool_calls[0].id_escaped, "call_1");
  EXPECT_EQ(answer.choice().tool_calls[0].name_escaped, "f");
  EXPECT_EQ(answer.choice().tool_calls[0].arguments_escaped, R"({\"a\":1})");
  EXPECT_EQ(answer.choice().finish, chat::FinishReason::tool_calls);
}

TEST(ResponsesStream, WhatIsMissingOfTheArgumentsComesWithTheirEnd) {
  for (std::string_view end : {arguments_done, call_done}) {
    EXPECT_EQ(Streamed({created, call_added, end, completed}).choice().tool_calls.at(0).arguments_escaped,
              R"({\"a\":1})");
    EXPECT_EQ(Streamed({created, call_added, delta("function_call_arguments", R"({\"a)"), end, completed})
                  .choice()
                  .tool_calls.at(0)
                  .arguments_escaped,
              R"({\"a\":1})");
  }
}

TEST(ResponsesStream, ACallWithoutArgumentsHasAnEmptyObject) {
  EXPECT_EQ(Streamed({created, call_added, completed}).choice().tool_calls.at(0).arguments_escaped, "{}");
}

TEST(ResponsesStream, ACallMayComeAllAtOnce) {
  const Streamed answer({created, call_done, completed});
  EXPECT_EQ(answer.choice().tool_calls.at(0).arguments_escaped, R"({\"a\":1})");
}

/// Case 101: the limit is told, with what it cost.
TEST(ResponsesStream, IncompleteIsLengthWithUsage) {
  const Streamed answer(
      {created, call_added, delta("function_call_arguments", R"({\"a)"),
       R"({"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":83,"input_tokens_details":{"cached_tokens":8},"output_tokens":16,"output_tokens_details":{"reasoning_tokens":4}}}})"});
  ASSERT_FALSE(answer.error());
  EXPECT_EQ(answer.choice().finish, chat::FinishReason::length);
  EXPECT_EQ(answer.choice().native_finish_escaped, "max_output_tokens");
  EXPECT_EQ(answer.choice().tool_calls.at(0).arguments_escaped, R"({\"a)");
  ASSERT_TRUE(answer.response().usage);
  EXPECT_EQ(answer.response().usage->total(), 99);
  EXPECT_EQ(answer.response().usage->cache_read, 8);
  EXPECT_EQ(answer.response().usage->reasoning, 4);
}

TEST(ResponsesAnswer, AFilterIsContentFilter) {
  const Whole answer(R"({"type":"message","content":[]})",
                     R"("status":"incomplete","incomplete_details":{"reason":"content_filter"})");
  EXPECT_EQ(answer.choice().finish, chat::FinishReason::content_filter);
}

/// Case 102: failures keep their code, in each of the forms in which they come.
TEST(ResponsesStream, FailuresKeepTheirCode) {
  const std::string_view failed =
      R"({"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"it broke"}}})";
  const std::string_view flat =
      R"({"type":"error","code":"server_error","message":"it broke","param":null,"sequence_number":2})";
  const std::string_view nested =
      R"({"type":"error","error":{"type":"server_error","code":"server_error","message":"it broke"}})";
  const std::string_view bare = R"({"error":{"code":"server_error","message":"it broke"}})";
  for (std::string_view event : {failed, flat, nested, bare}) {
    const Streamed answer({created, delta("output_text", "He"), event});
    ASSERT_TRUE(answer.error()) << event;
    EXPECT_EQ(answer.error()->code(), ErrorCode::upstream_error) << event;
    EXPECT_EQ(answer.error()->message(), "it broke");
    EXPECT_EQ(answer.error()->native_code(), "server_error");
    EXPECT_FALSE(answer.response().ended);
  }
}

TEST(ResponsesStream, ARateLimitInsideAStreamIsOne) {
  const Streamed answer({created, R"({"type":"error","code":"rate_limit_exceeded","message":"slow down"})"});
  ASSERT_TRUE(answer.error());
  EXPECT_EQ(answer.error()->code(), ErrorCode::upstream_rate_limited);
}

TEST(ResponsesAnswer, AFailedOneIsAnError) {
  const Whole answer("", R"("status":"failed","error":{"code":"server_error","message":"it broke"})");
  ASSERT_TRUE(answer.error());
  EXPECT_EQ(answer.error()->native_code(), "server_error");
}

TEST(ResponsesAnswer, OneThatIsNotThereYetIsAnError) {
  for (std::string_view status : {"queued", "in_progress", "cancelled"}) {
    const Whole answer("", R"("status":")" + std::string(status) + "\"");
    ASSERT_TRUE(answer.error()) << status;
    EXPECT_EQ(answer.error()->code(), ErrorCode::upstream_truncated);
  }
}

/// Case 103
TEST(ResponsesAnswer, NullTextsAreNone) {
  const Whole answer(
      R"({"type":"message","content":[{"type":"output_text","text":null,"annotations":null,"logprobs":null}]},)"
      R"({"type":"message","content":null},{"type":"reasoning","summary":null,"content":null,"encrypted_content":null})",
      R"("status":"completed","output_text":null,"error":null,"incomplete_details":null,"usage":null)");
  ASSERT_FALSE(answer.error());
  EXPECT_EQ(answer.choice().text_escaped, "");
  EXPECT_EQ(answer.choice().finish, chat::FinishReason::stop);
  EXPECT_FALSE(answer.response().usage);
}

TEST(ResponsesAnswer, TextsAreJoinedAsTheyAre) {
  const Whole answer(
      R"({"type":"message","content":[{"type":"output_text","text":"A"},{"type":"output_text","text":"B"}]},)"
      R"({"type":"message","content":[{"type":"output_text","text":"C"}],"phase":"final_answer"})");
  EXPECT_EQ(answer.choice().text_escaped, "ABC");
  EXPECT_EQ(answer.response().id_escaped, "resp_1");
  EXPECT_EQ(answer.response().created, 5);
  ASSERT_EQ(answer.choice().message_extras.size(), 1U);
  EXPECT_EQ(answer.choice().message_extras[0].json, "\"final_answer\"");
}

TEST(ResponsesAnswer, ARefusalIsNoText) {
  const Whole answer(R"({"type":"message","content":[{"type":"refusal","refusal":"I won't"}]})");
  EXPECT_EQ(answer.choice().refusal_escaped, "I won't");
  EXPECT_EQ(answer.choice().text_escaped, "");
  EXPECT_EQ(answer.choice().finish, chat::FinishReason::stop);
}

TEST(ResponsesStream, RefusalsComeInPieces) {
  const Streamed answer({created, delta("refusal", "I "), delta("refusal", "won't"), completed});
  EXPECT_EQ(answer.choice().refusal_escaped, "I won't");
}

// ---- streams that deviate -------------------------------------------------------------------------------

TEST(ResponsesStream, WithoutItsEndIsTruncated) {
  for (const Streamed& answer : {Streamed({}), Streamed({created, delta("output_text", "Hel")}),
                                 Streamed({created, delta("output_text", "Hel"), "[DONE]"})}) {
    ASSERT_TRUE(answer.error());
    EXPECT_EQ(answer.error()->code(), ErrorCode::upstream_truncated);
  }
}

TEST(ResponsesStream, MayBeginAnywhere) {
  const Streamed answer({delta("output_text", "Hi"), completed});
  ASSERT_FALSE(answer.error());
  EXPECT_EQ(answer.choice().text_escaped, "Hi");
}

TEST(ResponsesStream, MayTellAllInItsEnd) {
  const Streamed answer(
      {created,
       R"({"type":"response.completed","response":{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}})"});
  EXPECT_EQ(answer.choice().text_escaped, "Hi");
  EXPECT_EQ(answer.choice().tool_calls.size(), 1U);
}

TEST(ResponsesStream, EndsWhatItsEndTellsMoreOf) {
  const Streamed answer(
      {created, call_added, delta("function_call_arguments", R"({\"a)"),
       R"({"type":"response.completed","response":{"status":"completed","output":[{"type":"function_call","call_id":"call_1","name":"f","arguments":"{\"a\":1}"},{"type":"function_call","call_id":"call_2","name":"g","arguments":"{}"}]}})"});
  ASSERT_EQ(answer.choice().tool_calls.size(), 2U);
  EXPECT_EQ(answer.choice().tool_calls[0].arguments_escaped, R"({\"a\":1})");
  EXPECT_EQ(answer.choice().tool_calls[1].name_escaped, "g");
}

TEST(ResponsesStream, ItemsMayBeOpenTogether) {
  const Streamed answer(
      {created, delta("output_text", "A", 0), delta("reasoning_summary_text", "think", 1),
       delta("output_text", "B", 0),
       R"({"type":"response.output_item.done","output_index":1,"item":{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"think"}],"encrypted_content":"x","format":"google-gemini-v1"}})",
       R"({"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"AB"}]}})",
       completed, "[DONE]"});
  ASSERT_FALSE(answer.error());
  EXPECT_EQ(answer.choice().text_escaped, "AB");
  EXPECT_EQ(answer.choice().reasoning_escaped, "think");
  ASSERT_EQ(answer.choice().reasoning.size(), 2U);
  EXPECT_EQ(answer.choice().reasoning[1].format, "google-gemini-v1");
}

TEST(ResponsesStream, EventsWithoutPlacesAreOneItemAfterTheOther) {
  const Streamed answer(
      {created, R"({"type":"response.output_item.added","item":{"type":"message"}})",
       R"({"type":"response.output_text.delta","delta":"Hi"})",
       R"({"type":"response.output_item.done","item":{"type":"message","content":[{"type":"output_text","text":"Hi"}]}})",
       R"({"type":"response.output_item.done","item":{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}})",
       completed});
  ASSERT_FALSE(answer.error());
  EXPECT_EQ(answer.choice().text_escaped, "Hi");
  EXPECT_EQ(answer.choice().tool_calls.size(), 1U);
}

TEST(ResponsesStream, TheNameOfTheEventCountsWhereTheDataHaveNone) {
  const RenamedTools names;
  const AnswerContext context{.renamed_tools = names};
  chat::Fold fold;
  const auto decoder = new_stream_decoder(context);
  ASSERT_TRUE(decoder->on_message("response.output_text.delta", R"({"delta":"Hi"})", fold));
  ASSERT_TRUE(decoder->on_message("response.completed", R"({"response":{}})", fold));
  EXPECT_TRUE(decoder->done());
  EXPECT_EQ(fold.response().choices.at(0).text_escaped, "Hi");
}

TEST(ResponsesStream, UnknownEventsMeanNothing) {
  const Streamed answer(
      {created, R"({"type":"response.output_text.blink"})", R"({"type":"keepalive"})", completed});
  EXPECT_FALSE(answer.error());
}

// ---- calls ----------------------------------------------------------------------------------------------

TEST(ResponsesAnswer, IdsAreUniqueAndNeverEmpty) {
  const Whole answer(R"({"type":"function_call","call_id":"call_0","name":"f","arguments":"{}"},)"
                     R"({"type":"function_call","call_id":"call_0","id":"fc_2","name":"f","arguments":"{}"},)"
                     R"({"type":"function_call","name":"f","arguments":"{}"})");
  ASSERT_EQ(answer.choice().tool_calls.size(), 3U);
  EXPECT_EQ(answer.choice().tool_calls[0].id_escaped, "call_0");
  EXPECT_EQ(answer.choice().tool_calls[1].id_escaped, "fc_2");
  EXPECT_TRUE(answer.choice().tool_calls[2].id_escaped.starts_with("call_0000000000000007"));
}

TEST(ResponsesAnswer, ACallWithoutNameIsTheProvidersFault) {
  const Whole answer(R"({"type":"function_call","call_id":"c","arguments":"{}"})");
  ASSERT_TRUE(answer.error());
  EXPECT_EQ(answer.error()->code(), ErrorCode::upstream_protocol);
}

TEST(ResponsesAnswer, CustomCallsAreTheClientsOnlyIfItOfferedSuchTools) {
  constexpr std::string_view item =
      R"({"type":"response.output_item.done","output_index":0,"item":{"type":"custom_tool_call","call_id":"c","name":"sum","input":"4 + 4"}})";
  const Streamed offered({created, item, completed}, true);
  ASSERT_EQ(offered.choice().tool_calls.size(), 1U);
  EXPECT_TRUE(offered.choice().tool_calls[0].custom);
  EXPECT_EQ(offered.choice().tool_calls[0].arguments_escaped, "4 + 4");
  const Streamed hosted({created, item, completed});
  EXPECT_TRUE(hosted.choice().tool_calls.empty());
  EXPECT_EQ(hosted.choice().finish, chat::FinishReason::stop);
}

TEST(ResponsesAnswer, HostedToolsAreNoCalls) {
  const Whole answer(
      R"({"type":"web_search_call","id":"ws_1","action":{"type":"search"}},{"type":"message","content":[{"type":"output_text","text":"Hi"}]})");
  EXPECT_TRUE(answer.choice().tool_calls.empty());
  EXPECT_EQ(answer.choice().finish, chat::FinishReason::stop);
  ASSERT_EQ(answer.choice().message_extras.size(), 1U);
  EXPECT_EQ(answer.choice().message_extras[0].name_escaped, "provider_blocks");
  EXPECT_EQ(answer.choice().message_extras[0].json,
            R"([{"type":"web_search_call","id":"ws_1","action":{"type":"search"}}])");
}

TEST(ResponsesAnswer, MadeImagesAreShown) {
  const Whole answer(R"({"type":"image_generation_call","result":"iVBORw0=","output_format":"webp"})");
  ASSERT_EQ(answer.choice().images.size(), 1U);
  EXPECT_EQ(answer.choice().images[0],
            R"({"type":"image_url","image_url":{"url":"data:image/webp;base64,iVBORw0="}})");
}

// ---- annotations, log probabilities, tier ---------------------------------------------------------------

TEST(ResponsesAnswer, CitationsAreCountedFromTheStartOfTheAnswer) {
  const Whole answer(
      R"({"type":"message","content":[{"type":"output_text","text":"äb"}]},)"
      R"({"type":"message","content":[{"type":"output_text","text":"cdef","annotations":[)"
      R"({"type":"url_citation","url":"https://a.b","title":"T","start_index":1,"end_index":3},)"
      R"({"type":"url_citation","url":"https://c.d"},)"
      R"({"type":"file_citation","file_id":"file-1","filename":"a.txt","index":2}]}]})");
  ASSERT_EQ(answer.choice().annotations.size(), 2U);
  EXPECT_EQ(
      answer.choice().annotations[0],
      R"({"type":"url_citation","url_citation":{"url":"https://a.b","title":"T","start_index":3,"end_index":5}})");
  EXPECT_EQ(
      answer.choice().annotations[1],
      R"({"type":"url_citation","url_citation":{"url":"https://c.d","title":"","start_index":2,"end_index":6}})");
  ASSERT_EQ(answer.choice().message_extras.size(), 1U);
  EXPECT_EQ(answer.choice().message_extras[0].name_escaped, "citations");
}

TEST(ResponsesAnswer, LogProbabilitiesAreThoseOfChatCompletions) {
  const Whole answer(
      R"({"type":"message","content":[{"type":"output_text","text":"Hi","logprobs":[{"token":"Hi","logprob":-0.5,"bytes":[72,105],"top_logprobs":[]}]}]})",
      R"("status":"completed","service_tier":"flex")");
  ASSERT_EQ(answer.choice().choice_extras.size(), 1U);
  EXPECT_EQ(
      answer.choice().choice_extras[0].json,
      R"({"content":[{"token":"Hi","logprob":-0.5,"bytes":[72,105],"top_logprobs":[]}],"refusal":null})");
  ASSERT_EQ(answer.response().extras.size(), 1U);
  EXPECT_EQ(answer.response().extras[0].json, "\"flex\"");
}

// ---- reasoning ------------------------------------------------------------------------------------------

TEST(ResponsesAnswer, ThoughtsAreParagraphs) {
  const Whole answer(
      R"({"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"One"},{"type":"summary_text","text":"Two"}],"encrypted_content":"x"},)"
      R"({"type":"reasoning","id":"rs_2","summary":[],"content":[{"type":"reasoning_text","text":"Three"}]},)"
      R"({"type":"message","content":[{"type":"output_text","text":"Hi"}]})");
  EXPECT_EQ(answer.choice().reasoning_escaped, "One\\n\\nTwo\\n\\nThree");
  ASSERT_EQ(answer.choice().reasoning.size(), 3U);
  using Kind = chat::ReasoningBlock::Kind;
  EXPECT_EQ(answer.choice().reasoning[0].kind, Kind::summary);
  EXPECT_EQ(answer.choice().reasoning[1].text_escaped, "Two");
  EXPECT_EQ(answer.choice().reasoning[2].kind, Kind::opaque);
  EXPECT_EQ(answer.choice().reasoning[2].data_escaped, "x");
  EXPECT_EQ(answer.choice().reasoning[2].id_escaped, "rs_1");
  EXPECT_EQ(answer.choice().reasoning[2].format, "openai-responses-v1");
}

/// The item is announced with a part of what it holds at last.
TEST(ResponsesStream, EncryptedReasoningIsThatOfTheEnd) {
  const Streamed answer(
      {created,
       R"({"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"early"}})",
       R"({"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"final"}})",
       completed});
  ASSERT_EQ(answer.choice().reasoning.size(), 1U);
  EXPECT_EQ(answer.choice().reasoning[0].data_escaped, "final");
}

}  // namespace
}  // namespace sluice::dialect::responses
