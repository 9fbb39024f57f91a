#include "catalog/families.hpp"
#include "chat/fold.hpp"
#include "dialect/bedrock/bedrock.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"
#include "json/writer.hpp"
#include "tests/golden.hpp"

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

namespace sluice::dialect::bedrock {
namespace {

const golden::fs::path requests = SLUICE_SOURCE_DIR "/src/dialect/testdata/requests";

/// A client's request, encoded for the model that it names.
class Encoded {
 public:
  explicit Encoded(std::string body) : body_(std::move(body)) { encode(); }

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
  void encode() {
    static const auto families = catalog::built_in_families();
    const auto root = document_.parse(body_);
    ASSERT_TRUE(root) << root.error().message();
    result_ = openai::decode_request(*root, request_);
    ASSERT_TRUE(result_) << result_.error().message();
    const HostProfile host{};
    result_ = encode_request(request_, {request_.model, families->capabilities(request_.model), host}, out_);
  }

  std::string body_;
  json::Document document_, sent_;
  std::pmr::monotonic_buffer_resource arena_;
  chat::Request request_{&arena_};
  Outgoing out_;
  Result<> result_;
};

class BedrockRequest : public testing::TestWithParam<std::string> {};

TEST_P(BedrockRequest, MatchesGolden) {
  Encoded encoded(golden::read(requests / (GetParam() + ".json")));
  ASSERT_TRUE(encoded.result()) << encoded.result().error().message();
  EXPECT_TRUE(golden::matches(requests / (GetParam() + ".bedrock.json"), encoded.out().body));
  EXPECT_TRUE(golden::matches(requests / (GetParam() + ".bedrock.changes.json"), encoded.changes()));
}

INSTANTIATE_TEST_SUITE_P(Golden, BedrockRequest, testing::ValuesIn(golden::cases(requests, "bedrock")),
                         [](const auto& info) { return info.param; });

constexpr std::string_view sonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

std::string asking(std::string_view model, std::string_view members) {
  return R"({"model":")" + std::string(model) + "\"," + std::string(members) + "}";
}

std::string with(std::string_view model, std::string_view members = "") {
  return asking(model, R"("messages":[{"role":"user","content":"a"}])" +
                           std::string(members.empty() ? "" : ",") + std::string(members));
}

// ---- the path -------------------------------------------------------------------------------------------

TEST(BedrockPath, EncodesEverythingInTheModelsId) {
  EXPECT_EQ(Encoded(with(sonnet)).out().path,
            "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse");
  EXPECT_EQ(Encoded(with(sonnet, R"("stream":true)")).out().path,
            "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream");
  EXPECT_EQ(Encoded(with("arn:aws:bedrock:us-east-1:1:inference-profile/us.x")).out().path,
            "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x/converse");
}

// ---- what other gateways got wrong ----------------------------------------------------------------------

const std::string calls = R"({"role":"user","content":"go"},{"role":"assistant","tool_calls":[)"
                          R"({"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},)"
                          R"({"id":"b","type":"function","function":{"name":"f","arguments":"{}"}},)"
                          R"({"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]})";
const std::string results =
    R"({"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":"2"},)"
    R"({"role":"tool","tool_call_id":"c","content":"3"})";

TEST(BedrockMessages, PutThreeToolMessagesIntoOne) {
  Encoded encoded(asking(sonnet, R"("messages":[)" + calls + "," + results + "]"));
  const json::Value messages = encoded.sent()["messages"];
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(messages[2]["content"].size(), 3U);
  EXPECT_TRUE(messages[2]["content"][2]["toolResult"]["toolUseId"].equals("c"));
}

TEST(BedrockTools, OfferAPlaceholderWhereOnlyTheHistoryHasTools) {
  Encoded encoded(asking(sonnet, R"("messages":[)" + calls + "," + results + "]"));
  EXPECT_EQ(encoded.sent()["toolConfig"]["tools"].size(), 1U);
  EXPECT_NE(encoded.changes().find("emulated tools"), std::string::npos);
  EXPECT_FALSE(Encoded(with(sonnet)).sent()["toolConfig"].exists());
}

TEST(BedrockTools, ShortenLongNamesAndRestoreThem) {
  const std::string name = "mcp.server.with.a.very.long.name." + std::string(57, 'x');
  Encoded encoded(with(sonnet, R"("tools":[{"type":"function","function":{"name":")" + name + R"("}}])"));
  const std::string sent = encoded.sent()["toolConfig"]["tools"][std::size_t{0}]["toolSpec"]["name"].string();
  EXPECT_LE(sent.size(), 64U);
  EXPECT_EQ(sent.find_first_of(". /"), std::string::npos);
  chat::Fold fold;
  const AnswerContext context{.renamed_tools = encoded.out().renamed_tools};
  ASSERT_TRUE(decode_response(R"({"output":{"message":{"content":[{"toolUse":{"toolUseId":"t","name":")" +
                                  sent + R"(","input":{}}}]}},"stopReason":"tool_use"})",
                              context, fold));
  EXPECT_EQ(fold.response().choices.at(0).tool_calls.at(0).name_escaped, name);
}

TEST(BedrockTools, PutCachePointsBesideThem) {
  Encoded encoded(
      with(sonnet,
           R"("tools":[{"type":"function","function":{"name":"f"},"cache_control":{"type":"ephemeral"}}])"));
  const json::Value tools = encoded.sent()["toolConfig"]["tools"];
  ASSERT_EQ(tools.size(), 2U);
  EXPECT_EQ(tools[1].raw(), R"({"cachePoint":{"type":"default"}})");
}

TEST(BedrockMessages, LeaveOutWhatIsOnlyWhiteSpace) {
  Encoded encoded(asking(sonnet,
                         R"("messages":[{"role":"user","content":"a"},{"role":"assistant","content":" \n"},)"
                         R"({"role":"user","content":"b"}])"));
  ASSERT_EQ(encoded.sent()["messages"].size(), 1U);
  EXPECT_EQ(encoded.sent()["messages"][std::size_t{0}]["content"].size(), 2U);
}

TEST(BedrockMessages, GiveMistralNineLettersOrDigitsOnCallAndResult) {
  Encoded encoded(asking(
      "mistral.mistral-large-2407-v1:0",
      R"("tools":[{"type":"function","function":{"name":"f"}}],"messages":[)" + calls + "," + results + "]"));
  const json::Value messages = encoded.sent()["messages"];
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string id = messages[1]["content"][i]["toolUse"]["toolUseId"].string();
    EXPECT_EQ(id.size(), 9U);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
              std::string::npos);
    EXPECT_TRUE(messages[2]["content"][i]["toolResult"]["toolUseId"].equals(id));
  }
}

TEST(BedrockModels, DoNotGetSchemasThatTheirValidationRefuses) {
  const std::string asked =
      R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"a":{"type":"string","maxLength":9}}}}},)"
      R"("tools":[{"type":"function","function":{"name":"f","strict":true}}])";
  Encoded refused(with("global.anthropic.claude-opus-4-7", asked)), taken(with(sonnet, asked));
  EXPECT_FALSE(refused.sent()["outputConfig"].exists());
  EXPECT_FALSE(refused.sent()["toolConfig"]["tools"][std::size_t{0}]["toolSpec"]["strict"].exists());
  EXPECT_TRUE(refused.sent()["system"].exists());
  EXPECT_TRUE(taken.sent()["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"].equals(
      R"({"type":"object","properties":{"a":{"type":"string","maxLength":9}},"additionalProperties":false})"));
  EXPECT_TRUE(taken.sent()["toolConfig"]["tools"][std::size_t{0}]["toolSpec"]["strict"].exists());
}

TEST(BedrockModels, TakeTopKAtDifferentPlaces) {
  const auto fields = [](std::string_view model) {
    return std::string(Encoded(with(model, R"("top_k":5)")).sent()["additionalModelRequestFields"].raw());
  };
  EXPECT_EQ(fields(sonnet), R"({"top_k":5})");
  EXPECT_EQ(fields("amazon.nova-lite-v1:0"), R"({"inferenceConfig":{"topK":5}})");
  EXPECT_EQ(fields("meta.llama3-70b-instruct-v1:0"), "");
  EXPECT_NE(Encoded(with("meta.llama3-70b-instruct-v1:0", R"("top_k":5)")).changes().find("dropped top_k"),
            std::string::npos);
}

const std::string document =
    R"({"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0xLjQK"}})";

TEST(BedrockMessages, KeepDocumentsApartFromToolResults) {
  const auto messages_for = [&](std::string_view model) {
    Encoded encoded(asking(model, R"("tools":[{"type":"function","function":{"name":"f"}}],"messages":[)" +
                                      calls + "," + results + R"(,{"role":"user","content":[)" + document +
                                      R"(,{"type":"text","text":"Read."}]}])"));
    EXPECT_TRUE(encoded.result());
    std::string roles;
    for (json::Value message : encoded.sent()["messages"].elements()) roles += message["role"].string()[0];
    return roles;
  };
  EXPECT_EQ(messages_for(sonnet), "uauau");
  EXPECT_EQ(messages_for("amazon.nova-lite-v1:0"), "uau");
}

TEST(BedrockMessages, AlwaysHaveTextBesideADocumentAndNamesOfTheirOwn) {
  Encoded encoded(
      asking(sonnet, R"("messages":[{"role":"user","content":[)" + document + "," + document + "]}]"));
  const json::Value content = encoded.sent()["messages"][std::size_t{0}]["content"];
  ASSERT_EQ(content.size(), 3U);
  EXPECT_TRUE(content[std::size_t{0}]["document"]["name"].equals("a"));
  EXPECT_TRUE(content[1]["document"]["name"].equals("a-2"));
  EXPECT_FALSE(content[2]["text"].text().empty());
}

/// Digits of arguments, and the bytes of what is signed, as the client sent them.
TEST(BedrockMessages, SendBackWhatTheModelSaid) {
  Encoded encoded(asking(
      sonnet,
      R"("tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":"a"},)"
      R"({"role":"assistant","content":null,"reasoning_details":[)"
      R"({"type":"reasoning.text","text":"T\u00fc\n","signature":"c2ln","format":"anthropic-claude-v1","index":0},)"
      R"({"type":"reasoning.encrypted","data":"RXU4RUNr","format":"anthropic-claude-v1","index":1},)"
      R"({"type":"reasoning.encrypted","data":"AAEC","format":"aws-bedrock-v1","index":2},)"
      R"({"type":"reasoning.encrypted","data":"Zm9v","format":"google-gemini-v1","index":3}],)"
      R"("tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"id\":9007199254740993}"}}]},)"
      R"({"role":"tool","tool_call_id":"a","content":"1"}])"));
  const json::Value content = encoded.sent()["messages"][1]["content"];
  ASSERT_EQ(content.size(), 4U);
  EXPECT_EQ(content[std::size_t{0}].raw(),
            R"({"reasoningContent":{"reasoningText":{"text":"T\u00fc\n","signature":"c2ln"}}})");
  EXPECT_EQ(content[1].raw(), R"({"reasoningContent":{"redactedContent":"UlhVNFJVTnI="}})");
  EXPECT_EQ(content[2].raw(), R"({"reasoningContent":{"redactedContent":"AAEC"}})");
  EXPECT_EQ(content[3]["toolUse"]["input"].raw(), R"({"id":9007199254740993})");
  EXPECT_NE(encoded.changes().find("reasoning_details"), std::string::npos);
}

TEST(BedrockMessages, ManyDocumentsOfOneNameAndMarkersStayCheap) {
  std::string body =
      R"({"model":"us.anthropic.claude-sonnet-4-5-20250929-v1:0","messages":[{"role":"user","content":[)";
  for (int i = 0; i < 20000; ++i)
    body +=
        std::string(i ? "," : "") +
        R"({"type":"file","cache_control":{"type":"ephemeral"},"file":{"filename":"a","file_data":"data:text/plain;base64,YQ=="}})";
  Encoded encoded(body + "]}]}");
  ASSERT_TRUE(encoded.result());
  EXPECT_EQ(encoded.sent()["messages"][std::size_t{0}]["content"].size(), 20000U + 1 + 4);
}

struct Refusal {
  std::string_view title, model, members, param, says;
};

constexpr Refusal refusals[] = {
    {"Prefill", "us.anthropic.claude-opus-4-6-v1",
     R"("messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}])", "messages[1]",
     "must end with a user's or a tool's"},
    {"SeveralChoices", sonnet, R"("n":2,"messages":[{"role":"user","content":"a"}])", "n", "one answer"},
    {"AudioIn", sonnet,
     R"("messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}]}])",
     "messages[0].content[0]", "audio"},
    {"ImageByAddress", sonnet,
     R"("messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}])",
     "messages[0].content[0]", "send them as data"},
    {"FileById", sonnet,
     R"("messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}])",
     "messages[0].content[0]", "send `file_data`"},
    {"FileOfAnotherType", sonnet,
     R"("messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/zip;base64,UEsDBA=="}}]}])",
     "messages[0].content[0]", "application/zip"},
    {"ImageForATextModel", "amazon.nova-micro-v1:0",
     R"("messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}])",
     "messages[0].content[0]", "images"},
    {"CustomTool", sonnet,
     R"("tools":[{"type":"custom","custom":{"name":"sql"}}],"messages":[{"role":"user","content":"a"}])",
     "tools[0].type", "`function`"},
};

TEST(BedrockRefusals, NameTheMember) {
  for (const Refusal& refusal : refusals) {
    SCOPED_TRACE(refusal.title);
    const Encoded encoded(asking(refusal.model, refusal.members));
    ASSERT_FALSE(encoded.result());
    const Error& error = encoded.result().error();
    EXPECT_EQ(error.code(), ErrorCode::unsupported_parameter);
    EXPECT_EQ(error.param(), refusal.param);
    EXPECT_NE(error.message().find(refusal.says), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace sluice::dialect::bedrock
