#include "chat/fold.hpp"
#include "dialect/anthropic/anthropic.hpp"
#include "dialect/anthropic/citations.hpp"
#include "dialect/character_count.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::dialect::anthropic {
namespace {

using chat::FinishReason;

constexpr std::string_view begun =
    R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"usage":{"input_tokens":10,"output_tokens":1}}})";
constexpr std::string_view stopped = R"({"type":"message_stop"})";

std::string ended(std::string_view stop_reason, std::string_view more = "") {
  return R"({"type":"message_delta","delta":{"stop_reason":")" + std::string(stop_reason) +
         R"(","stop_sequence":null)" + std::string(more) + R"(},"usage":{"output_tokens":5}})";
}

class AnthropicDecode : public testing::Test {
 protected:
  Result<> stream(std::initializer_list<std::string_view> events) {
    const auto decoder = new_stream_decoder(context_);
    for (std::string_view event : events)
      if (auto done = decoder->on_message("", event, fold_); !done) return fail(done);
    return decoder->finish(fold_);
  }
  Result<> whole(std::string_view body) { return decode_response(body, context_, fold_); }
  const chat::Response& response() { return fold_.response(); }
  const chat::Choice& said() { return fold_.response().choices.at(0); }

  RenamedTools names_;
  AnswerContext context_{.renamed_tools = names_, .seed = 7};
  chat::Fold fold_;
};

TEST_F(AnthropicDecode, JoinsSeveralTextBlocks) {
  ASSERT_TRUE(whole(
      R"({"id":"msg_1","model":"m","content":[{"type":"text","text":"A"},{"type":"text","text":"B\n"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}})"));
  EXPECT_EQ(said().text_escaped, "AB\\n");
  EXPECT_EQ(said().finish, FinishReason::stop);
  EXPECT_EQ(said().native_finish_escaped, "end_turn");
  EXPECT_EQ(response().id_escaped, "msg_1");
  EXPECT_TRUE(response().ended);
}

TEST_F(AnthropicDecode, CountsTheCacheAsInput) {
  ASSERT_TRUE(whole(
      R"({"content":[],"stop_reason":"end_turn","usage":{"input_tokens":10,"cache_read_input_tokens":512,"cache_creation_input_tokens":1733,"cache_creation":{"ephemeral_1h_input_tokens":33},"output_tokens":5,"output_tokens_details":{"thinking_tokens":3}}})"));
  const chat::Usage& usage = *response().usage;
  EXPECT_EQ(usage.input, 2255);
  EXPECT_EQ(usage.total(), 2260);
  EXPECT_EQ(usage.cache_read, 512);
  EXPECT_EQ(usage.cache_write, 1733);
  EXPECT_EQ(usage.cache_write_1h, 33);
  EXPECT_EQ(usage.reasoning, 3);
}

TEST_F(AnthropicDecode, ReplacesUsageInsteadOfAdding) {
  ASSERT_TRUE(stream(
      {R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":10,"cache_read_input_tokens":100,"output_tokens":1}}})",
       R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"cache_read_input_tokens":100,"output_tokens":7}})",
       stopped}));
  EXPECT_EQ(response().usage->cache_read, 100);
  EXPECT_EQ(response().usage->input, 110);
  EXPECT_EQ(response().usage->output, 7);
}

TEST_F(AnthropicDecode, KeepsCountsThatLaterUsageLeavesOutOrNullsAndTakesZero) {
  ASSERT_TRUE(stream(
      {R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":10,"cache_read_input_tokens":9,"output_tokens":1}}})",
       R"({"type":"message_delta","delta":{},"usage":{"input_tokens":null,"cache_read_input_tokens":0,"output_tokens":7}})",
       R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})", stopped}));
  EXPECT_EQ(response().usage->input, 10);
  EXPECT_EQ(response().usage->cache_read, 0);
  EXPECT_EQ(response().usage->output, 7);
}

TEST_F(AnthropicDecode, AddsTheRoundsOfACompactedTurn) {
  ASSERT_TRUE(whole(
      R"({"content":[],"stop_reason":"end_turn","usage":{"input_tokens":181,"output_tokens":8,"cache_read_input_tokens":0,"iterations":[{"type":"compaction","input_tokens":100,"output_tokens":83,"cache_read_input_tokens":55096},{"type":"message","input_tokens":181,"output_tokens":8,"cache_read_input_tokens":0}]}})"));
  EXPECT_EQ(response().usage->input, 281 + 55096);
  EXPECT_EQ(response().usage->output, 91);
  EXPECT_EQ(response().usage->cache_read, 55096);
}

constexpr std::string_view call_starts =
    R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"get","input":{}}})";

TEST_F(AnthropicDecode, GivesCallsWithoutArgumentsAnEmptyObject) {
  ASSERT_TRUE(
      stream({begun, call_starts, R"({"type":"content_block_stop","index":0})", ended("tool_use"), stopped}));
  EXPECT_EQ(said().tool_calls.at(0).arguments_escaped, "{}");
  EXPECT_EQ(said().finish, FinishReason::tool_calls);
}

TEST_F(AnthropicDecode, TakesAnEmptyPieceForNone) {
  ASSERT_TRUE(stream(
      {begun, call_starts,
       R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}})",
       R"({"type":"content_block_stop","index":0})", ended("tool_use"), stopped}));
  EXPECT_EQ(said().tool_calls.at(0).arguments_escaped, "{}");
}

TEST_F(AnthropicDecode, DoesNotRepeatTheInputOfTheBlocksStart) {
  ASSERT_TRUE(stream(
      {begun, call_starts,
       R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\""}})",
       R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":":1}"}})",
       R"({"type":"content_block_stop","index":0})", ended("tool_use"), stopped}));
  EXPECT_EQ(said().tool_calls.at(0).arguments_escaped, R"({\"a\":1})");
}

TEST_F(AnthropicDecode, TakesTheInputOfTheBlocksStartWhereNothingFollows) {
  ASSERT_TRUE(stream(
      {begun,
       R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"get","input":{"id": 9007199254740993}}})",
       R"({"type":"content_block_stop","index":0})", ended("tool_use"), stopped}));
  EXPECT_EQ(said().tool_calls.at(0).arguments_escaped, R"({\"id\":9007199254740993})");
}

TEST_F(AnthropicDecode, NumbersCallsByThemselvesAndKeepsInterleavedBlocksApart) {
  ASSERT_TRUE(stream(
      {begun, R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
       R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}})",
       R"({"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"b","name":"g","input":{}}})",
       R"({"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"b\":"}})",
       R"({"type":"content_block_stop","index":0})",
       R"({"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}})",
       R"({"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"2}"}})",
       R"({"type":"content_block_stop","index":2})", R"({"type":"content_block_stop","index":1})",
       ended("tool_use"), stopped}));
  ASSERT_EQ(said().tool_calls.size(), 2U);
  EXPECT_EQ(said().tool_calls[0].id_escaped, "a");
  EXPECT_EQ(said().tool_calls[0].arguments_escaped, "{}");
  EXPECT_EQ(said().tool_calls[1].name_escaped, "g");
  EXPECT_EQ(said().tool_calls[1].arguments_escaped, R"({\"b\":2})");
}

TEST_F(AnthropicDecode, RestoresTheClientsToolNamesAndMintsMissingIds) {
  const std::string sent(names_.sent(json::Text("files.read"), 64));
  ASSERT_TRUE(whole(
      R"({"content":[{"type":"tool_use","id":"","name":")" + sent +
      R"(","input":{}},{"type":"tool_use","id":"x","name":"made_up","input":{}},{"type":"tool_use","id":"x","name":"made_up","input":{}}],"stop_reason":"tool_use","usage":{}})"));
  ASSERT_EQ(said().tool_calls.size(), 3U);
  EXPECT_EQ(said().tool_calls[0].name_escaped, "files.read");
  EXPECT_TRUE(said().tool_calls[0].id_escaped.starts_with("call_"));
  EXPECT_EQ(said().tool_calls[1].name_escaped, "made_up");
  EXPECT_EQ(said().tool_calls[1].id_escaped, "x");
  EXPECT_NE(said().tool_calls[2].id_escaped, "x");
}

TEST_F(AnthropicDecode, ServerToolsAreNoCallsOfTheClient) {
  ASSERT_TRUE(stream(
      {begun,
       R"({"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{}}})",
       R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"query\":\"x\"}"}})",
       R"({"type":"content_block_stop","index":0})",
       R"({"type":"content_block_start","index":1,"content_block":{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}})",
       R"({"type":"content_block_stop","index":1})", ended("end_turn"), stopped}));
  EXPECT_TRUE(said().tool_calls.empty());
  EXPECT_EQ(said().finish, FinishReason::stop);
  ASSERT_EQ(said().message_extras.size(), 1U);
  EXPECT_EQ(said().message_extras[0].name_escaped, "provider_blocks");
  EXPECT_EQ(said().message_extras[0].json,
            R"([{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"x"}},)"
            R"({"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}])");
}

TEST_F(AnthropicDecode, KeepsThinkingOutOfTheTextAndItsBlocksForTheNextTurn) {
  ASSERT_TRUE(stream(
      {begun,
       R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}})",
       R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let \"me\""}})",
       R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":" see"}})",
       R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}})",
       R"({"type":"content_block_stop","index":0})",
       R"({"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"ZW5j"}})",
       R"({"type":"content_block_stop","index":1})",
       R"({"type":"content_block_start","index":2,"content_block":{"type":"text","text":"Hi"}})",
       R"({"type":"content_block_stop","index":2})", ended("end_turn"), stopped}));
  EXPECT_EQ(said().text_escaped, "Hi");
  EXPECT_EQ(said().reasoning_escaped, R"(Let \"me\" see)");
  ASSERT_EQ(said().reasoning.size(), 2U);
  EXPECT_EQ(said().reasoning[0].text_escaped, R"(Let \"me\" see)");
  EXPECT_EQ(said().reasoning[0].signature_escaped, "c2ln");
  EXPECT_EQ(said().reasoning[0].format, "anthropic-claude-v1");
  EXPECT_EQ(said().reasoning[1].kind, chat::ReasoningBlock::Kind::opaque);
  EXPECT_EQ(said().reasoning[1].data_escaped, "ZW5j");
}

TEST_F(AnthropicDecode, StopReasonsBecomeOpenAisWords) {
  const std::pair<std::string_view, FinishReason> reasons[] = {
      {"end_turn", FinishReason::stop},      {"stop_sequence", FinishReason::stop},
      {"pause_turn", FinishReason::stop},    {"max_tokens", FinishReason::length},
      {"tool_use", FinishReason::stop},      {"refusal", FinishReason::content_filter},
      {"something_new", FinishReason::stop}, {"model_context_window_exceeded", FinishReason::length},
  };
  for (const auto& [native, reason] : reasons) {
    fold_ = {};
    ASSERT_TRUE(stream({begun, ended(native), stopped}));
    EXPECT_EQ(said().finish, reason) << native;
    EXPECT_EQ(said().native_finish_escaped, native);
  }
  fold_ = {};
  ASSERT_TRUE(stream({begun, call_starts, ended("tool_use"), stopped}));
  EXPECT_EQ(said().finish, FinishReason::tool_calls) << "where there is a call";
}

TEST_F(AnthropicDecode, TellsWhyTheModelRefused) {
  ASSERT_TRUE(stream(
      {begun,
       ended("refusal", R"(,"stop_details":{"type":"refusal","category":"x","explanation":"I \"won't\""})"),
       stopped}));
  EXPECT_EQ(said().refusal_escaped, R"(I \"won't\")");
  EXPECT_EQ(said().finish, FinishReason::content_filter);
  ASSERT_EQ(said().choice_extras.size(), 1U);
  EXPECT_EQ(said().choice_extras[0].name_escaped, "stop_details");
}

TEST_F(AnthropicDecode, TellsTheStopSequence) {
  ASSERT_TRUE(whole(
      R"({"content":[],"stop_reason":"stop_sequence","stop_sequence":"E\nND","usage":{"input_tokens":1,"output_tokens":1}})"));
  EXPECT_EQ(said().stop_sequence_escaped, "E\\nND");
  EXPECT_EQ(said().finish, FinishReason::stop);
  EXPECT_EQ(said().text_escaped, "");
}

TEST_F(AnthropicDecode, KeepsArgumentsThatWereCutOffAsTheyAre) {
  ASSERT_TRUE(stream(
      {begun, call_starts,
       R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\": [1,"}})",
       R"({"type":"content_block_stop","index":0})", ended("max_tokens"), stopped}));
  EXPECT_EQ(said().finish, FinishReason::length);
  EXPECT_EQ(said().tool_calls.at(0).arguments_escaped, R"({\"a\": [1,)");
}

TEST_F(AnthropicDecode, ErrorEventsEndTheAnswer) {
  const std::pair<std::string_view, ErrorCode> errors[] = {
      {"overloaded_error", ErrorCode::upstream_overloaded},
      {"rate_limit_error", ErrorCode::upstream_rate_limited},
      {"api_error", ErrorCode::upstream_error},
      {"timeout_error", ErrorCode::upstream_timeout},
      {"authentication_error", ErrorCode::upstream_auth},
      {"invalid_request_error", ErrorCode::upstream_invalid_request},
      {"billing_error", ErrorCode::upstream_quota},
      {"anything_new", ErrorCode::upstream_error},
  };
  for (const auto& [type, code] : errors) {
    fold_ = {};
    const std::string event = R"({"type":"error","error":{"type":")" + std::string(type) +
                              R"(","message":"Sorry sk-ant-api03-abcdefgh"}})";
    const auto first = stream({event});
    ASSERT_FALSE(first);
    EXPECT_EQ(first.error().code(), code) << type;
    EXPECT_EQ(first.error().native_code(), type);
    EXPECT_EQ(first.error().message(), "Sorry [redacted]");
    const auto late = stream(
        {begun, R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}})",
         event});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code(), code);
    EXPECT_FALSE(response().ended);
    EXPECT_FALSE(said().finish);
    const auto body = whole(event);
    ASSERT_FALSE(body);
    EXPECT_EQ(body.error().code(), code);
  }
}

TEST_F(AnthropicDecode, AStreamWithoutItsEndIsCutOff) {
  const auto cut = stream({begun, ended("end_turn")});
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code(), ErrorCode::upstream_truncated);
  EXPECT_TRUE(response().choices.empty()) << "no finish is made up";
  const auto nothing = stream({});
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code(), ErrorCode::upstream_truncated);
}

TEST_F(AnthropicDecode, IgnoresPingsAndEventsOfTomorrowAndWhatFollowsTheEnd) {
  ASSERT_TRUE(stream(
      {R"({"type":"ping"})", begun, R"({"type":"ping"})", R"({"type":"something_new","index":3})",
       R"({"type":"content_block_start","index":0,"content_block":{"type":"hologram","data":1}})",
       R"({"type":"content_block_delta","index":0,"delta":{"type":"hologram_delta"}})",
       R"({"type":"content_block_stop","index":0})", ended("end_turn"), stopped, "[DONE]", "", "garbage"}));
  EXPECT_EQ(said().message_extras.at(0).json, R"([{"type":"hologram","data":1}])");
}

TEST_F(AnthropicDecode, AnEmptyTurnIsAnAnswer) {
  ASSERT_TRUE(stream({begun, ended("end_turn"), stopped}));
  ASSERT_EQ(response().choices.size(), 1U);
  EXPECT_EQ(said().finish, FinishReason::stop);
}

TEST_F(AnthropicDecode, BrokenProtocolsAreErrors) {
  const std::vector<std::vector<std::string_view>> broken{
      {"not json"},
      {R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"},
      {begun, R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}})"},
      {begun, R"({"type":"content_block_stop","index":0})"},
      {begun, call_starts, call_starts},
      {begun, R"({"type":"message_start","message":{"id":"msg_2"}})"},
      {stopped},
      {R"({"type":"message_delta","delta":{},"usage":{"output_tokens":1}})"},
      {begun, R"({"type":"content_block_start","index":0})"},
      {begun, R"({"type":"content_block_start","index":0,"content_block":7})"},
      {begun,
       R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","input":{}}})"},
  };
  for (const auto& events : broken) {
    chat::Fold fold;
    const auto decoder = new_stream_decoder(context_);
    Result<> last;
    for (std::string_view event : events) last = decoder->on_message("", event, fold);
    ASSERT_FALSE(last) << events.back();
    EXPECT_EQ(last.error().code(), ErrorCode::upstream_protocol);
  }
  for (std::string_view body : {"", "[]", "{}", R"({"content":"x"})", "<html>"}) {
    const auto done = whole(body);
    ASSERT_FALSE(done) << body;
    EXPECT_EQ(done.error().code(), ErrorCode::upstream_protocol);
  }
}

TEST_F(AnthropicDecode, ARepeatedStartOfTheSameMessageIsIgnored) {
  ASSERT_TRUE(stream({begun, begun, ended("end_turn"), stopped}));
}

TEST_F(AnthropicDecode, CallsThatComeWithTheMessageAreTold) {
  ASSERT_TRUE(stream(
      {R"({"type":"message_start","message":{"id":"a","content":[{"type":"tool_use","id":"t0","name":"f","input":{"x":1},"caller":{"type":"code_execution_20250825"}}],"usage":{}}})",
       R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":"ok"}})",
       R"({"type":"content_block_stop","index":0})", ended("tool_use"), stopped}));
  EXPECT_EQ(said().tool_calls.at(0).arguments_escaped, R"({\"x\":1})");
  EXPECT_EQ(said().text_escaped, "ok");
}

TEST_F(AnthropicDecode, TellsWebSourcesWithTheirPlaceInTheText) {
  ASSERT_TRUE(stream(
      {begun,
       R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Ä\ud83d\ude00 "}})",
       R"({"type":"content_block_stop","index":0})",
       R"({"type":"content_block_start","index":1,"content_block":{"citations":[],"type":"text","text":""}})",
       R"({"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"web_search_result_location","cited_text":"x","url":"https://a.b/?q=\"1\"","title":"T","encrypted_index":"e"}}})",
       R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"sky\n"}})",
       R"({"type":"content_block_stop","index":1})", ended("end_turn"), stopped}));
  ASSERT_EQ(said().annotations.size(), 1U);
  EXPECT_EQ(
      said().annotations[0],
      R"({"type":"url_citation","url_citation":{"url":"https://a.b/?q=\"1\"","title":"T","start_index":3,"end_index":7}})");
}

TEST_F(AnthropicDecode, TellsDocumentSourcesAsAMember) {
  ASSERT_TRUE(whole(
      R"({"content":[{"type":"text","text":"a","citations":[{"type":"char_location","document_index":0,"start_char_index":1}]},{"type":"text","text":"b","citations":[{"type":"page_location","document_index":1},{"type":"search_result_location","source":"https://x.y","title":null},{"type":"search_result_location","source":"kb/7"}]}],"stop_reason":"end_turn","usage":{}})"));
  ASSERT_EQ(said().message_extras.size(), 1U);
  EXPECT_EQ(said().message_extras[0].name_escaped, "citations");
  EXPECT_EQ(
      said().message_extras[0].json,
      R"([{"type":"char_location","document_index":0,"start_char_index":1},{"type":"page_location","document_index":1},{"type":"search_result_location","source":"kb/7"}])");
  ASSERT_EQ(said().annotations.size(), 1U);
  EXPECT_NE(said().annotations[0].find(R"("url":"https://x.y")"), std::string::npos);
}

TEST(AnthropicCitations, CountsWhatTheTextMeans) {
  EXPECT_EQ(count_characters(json::Text("")), 0);
  EXPECT_EQ(count_characters(json::Text("a\\n\\\"\\\\")), 4);
  EXPECT_EQ(count_characters(json::Text("\xC3\xA4\xF0\x9F\x98\x80")), 2);
  EXPECT_EQ(count_characters(json::Text("\\u00e4\\ud83d\\ude00\\uD83D\\uDE00")), 3);
  EXPECT_EQ(count_characters(json::Text("\\u00e4\\ud7ff\\ue000")), 3);
}

TEST_F(AnthropicDecode, NamesTheServiceTierAsOpenAiDoes) {
  ASSERT_TRUE(whole(
      R"({"content":[],"stop_reason":"end_turn","container":{"id":"c"},"usage":{"input_tokens":1,"output_tokens":1,"service_tier":"standard"}})"));
  ASSERT_EQ(response().extras.size(), 2U);
  EXPECT_EQ(response().extras[0].name_escaped, "container");
  EXPECT_EQ(response().extras[1].json, "\"default\"");
}

}  // namespace
}  // namespace sluice::dialect::anthropic
