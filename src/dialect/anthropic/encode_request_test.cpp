#include "catalog/families.hpp"
#include "dialect/anthropic/anthropic.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"
#include "json/writer.hpp"
#include "tests/golden.hpp"

#include <gtest/gtest.h>

#include <memory_resource>
#include <optional>
#include <string>

namespace sluice::dialect::anthropic {
namespace {

const golden::fs::path requests = SLUICE_SOURCE_DIR "/src/dialect/testdata/requests";

const catalog::Families& families() {
  static const auto loaded = catalog::built_in_families();
  return *loaded;
}

/// A client's request, encoded for the model that it names.
class Encoded {
 public:
  explicit Encoded(std::string body) : body_(std::move(body)) { encode(nullptr); }
  Encoded(std::string body, const catalog::Capabilities& model) : body_(std::move(body)) { encode(&model); }

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
  void encode(const catalog::Capabilities* model) {
    const auto root = document_.parse(body_);
    ASSERT_TRUE(root) << root.error().message();
    result_ = openai::decode_request(*root, request_);
    ASSERT_TRUE(result_) << result_.error().message();
    const HostProfile host{};
    const Target target{request_.model, model ? *model : families().capabilities(request_.model), host};
    result_ = encode_request(request_, target, out_);
  }

  std::string body_;
  json::Document document_, sent_;
  std::pmr::monotonic_buffer_resource arena_;
  chat::Request request_{&arena_};
  Outgoing out_;
  Result<> result_;
};

class AnthropicRequest : public testing::TestWithParam<std::string> {};

TEST_P(AnthropicRequest, MatchesGolden) {
  Encoded encoded(golden::read(requests / (GetParam() + ".json")));
  ASSERT_TRUE(encoded.result()) << encoded.result().error().message();
  EXPECT_TRUE(golden::matches(requests / (GetParam() + ".anthropic.json"), encoded.out().body));
  EXPECT_TRUE(golden::matches(requests / (GetParam() + ".anthropic.changes.json"), encoded.changes()));
  EXPECT_EQ(encoded.out().path, "/v1/messages");
}

INSTANTIATE_TEST_SUITE_P(Golden, AnthropicRequest, testing::ValuesIn(golden::cases(requests, "anthropic")),
                         [](const auto& info) { return info.param; });

struct Refusal {
  std::string_view title, model, members, param, says;
};

/// What cannot be sent without changing its meaning is the client's to change.
constexpr Refusal refusals[] = {
    {"Prefill", "claude-opus-4-6",
     R"("messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}])", "messages[1]",
     "must end with a user's or a tool's"},
    {"SeveralChoices", "claude-sonnet-4-5", R"("n":2,"messages":[{"role":"user","content":"a"}])", "n",
     "one answer"},
    {"AudioIn", "claude-sonnet-4-5",
     R"("messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}]}])",
     "messages[0].content[0]", "audio"},
    {"AudioOut", "claude-sonnet-4-5",
     R"("modalities":["text","audio"],"messages":[{"role":"user","content":"a"}])", "modalities",
     "text only"},
    {"FileById", "claude-sonnet-4-5",
     R"("messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}])",
     "messages[0].content[0]", "send `file_data`"},
    {"FileOfAnotherType", "claude-sonnet-4-5",
     R"("messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/zip;base64,UEsDBA=="}}]}])",
     "messages[0].content[0]", "only PDF, text and images"},
    {"ImageOfAnotherType", "claude-sonnet-4-5",
     R"("messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/bmp;base64,Qk1C"}}]}])",
     "messages[0].content[0]", "only JPEG, PNG, GIF and WebP"},
    {"UnencryptedAddress", "claude-sonnet-4-5",
     R"("messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://example.com/a.png"}}]}])",
     "messages[0].content[0]", "https://"},
    {"PdfWhereUnknown", "claude-3-haiku-20240307",
     R"("messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,JVBERi0xLjQK"}}]}])",
     "messages[0].content[0]", "PDF"},
    {"ImageInTheSystemPrompt", "claude-sonnet-4-5",
     R"("messages":[{"role":"system","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}])",
     "messages[0].content[0]", "only text"},
    {"CustomTool", "claude-sonnet-4-5",
     R"("tools":[{"type":"custom","custom":{"name":"sql"}}],"messages":[{"role":"user","content":"a"}])",
     "tools[0].type", "only tools of the type `function`"},
};

class AnthropicRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(AnthropicRefusal, NamesTheMember) {
  const Refusal& refusal = GetParam();
  const Encoded encoded(R"({"model":")" + std::string(refusal.model) + "\"," + std::string(refusal.members) +
                        "}");
  ASSERT_FALSE(encoded.result());
  const Error& error = encoded.result().error();
  EXPECT_EQ(error.code(), ErrorCode::unsupported_parameter);
  EXPECT_EQ(error.param(), refusal.param);
  EXPECT_NE(error.message().find(refusal.says), std::string::npos) << error.message();
}

INSTANTIATE_TEST_SUITE_P(Cases, AnthropicRefusal, testing::ValuesIn(refusals),
                         [](const auto& info) { return std::string(info.param.title); });

TEST(AnthropicFormat, IsAskedForInWordsBesideToolsThatTheModelMayCall) {
  Encoded encoded(
      R"({"model":"claude-3-haiku-20240307","messages":[{"role":"user","content":"hi"}],)"
      R"("tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],)"
      R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}})");
  ASSERT_TRUE(encoded.result());
  EXPECT_FALSE(encoded.sent()["output_config"].exists());
  EXPECT_TRUE(encoded.sent()["system"].exists());
  EXPECT_EQ(encoded.sent()["tools"].size(), 1U);
  EXPECT_FALSE(encoded.sent()["tool_choice"].exists());
  EXPECT_EQ(encoded.changes(), R"(["emulated response_format"])");
}

TEST(AnthropicFormat, ThatTheApiCannotSayIsAskedForInWords) {
  Encoded encoded(
      R"({"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"hi"}],"response_format":{)"
      R"("type":"json_schema","json_schema":{"name":"n","schema":{"type":"object",)"
      R"("properties":{"next":{"$ref":"#"}}}}}})");
  ASSERT_TRUE(encoded.result());
  EXPECT_FALSE(encoded.sent()["output_config"].exists());
  EXPECT_TRUE(encoded.sent()["system"].exists());
  EXPECT_EQ(encoded.changes(), R"(["emulated response_format"])");
}

TEST(AnthropicHeaders, NameTheVersionAndTheKey) {
  const Encoded encoded(R"({"model":"m","messages":[{"role":"user","content":"a"}]})");
  ASSERT_EQ(encoded.out().headers.size(), 1U);
  EXPECT_EQ(encoded.out().headers[0].name, "anthropic-version");
  EXPECT_EQ(encoded.out().headers[0].value, "2023-06-01");
  Outgoing out;
  authorize({.api_key = Secret("k")}, {}, out);
  const auto& headers = out.headers;
  ASSERT_EQ(headers.size(), 1U);
  EXPECT_EQ(headers[0].name, "x-api-key");
  EXPECT_EQ(headers[0].value, "k");
}

/// Budgets below their limits, whatever a client asks for.
TEST(AnthropicThinking, NeverSendsABudgetThatTheApiRefuses) {
  for (std::string_view model :
       {"claude-sonnet-4-5", "claude-opus-4-1", "claude-3-7-sonnet", "claude-sonnet-4-6"}) {
    for (std::string_view wish :
         {R"("reasoning_effort":"minimal")", R"("reasoning_effort":"high")", R"("reasoning_effort":"max")",
          R"("reasoning":{"max_tokens":1})", R"("reasoning":{"max_tokens":9223372036854775807})",
          R"("thinking":{"type":"enabled","budget_tokens":5000})", R"("thinking":{"type":"enabled"})",
          R"("thinking":{"type":"enabled","budget_tokens":-5})"}) {
      for (std::string_view most : {"1", "1024", "1025", "4096", "32000", "64000", "9223372036854775807"}) {
        Encoded encoded(R"({"model":")" + std::string(model) + R"(","max_tokens":)" + std::string(most) +
                        "," + std::string(wish) + R"(,"messages":[{"role":"user","content":"a"}]})");
        ASSERT_TRUE(encoded.result());
        const json::Value sent = encoded.sent();
        const std::int64_t max_tokens = sent["max_tokens"].integer().value_or(0);
        EXPECT_GE(max_tokens, 1);
        EXPECT_LE(max_tokens, families().capabilities(model).max_output_tokens.value_or(0));
        if (!sent["thinking"]["type"].equals("enabled")) continue;
        EXPECT_GE(sent["thinking"]["budget_tokens"].integer().value_or(0), 1024) << encoded.out().body;
        EXPECT_LT(sent["thinking"]["budget_tokens"].integer().value_or(0), max_tokens) << encoded.out().body;
      }
    }
  }
}

TEST(AnthropicThinking, WithoutAKnownLimitTheBudgetComesOnTop) {
  catalog::Capabilities model;
  model.thinking = catalog::ThinkingStyle::claude_budget;
  Encoded encoded(
      R"({"model":"m","max_tokens":9223372036854775807,"reasoning_effort":"low","messages":[{"role":"user","content":"a"}]})",
      model);
  EXPECT_EQ(encoded.sent()["thinking"]["budget_tokens"].integer(), 2048) << encoded.out().body;
  Encoded unlimited(R"({"model":"m","reasoning_effort":"low","messages":[{"role":"user","content":"a"}]})",
                    model);
  EXPECT_EQ(unlimited.sent()["max_tokens"].integer(), 4096 + 2048);
}

/// What a client sends twice must be sent on twice the same, or providers' prompt caches are of no use.
TEST(AnthropicBody, IsTheSameForTheSameRequest) {
  for (const std::string& name : golden::cases(requests, "anthropic")) {
    const std::string body = golden::read(requests / (name + ".json"));
    const Encoded once(body), twice(body);
    EXPECT_EQ(once.out().body, twice.out().body);
  }
}

TEST(AnthropicMessages, ManyCallsOfOneIdStayCheap) {
  std::string body =
      R"({"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[)";
  for (int i = 0; i < 20000; ++i)
    body += std::string(i ? "," : "") + R"({"id":"x","type":"function","function":{"name":"a.)" +
            std::to_string(i) + R"(","arguments":"{}"}})";
  Encoded encoded(body + "]}]}");
  ASSERT_TRUE(encoded.result());
  EXPECT_EQ(encoded.sent()["messages"][1]["content"].size(), 20000U);
  EXPECT_EQ(encoded.sent()["messages"][2]["content"].size(), 20000U);
}

}  // namespace
}  // namespace sluice::dialect::anthropic
