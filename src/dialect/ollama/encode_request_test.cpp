#include "catalog/families.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/ollama/ollama.hpp"
#include "dialect/openai/openai.hpp"
#include "json/writer.hpp"
#include "tests/golden.hpp"

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

namespace sluice::dialect::ollama {
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

class OllamaRequest : public testing::TestWithParam<std::string> {};

TEST_P(OllamaRequest, MatchesGolden) {
  Encoded encoded(golden::read(requests / (GetParam() + ".json")));
  ASSERT_TRUE(encoded.result()) << encoded.result().error().message();
  EXPECT_TRUE(golden::matches(requests / (GetParam() + ".ollama.json"), encoded.out().body));
  EXPECT_TRUE(golden::matches(requests / (GetParam() + ".ollama.changes.json"), encoded.changes()));
  EXPECT_EQ(encoded.out().path, "/api/chat");
}

INSTANTIATE_TEST_SUITE_P(Golden, OllamaRequest, testing::ValuesIn(golden::cases(requests, "ollama")),
                         [](const auto& info) { return info.param; });

std::string with(std::string_view model, std::string_view members) {
  return R"({"model":")" + std::string(model) + R"(","messages":[{"role":"user","content":"a"}])" +
         (members.empty() ? "" : ",") + std::string(members) + "}";
}

struct Thinking {
  std::string_view model, asked, sent;
};

/// Models that always think take a level, others yes or no, and some cannot.
TEST(OllamaThinking, IsAskedForAsTheModelTakesIt) {
  constexpr Thinking cases[] = {
      {"qwen3:4b", "", ""},
      {"qwen3:4b", R"("reasoning_effort":"low")", "true"},
      {"qwen3:4b", R"("reasoning_effort":"none")", "false"},
      {"qwen3:4b", R"("reasoning":{"max_tokens":100})", "true"},
      {"gpt-oss:20b", R"("reasoning_effort":"minimal")", "\"low\""},
      {"gpt-oss:20b", R"("reasoning_effort":"high")", "\"high\""},
      {"gpt-oss:20b", R"("reasoning_effort":"none")", "\"low\""},
      {"gpt-4o", R"("reasoning_effort":"high")", ""},
      {"qwen3:4b", R"("reasoning_effort":"low","think":false)", "false"},
  };
  for (const Thinking& c : cases) {
    Encoded encoded(with(c.model, c.asked));
    ASSERT_TRUE(encoded.result());
    EXPECT_EQ(encoded.sent()["think"].raw(), c.sent) << c.model << " " << c.asked;
  }
}

TEST(OllamaStream, IsSaidEitherWay) {
  EXPECT_EQ(Encoded(with("m", "")).sent()["stream"].boolean(), false);
  EXPECT_EQ(Encoded(with("m", R"("stream":true)")).sent()["stream"].boolean(), true);
}

struct Refusal {
  std::string_view content, param, says;
};

TEST(OllamaRefusal, NamesTheMember) {
  constexpr Refusal refusals[] = {
      {R"({"type":"image_url","image_url":{"url":"https://example.com/a.png"}})", "messages[0].content[0]",
       "send them as data: URLs"},
      {R"({"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}})", "messages[0].content[0]",
       "audio"},
      {R"({"type":"file","file":{"file_data":"data:application/pdf;base64,JVBERi0xLjQK"}})",
       "messages[0].content[0]", "only images and text"},
  };
  for (const Refusal& refusal : refusals) {
    const Encoded encoded(R"({"model":"m","messages":[{"role":"user","content":[)" +
                          std::string(refusal.content) + "]}]}");
    ASSERT_FALSE(encoded.result());
    EXPECT_EQ(encoded.result().error().code(), ErrorCode::unsupported_parameter);
    EXPECT_EQ(encoded.result().error().param(), refusal.param);
    EXPECT_NE(encoded.result().error().message().find(refusal.says), std::string::npos)
        << encoded.result().error().message();
  }
  EXPECT_EQ(Encoded(with("m", R"("n":2)")).result().error().param(), "n");
  EXPECT_EQ(
      Encoded(with("m", R"("tools":[{"type":"custom","custom":{"name":"sql"}}])")).result().error().param(),
      "tools[0].type");
}

TEST(OllamaAuthorize, SendsAKeyOnlyWhereThereIsOne) {
  Outgoing without, with_key;
  authorize({}, {}, without);
  EXPECT_TRUE(without.headers.empty());
  authorize({.api_key = Secret("k")}, {}, with_key);
  ASSERT_EQ(with_key.headers.size(), 1U);
  EXPECT_EQ(with_key.headers[0].value, "Bearer k");
}

}  // namespace
}  // namespace sluice::dialect::ollama
