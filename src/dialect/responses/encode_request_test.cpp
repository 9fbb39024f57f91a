#include "catalog/families.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"
#include "dialect/responses/responses.hpp"
#include "json/writer.hpp"
#include "tests/golden.hpp"

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

namespace sluice::dialect::responses {
namespace {

const golden::fs::path requests = SLUICE_SOURCE_DIR "/src/dialect/testdata/requests";

const catalog::Families& families() {
  static const auto loaded = catalog::built_in_families();
  return *loaded;
}

/// A client's request, encoded for the OpenAI model that it names, else for a usual one.
class Encoded {
 public:
  explicit Encoded(std::string body, std::string_view host = "api.openai.com") : body_(std::move(body)) {
    encode(host);
  }

  const Outgoing& out() const { return out_; }
  const Result<>& result() const { return result_; }
  /// `kind param`, for each change, as JSON.
  std::string changes() const {
    std::string list;
    json::Writer json(list);
    json.begin_array();
    for (const chat::Change& change : out_.changes.list())
      json.string(std::string(chat::name(change.kind)) + " " + change.param);
    json.end_array();
    return list;
  }
  /// The provider's body, read.
  json::Value sent() {
    const auto root = sent_.parse(out_.body);
    EXPECT_TRUE(root) << out_.body;
    return root ? *root : json::Value();
  }

 private:
  void encode(std::string_view host) {
    const auto root = document_.parse(body_);
    ASSERT_TRUE(root) << root.error().message();
    result_ = openai::decode_request(*root, request_);
    ASSERT_TRUE(result_) << result_.error().message();
    const bool ours = request_.model.starts_with("gpt") || request_.model.starts_with("grok");
    const std::string model = ours ? request_.model : "gpt-5";
    const Target target{model, families().capabilities(model), profile_for(host)};
    result_ = encode_request(request_, target, out_);
  }

  std::string body_;
  json::Document document_, sent_;
  std::pmr::monotonic_buffer_resource arena_;
  chat::Request request_{&arena_};
  Outgoing out_;
  Result<> result_;
};

class EncodeResponsesRequest : public testing::TestWithParam<std::string> {};

TEST_P(EncodeResponsesRequest, MatchesGolden) {
  const Encoded encoded(golden::read(requests / (GetParam() + ".json")));
  ASSERT_TRUE(encoded.result()) << encoded.result().error().message();
  EXPECT_TRUE(golden::matches(requests / (GetParam() + ".responses.json"), encoded.out().body));
  EXPECT_TRUE(golden::matches(requests / (GetParam() + ".responses.changes.json"), encoded.changes()));
}

INSTANTIATE_TEST_SUITE_P(Responses, EncodeResponsesRequest,
                         testing::ValuesIn(golden::cases(requests, "responses")),
                         [](const auto& info) { return info.param; });

std::string with(std::string_view members, std::string_view model = "gpt-5") {
  return R"({"model":")" + std::string(model) + R"(","messages":[{"role":"user","content":"hi"}])" +
         (members.empty() ? "" : ",") + std::string(members) + "}";
}

std::string saying(std::string_view messages, std::string_view model = "gpt-5") {
  return R"({"model":")" + std::string(model) + R"(","messages":[)" + std::string(messages) + "]}";
}

constexpr std::string_view one_tool =
    R"("tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}])";

TEST(ResponsesPath, IsBehindTheBaseAddress) {
  EXPECT_EQ(Encoded(with("")).out().path, "/responses");
  EXPECT_EQ(Encoded(with(R"("stream":true)")).out().path, "/responses");
}

TEST(ResponsesRequest, IsNotStoredUnlessTheClientWantsIt) {
  EXPECT_EQ(Encoded(with("")).sent()["store"].boolean(), false);
  EXPECT_EQ(Encoded(with(R"("store":true)")).sent()["store"].boolean(), true);
}

TEST(ResponsesRequest, AsksForEncryptedReasoningOfModelsThatReason) {
  EXPECT_EQ(Encoded(with("")).sent()["include"].raw(), R"(["reasoning.encrypted_content"])");
  EXPECT_FALSE(Encoded(with("", "gpt-4.1")).sent()["include"].exists());
}

TEST(ResponsesRequest, KeepsWhatTheClientIncludes) {
  Encoded encoded(with(R"("include":["web_search_call.action.sources","reasoning.encrypted_content"])"));
  EXPECT_EQ(encoded.sent()["include"].raw(),
            R"(["reasoning.encrypted_content","web_search_call.action.sources"])");
  EXPECT_EQ(encoded.changes(), "[]");
}

/// Case 99: this API holds models to schemas unless it is told not to.
TEST(ResponsesRequest, ToolsWithoutStrictAreSentAsNotStrict) {
  EXPECT_EQ(Encoded(with(one_tool)).sent()["tools"][0]["strict"].boolean(), false);
  Encoded strict(with(
      R"("tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object"}}}])"));
  EXPECT_EQ(strict.sent()["tools"][0]["strict"].boolean(), true);
}

TEST(ResponsesRequest, PaddingIsRefusedWhereTheHostPads) {
  EXPECT_EQ(Encoded(with(R"("stream":true)")).sent()["stream_options"].raw(),
            R"({"include_obfuscation":false})");
  EXPECT_FALSE(Encoded(with(R"("stream":true)"), "localhost").sent()["stream_options"].exists());
  EXPECT_FALSE(Encoded(with("")).sent()["stream_options"].exists());
}

TEST(ResponsesRequest, ASummaryIsAskedForOnlyWhereTheClientSpeaksOfReasoning) {
  EXPECT_EQ(Encoded(with(R"("reasoning_effort":"low")")).sent()["reasoning"].raw(), R"({"effort":"low"})");
  EXPECT_EQ(Encoded(with(R"("reasoning":{"effort":"low"})")).sent()["reasoning"].raw(),
            R"({"effort":"low","summary":"auto"})");
  EXPECT_EQ(Encoded(with(R"("reasoning":{"summary":"detailed"})")).sent()["reasoning"].raw(),
            R"({"summary":"detailed"})");
  EXPECT_EQ(Encoded(with(R"("reasoning":{"effort":"low","exclude":true})")).sent()["reasoning"].raw(),
            R"({"effort":"low"})");
}

struct EffortCase {
  std::string_view model, asked, sent, changes;
};
const EffortCase efforts[] = {
    {"gpt-5", R"("reasoning_effort":"none")", R"({"effort":"minimal"})", R"(["mapped reasoning_effort"])"},
    {"gpt-5", R"("reasoning_effort":"max")", R"({"effort":"high"})", R"(["mapped reasoning_effort"])"},
    {"gpt-5.4", R"("reasoning_effort":"none")", R"({"effort":"none"})", "[]"},
    {"gpt-5", R"("reasoning":{"max_tokens":3000,"exclude":true})", R"({"effort":"medium"})",
     R"(["mapped reasoning.max_tokens"])"},
    {"gpt-4.1", R"("reasoning_effort":"high")", "", R"(["dropped reasoning_effort"])"},
    {"gpt-4.1", R"("reasoning_effort":"none")", "", "[]"},
};

TEST(ResponsesRequest, EffortsAreThoseOfTheModel) {
  for (const EffortCase& c : efforts) {
    Encoded encoded(with(c.asked, c.model));
    EXPECT_EQ(encoded.sent()["reasoning"].raw(), c.sent) << c.model << c.asked;
    EXPECT_EQ(encoded.changes(), c.changes) << c.model << c.asked;
  }
}

TEST(ResponsesRequest, SamplingGoesOnlyToModelsThatDoNotReason) {
  constexpr std::string_view sampling = R"("temperature":0.5,"top_p":0.9,"logprobs":true,"top_logprobs":3)";
  Encoded reasons(with(sampling));
  for (std::string_view name : {"temperature", "top_p", "top_logprobs"})
    EXPECT_FALSE(reasons.sent()[name].exists()) << name;
  EXPECT_EQ(reasons.changes(), R"(["dropped temperature","dropped top_p","dropped logprobs"])");

  Encoded plain(with(sampling, "gpt-4.1"));
  EXPECT_EQ(plain.sent()["temperature"].raw(), "0.5");
  EXPECT_EQ(plain.sent()["top_logprobs"].raw(), "3");
  EXPECT_EQ(plain.sent()["include"].raw(), R"(["message.output_text.logprobs"])");
  EXPECT_EQ(plain.changes(), "[]");
}

TEST(ResponsesRequest, WhatTheApiDoesNotHaveIsReported) {
  const Encoded encoded(with(
      R"("stop":["a"],"n":2,"seed":1,"top_k":3,"logit_bias":{"1":2},"presence_penalty":1,)"
      R"("frequency_penalty":1,"prediction":{"type":"content","content":"x"},"previous_response_id":"resp_1")"));
  ASSERT_TRUE(encoded.result());
  EXPECT_EQ(
      encoded.changes(),
      R"(["dropped presence_penalty","dropped frequency_penalty","dropped top_k","dropped seed",)"
      R"("dropped logit_bias","dropped stop","dropped n","dropped prediction","dropped previous_response_id"])");
}

TEST(ResponsesRequest, WhatIsAskedForAnywayIsNotReported) {
  EXPECT_EQ(Encoded(with(R"("n":1,"presence_penalty":0,"logprobs":false,"modalities":["text"])")).changes(),
            "[]");
}

TEST(ResponsesRequest, LimitsFitTheApiAndTheModel) {
  EXPECT_EQ(Encoded(with(R"("max_tokens":50,"max_completion_tokens":80)")).sent()["max_output_tokens"].raw(),
            "80");
  Encoded small(with(R"("max_tokens":5)"));
  EXPECT_EQ(small.sent()["max_output_tokens"].raw(), "16");
  EXPECT_EQ(small.changes(), R"(["clamped max_tokens"])");
  Encoded large(with(R"("max_completion_tokens":999999)"));
  EXPECT_EQ(large.sent()["max_output_tokens"].raw(), "128000");
  EXPECT_EQ(large.changes(), R"(["clamped max_completion_tokens"])");
}

TEST(ResponsesRequest, IdentifiersGoUnderTheirOwnNames) {
  EXPECT_EQ(Encoded(with(R"("user":"u")")).sent()["user"].string(), "u");
  Encoded both(with(R"("user":"u","safety_identifier":"s")"));
  EXPECT_EQ(both.sent()["safety_identifier"].string(), "s");
  EXPECT_FALSE(both.sent()["user"].exists());
}

// ---- tools ----------------------------------------------------------------------------------------------

TEST(ResponsesTools, HostedOnesAreSentAsTheClientNamesThem) {
  Encoded encoded(with(
      R"("tools":[{"type":"web_search","filters":{"allowed_domains":["a.b"]}},{"type":"function","function":{"name":"f"}}])"));
  EXPECT_EQ(encoded.sent()["tools"][0].raw(),
            R"({"type":"web_search","filters":{"allowed_domains":["a.b"]}})");
  EXPECT_EQ(encoded.sent()["tools"][1]["name"].string(), "f");
  EXPECT_EQ(encoded.changes(), "[]");
}

TEST(ResponsesTools, AnEmptyListLeavesNothing) {
  Encoded encoded(with(R"("tools":[],"tool_choice":"auto","parallel_tool_calls":true)"));
  for (std::string_view name : {"tools", "tool_choice", "parallel_tool_calls"})
    EXPECT_FALSE(encoded.sent()[name].exists()) << name;
}

struct ChoiceCase {
  std::string_view asked, sent;
};
const ChoiceCase choices[] = {
    {R"("none")", R"("none")"},
    {R"("auto")", R"("auto")"},
    {R"("required")", R"("required")"},
    {R"({"type":"function","function":{"name":"f"}})", R"({"type":"function","name":"f"})"},
    {R"({"type":"custom","custom":{"name":"c"}})", R"({"type":"custom","name":"c"})"},
};

TEST(ResponsesTools, ChoicesAreFlat) {
  for (const ChoiceCase& c : choices) {
    Encoded encoded(with(
        R"("tools":[{"type":"function","function":{"name":"f"}},{"type":"custom","custom":{"name":"c"}}],"tool_choice":)" +
        std::string(c.asked)));
    EXPECT_EQ(encoded.sent()["tool_choice"].raw(), c.sent);
  }
}

// ---- the conversation -----------------------------------------------------------------------------------

constexpr std::string_view a_call =
    R"({"role":"user","content":"go"},{"role":"assistant","tool_calls":[{"id":"%","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
    R"({"role":"tool","tool_call_id":"%","content":"done"})";

std::string calling(std::string_view id) {
  std::string out;
  for (char c : a_call) c == '%' ? out.append(id) : out.append(1, c);
  return out;
}

TEST(ResponsesInput, CallsAndResultsKeepTheirIds) {
  Encoded encoded(saying(calling("call_1")));
  EXPECT_EQ(encoded.sent()["input"][1].raw(),
            R"({"type":"function_call","call_id":"call_1","name":"f","arguments":"{}"})");
  EXPECT_EQ(encoded.sent()["input"][2].raw(),
            R"({"type":"function_call_output","call_id":"call_1","output":"done"})");
}

TEST(ResponsesInput, LongIdsAreReplacedByTheSameOneEverywhere) {
  Encoded encoded(saying(calling(std::string(80, 'x'))));
  const std::string id = encoded.sent()["input"][1]["call_id"].string();
  EXPECT_LE(id.size(), 64U);
  EXPECT_EQ(encoded.sent()["input"][2]["call_id"].string(), id);
  Encoded again(saying(calling(std::string(80, 'x'))));
  EXPECT_EQ(again.sent()["input"][1]["call_id"].string(), id);
}

TEST(ResponsesInput, IdsThatRecurInALaterTurnAreToldApart) {
  Encoded encoded(saying(calling("call_0") + "," + calling("call_0")));
  const json::Value input = encoded.sent()["input"];
  EXPECT_EQ(input[1]["call_id"].string(), "call_0");
  EXPECT_NE(input[4]["call_id"].string(), "call_0");
  EXPECT_EQ(input[4]["call_id"].string(), input[5]["call_id"].string());
}

constexpr std::string_view thoughtful =
    R"({"role":"user","content":"go"},{"role":"assistant","content":"ok","reasoning_details":[)"
    R"({"type":"reasoning.summary","summary":"First","format":"FORMAT","index":0},)"
    R"({"type":"reasoning.encrypted","data":"c2VjcmV0","id":"rs_1","format":"FORMAT","index":1}]})";

std::string thinking_in(std::string_view format) {
  std::string out(thoughtful);
  for (std::size_t at = out.find("FORMAT"); at != std::string::npos; at = out.find("FORMAT", at))
    out.replace(at, 6, format);
  return out;
}

TEST(ResponsesInput, EncryptedReasoningGoesBackBeforeWhatItLedTo) {
  Encoded encoded(saying(thinking_in("openai-responses-v1")));
  EXPECT_EQ(
      encoded.sent()["input"][1].raw(),
      R"({"type":"reasoning","summary":[{"type":"summary_text","text":"First"}],"encrypted_content":"c2VjcmV0"})");
  EXPECT_EQ(encoded.sent()["input"][2]["role"].string(), "assistant");
  EXPECT_EQ(encoded.changes(), "[]");
}

TEST(ResponsesInput, ReasoningOfAnotherProviderStaysAway) {
  for (std::string_view format : {"anthropic-claude-v1", "google-gemini-v1", "xai-responses-v1", ""}) {
    Encoded encoded(saying(thinking_in(format)));
    EXPECT_EQ(encoded.sent()["input"].size(), 2U) << format;
    EXPECT_EQ(encoded.changes(), R"(["dropped messages[1].)" +
                                     std::string(format.empty() ? "reasoning_content" : "reasoning_details") +
                                     "\"]");
  }
}

TEST(ResponsesInput, EachHostReadsItsOwnEncryption) {
  Encoded xai(saying(thinking_in("xai-responses-v1"), "grok-4"), "api.x.ai");
  EXPECT_EQ(xai.sent()["input"][1]["encrypted_content"].string(), "c2VjcmV0");
  EXPECT_EQ(Encoded(saying(thinking_in("openai-responses-v1"), "grok-4"), "api.x.ai").sent()["input"].size(),
            2U);
  Encoded azure(saying(thinking_in("azure-openai-responses-v1")), "x.openai.azure.com");
  EXPECT_EQ(azure.sent()["input"][1]["id"].string(), "rs_1");
  Encoded router(saying(thinking_in("google-gemini-v1")), "openrouter.ai");
  EXPECT_EQ(router.sent()["input"][1]["format"].string(), "google-gemini-v1");
}

TEST(ResponsesInput, ModelsThatDoNotReasonGetNoReasoning) {
  EXPECT_EQ(Encoded(saying(thinking_in("openai-responses-v1"), "gpt-4.1")).sent()["input"].size(), 2U);
}

TEST(ResponsesInput, ReasoningThatLedToNothingIsLeftOut) {
  std::string silent = thinking_in("openai-responses-v1");
  silent.replace(silent.find(R"("ok")"), 4, R"("")");
  Encoded encoded(saying(silent));
  EXPECT_EQ(encoded.sent()["input"].size(), 1U);
  EXPECT_EQ(encoded.changes(), R"(["dropped messages[1]","dropped messages[1].reasoning_details"])");
}

struct Refusal {
  std::string_view title, param, says;
  std::string body;
};

const Refusal refusals[] = {
    {"AudioOut", "modalities", "answers other than text", with(R"("modalities":["text","audio"])")},
    {"AudioIn", "messages[0].content[0]", "audio",
     saying(
         R"({"role":"user","content":[{"type":"input_audio","input_audio":{"data":"UklGRgAAAABXQVZF","format":"wav"}}]})")},
    {"ImageForAModelWithoutEyes", "messages[0].content[0]", "images",
     saying(R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"https://e.x/a.png"}}]})",
            "gpt-3.5-turbo")},
};

TEST(ResponsesRequest, RefusesWhatCannotBeSent) {
  for (const Refusal& c : refusals) {
    const Encoded encoded(c.body);
    ASSERT_FALSE(encoded.result()) << c.title;
    EXPECT_EQ(encoded.result().error().code(), ErrorCode::unsupported_parameter);
    EXPECT_EQ(encoded.result().error().param(), c.param);
    EXPECT_NE(encoded.result().error().message().find(c.says), std::string::npos)
        << encoded.result().error().message();
  }
}

}  // namespace
}  // namespace sluice::dialect::responses
