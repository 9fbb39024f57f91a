// One quirk of one host a test; the streams are as short as the quirk allows.

#include "dialect/openai/testing/chunks.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::dialect::openai {
namespace {

using namespace probe;

// ---- the envelope -----------------------------------------------------------------------------------

TEST(ChatStream, OfOpenAiPassesButForFinishAndUsage) {
  const auto a = decode({role, delta(R"("content":"Hi")"), stop, usage_chunk, done});
  ASSERT_FALSE(a->error);
  EXPECT_EQ(a->view.log, "[pass][pass][rebuild][rebuild]");
  EXPECT_EQ(text(*a), "Hi");
  EXPECT_EQ(finish(*a), "stop");
  EXPECT_EQ(a->response().usage->total(), 7);
  EXPECT_EQ(a->response().id_escaped, "c1");
  EXPECT_EQ(a->response().created, 1700000000);
  EXPECT_TRUE(a->response().ended);
}

TEST(ChatStream, OfAzureTakesTheIdFromTheChunkBehindTheFilterResults) {
  const auto a = decode(
      {R"({"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"a":1}]})", role,
       delta(R"("content":"x")"), stop, done});
  EXPECT_EQ(a->view.log, "[rebuild][pass][pass][rebuild]");
  EXPECT_EQ(a->response().id_escaped, "c1");
  EXPECT_EQ(a->response().model_escaped, "m");
  EXPECT_EQ(a->response().created, 1700000000);
  ASSERT_EQ(a->response().extras.size(), 1U);
  EXPECT_EQ(a->response().extras[0].json, R"([{"a":1}])");
}

TEST(ChatStream, WithoutAnyIdIsToldWithoutOne) {
  const auto a = decode({R"({"choices":[]})", R"({"choices":null})",
                         R"({"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]})", done});
  ASSERT_FALSE(a->error);
  EXPECT_EQ(a->response().id_escaped, "");
  EXPECT_EQ(text(*a), "x");
}

TEST(ChatStream, PinsTheFirstId) {
  std::string other = delta(R"("content":"b")");
  other.replace(other.find("c1"), 2, "c2");
  const auto a = decode({role, delta(R"("content":"a")"), other, delta(R"("content":"c")"), stop, done});
  EXPECT_EQ(a->view.log, "[pass][pass][rebuild][pass][rebuild]");
  EXPECT_EQ(text(*a), "abc");
  EXPECT_EQ(a->response().id_escaped, "c1");
}

TEST(ChatStream, TakesAMissingDeltaAsEmpty) {
  const auto a = decode({role, chunk(R"({"index":0,"finish_reason":null,"content_filter_offsets":{"x":1}})"),
                         chunk(R"({"index":0,"delta":null,"finish_reason":null})"), delta(R"("content":"x")"),
                         stop, done});
  EXPECT_EQ(text(*a), "x");
  ASSERT_EQ(a->choice().choice_extras.size(), 1U);
  EXPECT_EQ(a->choice().choice_extras[0].name_escaped, "content_filter_offsets");
}

TEST(ChatStream, TakesAnAbsentFinishReasonAsNone) {
  const auto a = decode({chunk(R"({"index":0,"delta":{"role":"assistant","content":"x"}})"), stop, done});
  EXPECT_EQ(a->view.log, "[rebuild][rebuild]");
  EXPECT_EQ(text(*a), "x");
}

TEST(ChatStream, TellsTheRoleOnce) {
  for (const bool extras_make_chunks : {false, true}) {
    const auto a = decode({delta(R"("content":"a")"), delta(R"("role":"assistant","content":"b")"),
                           delta(R"("role":null,"content":"c")"), delta(R"("content":"d")"), stop, done},
                          {.extras_make_chunks = extras_make_chunks});
    EXPECT_EQ(a->view.log, "[rebuild][rebuild][rebuild][pass][rebuild]");
    EXPECT_EQ(text(*a), "abcd");
  }
}

TEST(ChatStream, SendsNoRoleTwiceBehindMembersKeptByName) {
  for (const bool extras_make_chunks : {false, true}) {
    const auto a =
        decode({chunk(R"({"index":0,"delta":{},"vendor":1})"), role, delta(R"("content":"d")"), stop, done},
               {.extras_make_chunks = extras_make_chunks});
    EXPECT_FALSE(a->error);
  }
}

TEST(ChatStream, ReadsAWholeMessageInPlaceOfADelta) {
  const auto a = decode(
      {chunk(R"({"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"})"), done});
  EXPECT_EQ(text(*a), "x");
}

TEST(ChatStream, DoesNotRepeatWhatAMessageBehindTheDeltasRepeats) {
  const auto a =
      decode({role, delta(R"("content":"x")"),
              chunk(R"({"index":0,"delta":{"content":"y"},"message":{"content":"xy"},"finish_reason":null})"),
              chunk(R"({"index":0,"message":{"content":"xy"},"finish_reason":"stop"})"), done});
  EXPECT_EQ(text(*a), "xy");
}

TEST(ChatStream, RefusesChoicesBeyondAllBounds) {
  const auto a = decode({chunk(R"({"index":4000000000,"delta":{"content":"x"},"finish_reason":null})")});
  ASSERT_TRUE(a->error);
  EXPECT_EQ(a->error->code(), ErrorCode::upstream_protocol);
}

TEST(ChatStream, KeepsSeveralChoicesApart) {
  const auto two = [](std::string_view index, std::string_view said, std::string_view reason = "null") {
    return chunk(R"({"index":)" + std::string(index) + R"(,"delta":{)" + std::string(said) +
                 R"(},"finish_reason":)" + std::string(reason) + "}");
  };
  const auto a = decode({two("0", R"("role":"assistant","content":"a")"),
                         two("1", R"("role":"assistant","content":"b")"), two("0", "", "\"stop\""),
                         two("1", R"("content":"c")"), two("1", "", "\"length\""), done});
  EXPECT_EQ(a->choice(0).text_escaped, "a");
  EXPECT_EQ(a->choice(1).text_escaped, "bc");
  EXPECT_EQ(finish(*a, 0), "stop");
  EXPECT_EQ(finish(*a, 1), "length");
}

TEST(ChatStream, ReadsTextWithoutDecodingIt) {
  const auto a = decode({role, delta(R"("content":"\u00e4\n\ud83d\ude00")"), stop, done});
  EXPECT_EQ(a->choice().text_escaped, R"(\u00e4\n\ud83d\ude00)");
}

// ---- usage ------------------------------------------------------------------------------------------

TEST(ChatStream, CountsTheLastUsageWhereverItStands) {
  const std::string first = R"("usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2},)";
  const std::string last = R"("usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3},)";
  const auto cumulative =
      decode({chunk(R"({"index":0,"delta":{"content":"a"},"finish_reason":null})", first),
              chunk(R"({"index":0,"delta":{"content":"b"},"finish_reason":"stop"})", last)});
  EXPECT_EQ(cumulative->view.log, "[rebuild][rebuild]");
  EXPECT_EQ(cumulative->response().usage->output, 2);
  const auto groq =
      decode({role,
              chunk(R"({"index":0,"delta":{},"finish_reason":"stop"})",
                    R"("x_groq":{"id":"r","usage":{"prompt_tokens":5,"completion_tokens":6}},)"),
              done});
  EXPECT_EQ(groq->response().usage->input, 5);
  const auto moonshot = decode(
      {role,
       chunk(
           R"({"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":5,"completion_tokens":6}})"),
       done});
  EXPECT_EQ(moonshot->response().usage->output, 6);
  const auto empty =
      decode({role, stop, usage_chunk, chunk("", R"("usage":{},)"), chunk("", R"("usage":null,)"), done});
  EXPECT_EQ(empty->response().usage->total(), 7);
}

// ---- content and reasoning --------------------------------------------------------------------------

TEST(ChatStream, ReadsContentThatIsAList) {
  const auto a =
      decode({role, delta(R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}])"),
              delta(R"("content":[{"type":"text","text":"a"},{"type":"reference","reference_ids":[1]},"b"])"),
              stop, done});
  EXPECT_EQ(text(*a), "ab");
  EXPECT_EQ(a->choice().reasoning_escaped, "hm");
  ASSERT_EQ(a->choice().message_extras.size(), 1U);
  EXPECT_EQ(a->choice().message_extras[0].json, R"([{"type":"reference","reference_ids":[1]}])");
  EXPECT_EQ(a->view.log, "[pass][rebuild][rebuild][rebuild]");
}

TEST(ChatStream, ReadsReasoningUnderEveryName) {
  const auto a = decode(
      {role, delta(R"("reasoning_content":"a")"), delta(R"("reasoning":"b")"),
       delta(
           R"("reasoning_content":"c","reasoning":"c","reasoning_details":[{"type":"reasoning.text","text":"c"}])"),
       delta(R"("reasoning_details":[{"type":"reasoning.summary","summary":"d"}])"),
       delta(
           R"("content":"","reasoning":null,"reasoning_details":[{"type":"reasoning.encrypted","data":"e"}])"),
       stop, done});
  EXPECT_EQ(a->choice().reasoning_escaped, "abcd");
  EXPECT_EQ(a->choice().reasoning.size(), 3U);
  EXPECT_EQ(a->choice().reasoning[2].entry, R"({"type":"reasoning.encrypted","data":"e"})");
  EXPECT_EQ(a->view.log, "[pass][pass][rebuild][rebuild][rebuild][pass][rebuild]");
}

TEST(ChatStream, ReadsRefusalsCitationsAndImages) {
  const auto a = decode(
      {role, delta(R"("refusal":"no")"),
       delta(R"("annotations":[{"type":"url_citation"}],"images":[{"type":"image_url"}],"channel":"x")"),
       stop, done});
  EXPECT_EQ(a->choice().refusal_escaped, "no");
  EXPECT_EQ(a->choice().annotations, std::vector<std::string>{R"({"type":"url_citation"})"});
  EXPECT_EQ(a->choice().images.size(), 1U);
  EXPECT_EQ(a->choice().message_extras[0].json, "\"x\"");
}

TEST(ChatStream, LeavesThinkTagsInTheText) {
  const auto a =
      decode({role, delta(R"("content":"<th")"), delta(R"("content":"ink>x</think>y")"), stop, done});
  EXPECT_EQ(text(*a), "<think>x</think>y");
}

// ---- the end ----------------------------------------------------------------------------------------

TEST(ChatStream, FinishesOnceWithTheFirstReason) {
  const auto a = decode({role, delta(R"("content":"x")", "\"length\""), delta("", "\"stop\""),
                         delta("", "\"stop\""), usage_chunk, done});
  EXPECT_EQ(finish(*a), "length");
  EXPECT_EQ(text(*a), "x");
}

TEST(ChatStream, LosesNothingThatFollowsAReason) {
  const auto a =
      decode({role,
              calls(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{ }"}})",
                    "\"tool_calls\""),
              calls(R"({"index":0,"id":"b","type":"function","function":{"name":"f","arguments":"{ }"}})",
                    "\"tool_calls\""),
              done});
  EXPECT_EQ(a->choice().tool_calls.size(), 2U);
  EXPECT_EQ(finish(*a), "tool_calls");
}

TEST(ChatStream, SaysToolCallsWhereThereAreSome) {
  const auto a = decode(
      {role, calls(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{ }"}})"),
       stop, done});
  EXPECT_EQ(finish(*a), "tool_calls");
  EXPECT_EQ(a->choice().native_finish_escaped, "stop");
}

TEST(ChatStream, MapsUnusualReasonsAndKeepsThem) {
  const std::pair<std::string_view, std::string_view> cases[] = {{"eos", "stop"},
                                                                 {"model_length", "length"},
                                                                 {"MAX_TOKENS", "length"},
                                                                 {"sensitive", "content_filter"},
                                                                 {"weird", "stop"}};
  for (const auto& [native, meant] : cases) {
    const auto a = decode({role, delta(R"("content":"x")", '"' + std::string(native) + '"'), done});
    EXPECT_EQ(finish(*a), meant);
    EXPECT_EQ(a->choice().native_finish_escaped, native);
  }
  const auto deeper = decode(
      {role, chunk(R"({"index":0,"delta":{},"finish_reason":"stop","native_finish_reason":"STOP"})"), done});
  EXPECT_EQ(deeper->choice().native_finish_escaped, "STOP");
  const auto vllm =
      decode({role, chunk(R"({"index":0,"delta":{},"finish_reason":"stop","stop_reason":"END"})"), done});
  EXPECT_EQ(vllm->choice().stop_sequence_escaped, "END");
}

TEST(ChatStream, TellsTheHostsWordBesideThatOfTheHostBehindIt) {
  const std::string cut = chunk(
      R"({"index":0,"delta":{},"finish_reason":"tool_calls","native_finish_reason":"max_output_tokens"})");
  for (const std::string_view arguments : {R"({\"a\":)", ""}) {
    const auto a =
        decode({role,
                calls(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":")" +
                      std::string(arguments) + "\"}}"),
                cut, done});
    EXPECT_EQ(finish(*a), "tool_calls");
    EXPECT_EQ(a->choice().native_finish_escaped, "max_output_tokens");
    EXPECT_EQ(a->choice().tool_calls.at(0).arguments_escaped, arguments) << "nothing is made up";
  }
}

TEST(ChatStream, EndsWithoutDoneBehindAReason) {
  EXPECT_FALSE(decode({role, delta(R"("content":"x")"), stop})->error);
  const auto cut = decode({role, delta(R"("content":"x")")});
  ASSERT_TRUE(cut->error);
  EXPECT_EQ(cut->error->code(), ErrorCode::upstream_truncated);
  EXPECT_FALSE(cut->choice().finish);
  EXPECT_FALSE(cut->response().ended);
}

TEST(ChatStream, TakesDoneWithoutAReasonForAStop) {
  const auto a = decode({role, delta(R"("content":"x")"), done});
  EXPECT_EQ(finish(*a), "stop");
  EXPECT_EQ(a->choice().native_finish_escaped, "");
  const auto empty_reason =
      decode({role, delta(R"("content":"x")", "\"\""), delta(R"("content":"y")", "\"\""), done});
  EXPECT_EQ(text(*empty_reason), "xy");
}

TEST(ChatStream, WithoutAnyAnswerIsAnError) {
  EXPECT_EQ(decode({done})->error->code(), ErrorCode::upstream_protocol);
  EXPECT_EQ(decode({})->error->code(), ErrorCode::upstream_truncated);
  EXPECT_EQ(decode({R"({"choices":[]})", done})->error->code(), ErrorCode::upstream_protocol);
}

TEST(ChatStream, IsDoneWhenTheProviderSaysSo) {
  const AnswerContext context{.renamed_tools = probe::no_renamed_tools()};
  const auto decoder = new_stream_decoder(context);
  chat::Fold fold;
  ASSERT_TRUE(decoder->on_message("", role, fold));
  ASSERT_TRUE(decoder->on_message("", stop, fold));
  EXPECT_FALSE(decoder->done());
  ASSERT_TRUE(decoder->on_message("", " [DONE] ", fold));
  EXPECT_TRUE(decoder->done());
  ASSERT_TRUE(decoder->on_message("", "anything", fold));
  ASSERT_TRUE(decoder->finish(fold));
}

// ---- errors -----------------------------------------------------------------------------------------

TEST(ChatStream, FailsWithTheProvidersWords) {
  const auto event = probe::decode_events(
      {{"error",
        R"({"error":{"message":"bad call","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"[]"}})"}});
  ASSERT_TRUE(event->error);
  EXPECT_EQ(event->error->message(), "bad call");
  EXPECT_EQ(event->error->native_code(), "tool_use_failed");
  EXPECT_EQ(event->error->metadata(), R"({"failed_generation":"[]"})");
  const auto member = decode({role, delta(R"("content":"x")"),
                              R"({"id":"c1","choices":[],"error":{"code":429,"message":"slow down"}})"});
  EXPECT_EQ(member->error->code(), ErrorCode::upstream_rate_limited);
  const auto choice = decode(
      {role,
       chunk(R"({"index":0,"delta":{},"finish_reason":"error","error":{"code":502,"message":"gone"}})")});
  EXPECT_EQ(choice->error->message(), "gone");
  const auto reason = decode({role, delta("", "\"error\"")});
  EXPECT_EQ(reason->error->code(), ErrorCode::upstream_error);
  const auto flat = decode({R"({"object":"error","message":"no","code":400})"});
  EXPECT_EQ(flat->error->message(), "no");
  const auto list = decode({R"([{"error":{"code":503,"message":"busy"}}])"});
  EXPECT_EQ(list->error->message(), "busy");
  const auto words = probe::decode_events({{"error", "it broke"}});
  EXPECT_EQ(words->error->message(), "it broke");
}

TEST(ChatStream, FailsWithAChunkThatEndsAndFailsAtOnce) {
  const auto a = decode({role, delta(R"("content":"x")", "\"tool_calls\""),
                         chunk(R"({"index":0,"delta":{"content":""},"finish_reason":"stop"})",
                               R"("error":{"message":"malformed","code":502},)"),
                         done});
  ASSERT_TRUE(a->error);
  EXPECT_EQ(a->error->message(), "malformed");
}

TEST(ChatStream, IsNotChangedByAnErrorBehindTheReason) {
  const auto a =
      decode({role, stop, R"({"error":{"message":"late"}})",
              R"({"error":{"message":"late"},"usage":{"prompt_tokens":1,"completion_tokens":2}})", done});
  ASSERT_FALSE(a->error);
  EXPECT_EQ(a->response().usage->output, 2);
  EXPECT_FALSE(decode({role, stop, "<html>"})->error);
}

TEST(ChatStream, TakesAnEmptyErrorForNone) {
  EXPECT_FALSE(
      decode(
          {chunk(R"({"index":0,"delta":{"content":"x"},"finish_reason":"stop"})", R"("error":null,)"), done})
          ->error);
  EXPECT_FALSE(
      decode({chunk(R"({"index":0,"delta":{"content":"x"},"finish_reason":"stop"})", R"("error":{},)"), done})
          ->error);
}

TEST(ChatStream, FailsWhereItIsNoJson) {
  for (std::string_view data : {"{\"id\":", "42", "\"text\"", "<html>", "[]"}) {
    const auto a = decode({role, data});
    ASSERT_TRUE(a->error) << data;
    EXPECT_EQ(a->error->code(), ErrorCode::upstream_protocol) << data;
  }
}

/// Whatever stands where it does not belong, nothing breaks and nothing is made up.
TEST(ChatStream, SurvivesWrongTypesEverywhere) {
  const std::string values[] = {"null", "1",      "-1", "1.5",       "true", "\"x\"", "[]",
                                "[1]",  "[null]", "{}", "{\"a\":1}", "[[]]", "[{}]"};
  const std::string shapes[] = {
      R"({"id":V})",
      R"({"choices":V})",
      R"({"choices":[V]})",
      R"({"choices":[{"delta":V,"index":V}]})",
      R"({"choices":[{"delta":{"content":V,"role":V,"refusal":V}}],"usage":V})",
      R"({"choices":[{"delta":{"tool_calls":V,"function_call":V}}]})",
      R"({"choices":[{"delta":{"tool_calls":[V,{"index":V,"id":V,"type":V,"function":V,"custom":V}]}}]})",
      R"({"choices":[{"delta":{"tool_calls":[{"function":{"name":V,"arguments":V}}]}}]})",
      R"({"choices":[{"delta":{"reasoning":V,"reasoning_content":V,"reasoning_details":V,"annotations":V,"images":V}}]})",
      R"({"choices":[{"delta":{"content":[{"type":V,"text":V,"thinking":V}]},"finish_reason":V,"message":V}],"x_groq":V})",
      R"({"choices":[{"delta":{"content":"x"},"finish_reason":"stop","usage":V,"native_finish_reason":V,"stop_reason":V}],"usage":{"prompt_tokens":V,"prompt_tokens_details":V,"completion_tokens_details":V}})"};
  for (const std::string& shape : shapes) {
    for (const std::string& value : values) {
      std::string data;
      for (const char c : shape) data += c == 'V' ? value : std::string(1, c);
      const auto a = probe::decode_events({{"", role}, {"", data}, {"", stop}, {"", std::string(done)}});
      EXPECT_EQ(a->response().ended, !a->error) << data;
      probe::decode_body(data);
    }
  }
}

}  // namespace
}  // namespace sluice::dialect::openai
