#include "catalog/families.hpp"
#include "dialect/gemini/gemini.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"
#include "json/writer.hpp"
#include "tests/golden.hpp"

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

namespace sluice::dialect::gemini {
namespace {

const golden::fs::path requests = SLUICE_SOURCE_DIR "/src/dialect/testdata/requests";

const catalog::Families& families() {
  static const auto loaded = catalog::built_in_families();
  return *loaded;
}

/// A client's request, encoded for the Gemini model that it names, else for a usual one.
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
  void encode(const catalog::Capabilities* capabilities) {
    const auto root = document_.parse(body_);
    ASSERT_TRUE(root) << root.error().message();
    result_ = openai::decode_request(*root, request_);
    ASSERT_TRUE(result_) << result_.error().message();
    const HostProfile host{};
    const std::string model = request_.model.starts_with("gemini") ? request_.model : "gemini-2.5-flash";
    const Target target{model, capabilities ? *capabilities : families().capabilities(model), host};
    result_ = encode_request(request_, target, out_);
  }

  std::string body_;
  json::Document document_, sent_;
  std::pmr::monotonic_buffer_resource arena_;
  chat::Request request_{&arena_};
  Outgoing out_;
  Result<> result_;
};

class EncodeGeminiRequest : public testing::TestWithParam<std::string> {};

TEST_P(EncodeGeminiRequest, MatchesGolden) {
  Encoded encoded(golden::read(requests / (GetParam() + ".json")));
  ASSERT_TRUE(encoded.result()) << encoded.result().error().message();
  EXPECT_TRUE(golden::matches(requests / (GetParam() + ".gemini.json"), encoded.out().body));
  EXPECT_TRUE(golden::matches(requests / (GetParam() + ".gemini.changes.json"), encoded.changes()));
}

INSTANTIATE_TEST_SUITE_P(Gemini, EncodeGeminiRequest, testing::ValuesIn(golden::cases(requests, "gemini")),
                         [](const auto& info) { return info.param; });

std::string with(std::string_view members, std::string_view model = "gemini-2.5-flash") {
  return R"({"model":")" + std::string(model) + R"(","messages":[{"role":"user","content":"hi"}])" +
         (members.empty() ? "" : ",") + std::string(members) + "}";
}

std::string asking(std::string_view content) {
  return R"({"model":"gemini-2.5-flash","messages":[{"role":"user","content":[)" + std::string(content) +
         "]}]}";
}

TEST(GeminiPath, NamesModelAndMethod) {
  EXPECT_EQ(Encoded(with("")).out().path, "/v1beta/models/gemini-2.5-flash:generateContent");
  EXPECT_EQ(Encoded(with(R"("stream":true)")).out().path,
            "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
  EXPECT_EQ(Encoded(with("", "gemini/../x?key=1")).out().path,
            "/v1beta/models/gemini%2F..%2Fx%3Fkey%3D1:generateContent");
}

TEST(GeminiContents, KeepIdsAndPutTheUsersTextApartFromResults) {
  Encoded encoded(
      R"({"model":"gemini-2.5-flash","tools":[{"type":"function","function":{"name":"f"}}],"messages":[)"
      R"({"role":"user","content":"hi"},{"role":"assistant","tool_calls":[{"id":"t1","type":"function",)"
      R"("function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"t1","content":"ok"},)"
      R"({"role":"user","content":"and?"}]})");
  const json::Value contents = encoded.sent()["contents"];
  ASSERT_EQ(contents.size(), 4U);
  constexpr std::size_t first = 0;
  EXPECT_TRUE(contents[1]["parts"][first]["functionCall"]["id"].equals("t1"));
  EXPECT_EQ(contents[2]["parts"].size(), 1U);
  EXPECT_TRUE(contents[2]["parts"][first]["functionResponse"]["id"].equals("t1"));
  EXPECT_TRUE(contents[2]["parts"][first]["functionResponse"]["name"].equals("f"));
  EXPECT_TRUE(contents[3]["parts"][first]["text"].equals("and?"));
}

TEST(GeminiAuthorize, PutsTheKeyIntoAHeaderAndNotIntoTheAddress) {
  Outgoing out;
  authorize({.api_key = Secret("k")}, {}, out);
  const auto& headers = out.headers;
  ASSERT_EQ(headers.size(), 1U);
  EXPECT_EQ(headers[0].name, "x-goog-api-key");
  EXPECT_EQ(headers[0].value, "k");
}

struct Refusal {
  std::string_view title, param, says;
  std::string body;
};

const Refusal refusals[] = {
    {"TooManyChoices", "n", "at most 8 choices", with(R"("n":9)")},
    {"CustomTool", "tools[1].type", "tools of other types",
     with(
         R"("tools":[{"type":"function","function":{"name":"f"}},{"type":"custom","custom":{"name":"sql"}}])")},
    {"FileOfAnotherStore", "messages[0].content[1]", "send `file_data`",
     asking(R"({"type":"text","text":"a"},{"type":"file","file":{"file_id":"file-123"}})")},
    {"ImageAsInstruction", "messages[0].content[0]", "instructions other than text",
     R"({"model":"m","messages":[{"role":"system","content":[{"type":"image_url","image_url":{"url":"https://e.x/a"}}]}]})"},
};

class RefuseGeminiRequest : public testing::TestWithParam<Refusal> {};

TEST_P(RefuseGeminiRequest, NamesTheMember) {
  const Encoded encoded(GetParam().body);
  ASSERT_FALSE(encoded.result());
  const Error& error = encoded.result().error();
  EXPECT_EQ(error.code(), ErrorCode::unsupported_parameter);
  EXPECT_EQ(error.param(), GetParam().param);
  EXPECT_NE(error.message().find(GetParam().says), std::string::npos) << error.message();
}

INSTANTIATE_TEST_SUITE_P(Gemini, RefuseGeminiRequest, testing::ValuesIn(refusals),
                         [](const auto& info) { return std::string(info.param.title); });

TEST(GeminiCapabilities, DecideWhatMediaAModelTakes) {
  catalog::Capabilities blind;
  blind.images = blind.pdf = false;
  constexpr std::string_view parts[] = {
      R"({"type":"image_url","image_url":{"url":"https://example.com/a.png"}})",
      R"({"type":"file","file":{"file_data":"data:application/pdf;base64,JVBERi0xLjQK"}})",
      R"({"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}})"};
  for (std::string_view part : parts) {
    EXPECT_FALSE(Encoded(asking(part), blind).result()) << part;
    EXPECT_TRUE(Encoded(asking(part)).result()) << part;
  }
  const std::string text = asking(R"({"type":"file","file":{"file_data":"data:text/plain;base64,YQ=="}})");
  EXPECT_TRUE(Encoded(text, blind).result()) << "plain text is no PDF";
}

TEST(GeminiCapabilities, DecideHowManyChoicesThereMayBe) {
  catalog::Capabilities single;
  single.multiple_choices = false;
  EXPECT_FALSE(Encoded(with(R"("n":2)"), single).result());
  EXPECT_TRUE(Encoded(with(R"("n":1)"), single).result());
}

TEST(GeminiCapabilities, DecideWhetherSamplingIsSent) {
  catalog::Capabilities fixed;
  fixed.sampling = catalog::SamplingRule::rejected;
  Encoded encoded(with(R"("temperature":1,"top_p":0.5,"top_k":3,"seed":4)"), fixed);
  EXPECT_EQ(encoded.sent()["generationConfig"].raw(), R"({"seed":4})");
  EXPECT_EQ(encoded.changes(), R"(["dropped temperature","dropped top_p","dropped top_k"])");
  catalog::Capabilities cool;
  cool.max_temperature = 1;
  EXPECT_EQ(Encoded(with(R"("temperature":1.5)"), cool).changes(), R"(["clamped temperature"])");
}

TEST(GeminiCapabilities, InstructionsAreUserTextWhereThereIsNoSystemRole) {
  catalog::Capabilities gemma;
  gemma.system_role = false;
  Encoded encoded(
      R"({"model":"gemma","messages":[{"role":"system","content":"A"},{"role":"user","content":"b"}]})",
      gemma);
  EXPECT_FALSE(encoded.sent()["systemInstruction"].exists());
  EXPECT_EQ(encoded.sent()["contents"].raw(),
            R"([{"role":"user","parts":[{"text":"<system>\nA\n</system>"},{"text":"b"}]}])");
  EXPECT_EQ(encoded.changes(), R"(["mapped messages[0].role"])");
}

TEST(GeminiCapabilities, AToolIsNotForcedOnAModelThatCannotBe) {
  catalog::Capabilities free;
  free.forced_tool_choice = free.strict_tools = false;
  Encoded encoded(
      with(R"("tools":[{"type":"function","function":{"name":"f","strict":true}}],"tool_choice":"required")"),
      free);
  EXPECT_TRUE(encoded.sent()["toolConfig"]["functionCallingConfig"]["mode"].equals("AUTO"));
  EXPECT_EQ(encoded.changes(), R"(["dropped tools","mapped tool_choice"])");
}

TEST(GeminiTools, NamesBeginWithALetter) {
  Encoded encoded(with(R"("tools":[{"type":"function","function":{"name":"2fa"}}])"));
  EXPECT_TRUE(encoded.sent()["tools"][0]["functionDeclarations"][0]["name"].equals("_2fa"));
  EXPECT_EQ(encoded.out().renamed_tools.restore(json::Text("_2fa")).escaped(), "2fa");
}

/// Never budget and level together, and none that the model refuses, whatever a client asks for.
TEST(GeminiThinking, SendsOnlyWhatTheModelTakes) {
  for (std::string_view model :
       {"gemini-2.0-flash", "gemini-2.5-flash", "gemini-2.5-flash-lite", "gemini-2.5-pro", "gemini-3-flash",
        "gemini-3-pro", "gemini-3.7-flash", "gemini-3-pro-image"}) {
    const catalog::Capabilities& capabilities = families().capabilities(model);
    for (std::string_view wish :
         {R"("reasoning_effort":"none")", R"("reasoning_effort":"minimal")", R"("reasoning_effort":"low")",
          R"("reasoning_effort":"medium")", R"("reasoning_effort":"high")", R"("reasoning_effort":"xhigh")",
          R"("reasoning":{"max_tokens":0})", R"("reasoning":{"max_tokens":1})",
          R"("reasoning":{"max_tokens":5000})", R"("reasoning":{"max_tokens":9223372036854775807})",
          R"("reasoning":{"exclude":false})", R"("reasoning":{"effort":"low","max_tokens":100})",
          R"("reasoning":{"effort":"high","exclude":true})"}) {
      SCOPED_TRACE(std::string(model) + " " + std::string(wish));
      Encoded encoded(with(wish, model));
      ASSERT_TRUE(encoded.result());
      const json::Value config = encoded.sent()["generationConfig"]["thinkingConfig"];
      EXPECT_FALSE(config["thinkingBudget"] && config["thinkingLevel"]);
      if (capabilities.thinking == catalog::ThinkingStyle::none) EXPECT_FALSE(config.exists());
      if (const json::Value level = config["thinkingLevel"])
        EXPECT_TRUE(capabilities.accepts_effort(level.string()));
      if (const auto budget = config["thinkingBudget"].integer()) {
        EXPECT_EQ(capabilities.thinking, catalog::ThinkingStyle::gemini_budget);
        EXPECT_LE(*budget, capabilities.max_thinking_budget);
        if (*budget != 0 || !capabilities.thinking_can_be_disabled)
          EXPECT_GE(*budget, capabilities.min_thinking_budget);
      }
    }
  }
}

/// What a client sends twice must be sent on twice the same, or the provider's prompt cache is of no use.
TEST(GeminiBody, IsTheSameForTheSameRequest) {
  for (const std::string& name : golden::cases(requests, "gemini")) {
    const std::string body = golden::read(requests / (name + ".json"));
    EXPECT_EQ(Encoded(body).out().body, Encoded(body).out().body);
  }
}

TEST(GeminiBody, ManyCallsOfOneMessageStayCheap) {
  std::string body =
      R"({"model":"gemini-3-flash","messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[)";
  for (int i = 0; i < 20000; ++i)
    body += std::string(i ? "," : "") + R"({"id":"x)" + std::to_string(i) +
            R"(","type":"function","function":{"name":"a.)" + std::to_string(i) + R"(","arguments":"{}"}})";
  Encoded encoded(body + "]}]}");
  ASSERT_TRUE(encoded.result());
  EXPECT_EQ(encoded.sent()["contents"][1]["parts"].size(), 20000U);
  EXPECT_EQ(encoded.sent()["contents"][2]["parts"].size(), 20000U);
}

TEST(GeminiBody, ManyForeignThoughtsOfOneMessageStayCheap) {
  std::string details, calls;
  for (int i = 0; i < 5000; ++i) {
    const std::string id = "x" + std::to_string(i), comma = i ? "," : "";
    details +=
        comma + R"({"type":"reasoning.encrypted","data":"s","format":"google-gemini-v1","id":")" + id + "\"}";
    calls += comma + R"({"id":")" + id + R"(","type":"function","function":{"name":"f","arguments":"{}"}})";
  }
  Encoded encoded(
      R"({"model":"gemini-3-flash","messages":[{"role":"user","content":"a"},{"role":"assistant",)"
      R"("reasoning_details":[)" +
      details + R"(],"tool_calls":[)" + calls + "]}]}");
  ASSERT_TRUE(encoded.result());
  EXPECT_TRUE(encoded.sent()["contents"][1]["parts"][4999]["thoughtSignature"].equals("s"));
}

}  // namespace
}  // namespace sluice::dialect::gemini
