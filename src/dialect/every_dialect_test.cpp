// What every dialect does with the same request: rules of which no provider is an exception.

#include "catalog/families.hpp"
#include "dialect/dialect.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory_resource>
#include <string>

namespace sluice::dialect {
namespace {

struct Api {
  std::string_view api, model;
};

/// One model for every dialect that there is, one that takes as much as possible.
constexpr std::array apis{
    Api{"openai.chat", "gpt-4o"},
    Api{"openai.responses", "gpt-4o"},
    Api{"anthropic.messages", "claude-sonnet-4-5"},
    Api{"gemini", "gemini-2.5-flash"},
    Api{"bedrock.converse", "anthropic.claude-sonnet-4-5-20250929-v1:0"},
    Api{"ollama", "qwen3"},
};

const catalog::Families& families() {
  static const auto loaded = catalog::built_in_families();
  return *loaded;
}

/// A request with these members, as the dialect sends it.
class Sent {
 public:
  Sent(const Api& api, std::string_view members)
      : body_(R"({"model":")" + std::string(api.model) + R"(",)" + std::string(members) + "}") {
    const auto root = document_.parse(body_);
    EXPECT_TRUE(root && openai::decode_request(*root, request_)) << body_;
    const HostProfile host{};
    const auto sent = find(api.api)->encode_request(
        request_, {request_.model, families().capabilities(request_.model), host}, out_);
    EXPECT_TRUE(sent) << sent.error().message();
    if (out_.pieces.empty()) text_ = out_.body;
    for (std::string_view piece : out_.pieces) text_ += piece;
    EXPECT_TRUE(sent_.parse(text_)) << text_;
  }

  bool holds(std::string_view part) const { return text_.find(part) != std::string::npos; }
  const std::string& text() const { return text_; }
  json::Value root() const { return sent_.root(); }
  const Outgoing& out() const { return out_; }

 private:
  std::string body_, text_;
  json::Document document_, sent_;
  std::pmr::monotonic_buffer_resource arena_;
  chat::Request request_{&arena_};
  Outgoing out_;
};

/// The value of `key` wherever it stands first; texts that are JSON (Bedrock's schemas) are not looked into.
json::Value find_member(json::Value value, std::string_view key) {
  for (json::Value element : value.elements())
    if (const json::Value found = find_member(element, key); found.exists()) return found;
  for (const json::Member& member : value.members()) {
    if (member.key.equals(key)) return member.value;
    if (const json::Value found = find_member(member.value, key); found.exists()) return found;
  }
  return {};
}

class EveryDialect : public testing::TestWithParam<Api> {};

TEST(EveryDialectThereIs, IsTested) {
  for (const Dialect& dialect : all())
    EXPECT_TRUE(std::ranges::any_of(apis, [&](const Api& a) { return a.api == dialect.api; })) << dialect.api;
}

TEST_P(EveryDialect, AnEmptyListOfToolsLeavesNoToolsAndNoChoice) {
  const Sent sent(GetParam(), R"("tools":[],"tool_choice":"auto","parallel_tool_calls":true,)"
                              R"("messages":[{"role":"user","content":"hi"}])");
  EXPECT_FALSE(sent.holds("ool")) << sent.text();
}

TEST_P(EveryDialect, PropertiesNamedLikeKeywordsSurvive) {
  const Sent sent(GetParam(), R"("messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function",)"
                              R"("function":{"name":"f","strict":true,"parameters":{"type":"object",)"
                              R"("properties":{"title":{"type":"string"},"$ref":{"type":"string"},)"
                              R"("format":{"type":"integer"},"items":{"type":"string"},)"
                              R"("$defs":{"type":"string"},"not":{"type":"string"}},)"
                              R"("required":["title","$ref","format","items","$defs","not"],)"
                              R"("additionalProperties":false}}}])");
  const json::Value properties = find_member(sent.root(), "properties");
  EXPECT_EQ(properties.size(), 6U) << sent.text();
  for (std::string_view name : {"title", "$ref", "items", "$defs", "not"})
    EXPECT_TRUE(properties[name]["type"].equals("string")) << name << " in " << sent.text();
  EXPECT_TRUE(properties["format"]["type"].equals("integer")) << sent.text();
}

TEST_P(EveryDialect, DefinitionsOfASchemaSurvive) {
  const Sent sent(GetParam(),
                  R"("messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{)"
                  R"("name":"f","parameters":{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},)"
                  R"("$defs":{"A":{"type":"string","enum":["here"]}}}}}])");
  EXPECT_TRUE(find_member(sent.root(), "$defs")["A"]["enum"].exists()) << sent.text();
}

constexpr std::string_view tools_a_b =
    R"("tools":[{"type":"function","function":{"name":"alpha","parameters":{"type":"object","properties":{}}}},)"
    R"({"type":"function","function":{"name":"beta","parameters":{"type":"object","properties":{}}}}],)";

std::string calls_then(std::string_view results) {
  return std::string(tools_a_b) +
         R"("messages":[{"role":"user","content":"hi"},{"role":"assistant","tool_calls":[)"
         R"({"id":"call_a","type":"function","function":{"name":"alpha","arguments":"{\"id\":9007199254740993}"}},)"
         R"({"id":"call_b","type":"function","function":{"name":"beta","arguments":""}}]},)" +
         std::string(results) + "]";
}

constexpr std::string_view result_a = R"({"role":"tool","tool_call_id":"call_a","content":"first result"})",
                           result_b = R"({"role":"tool","tool_call_id":"call_b","content":"second result"})";

TEST_P(EveryDialect, DigitsOfArgumentsAreNotRounded) {
  const Sent sent(GetParam(), calls_then(std::string(result_a) + "," + std::string(result_b)));
  EXPECT_TRUE(sent.holds("9007199254740993")) << sent.text();
}

TEST_P(EveryDialect, ResultsStandInTheOrderOfTheirCalls) {
  const Sent sent(GetParam(), calls_then(std::string(result_b) + "," + std::string(result_a)));
  const std::size_t first = sent.text().find("first result"), second = sent.text().find("second result");
  // OpenAI goes by the ids alone, and gets what the client wrote.
  EXPECT_EQ(first < second, GetParam().api != "openai.chat") << sent.text();
}

TEST_P(EveryDialect, AResultThatAnswersNoCallIsNotSent) {
  const Sent sent(GetParam(),
                  calls_then(std::string(result_a) + "," + std::string(result_b) +
                             R"(,{"role":"tool","tool_call_id":"call_z","content":"an orphan"})"));
  EXPECT_FALSE(sent.holds("an orphan")) << sent.text();
  EXPECT_FALSE(sent.out().changes.empty());
}

TEST_P(EveryDialect, OfTwoResultsOfOneCallTheLastIsSent) {
  const Sent sent(GetParam(),
                  calls_then(R"({"role":"tool","tool_call_id":"call_a","content":"an old one"},)" +
                             std::string(result_b) + "," + std::string(result_a)));
  EXPECT_FALSE(sent.holds("an old one")) << sent.text();
  EXPECT_TRUE(sent.holds("first result")) << sent.text();
}

TEST_P(EveryDialect, LongNamesOfToolsFitAndAreRestored) {
  const std::string name = "mcp.server." + std::string(80, 'x');
  const Sent sent(GetParam(), R"("messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function",)"
                              R"("function":{"name":")" +
                                  name + R"(","parameters":{"type":"object","properties":{}}}}])");
  if (!sent.holds(name))
    for (const std::string_view key : {"tools", "toolConfig"}) {
      const std::string given = find_member(sent.root()[key], "name").string();
      if (given.empty()) continue;
      EXPECT_LE(given.size(), 64U);
      EXPECT_EQ(given.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"),
                std::string::npos)
          << given;
      EXPECT_TRUE(sent.out().renamed_tools.restore(json::Text(given)).equals(name));
    }
  else
    EXPECT_EQ(GetParam().api, "ollama") << "the others have limits";
}

INSTANTIATE_TEST_SUITE_P(Apis, EveryDialect, testing::ValuesIn(apis), [](const auto& api) {
  std::string name(api.param.api);
  std::ranges::replace(name, '.', '_');
  return name;
});

}  // namespace
}  // namespace sluice::dialect
