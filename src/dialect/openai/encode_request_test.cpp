#include "catalog/families.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory_resource>
#include <set>
#include <string>

namespace sluice::dialect::openai {
namespace {

const catalog::Families& families() {
  static const auto loaded = catalog::built_in_families();
  return *loaded;
}

const HostProfile& host(std::string_view name) {
  const HostProfile* row = profile_named(name);
  EXPECT_TRUE(row) << name;
  return row ? *row : host_profiles().back();
}

/// A client's request as it goes to a host, for the model that it names.
class Encoded {
 public:
  explicit Encoded(std::string body, std::string_view host_name = "openai") : body_(std::move(body)) {
    const auto root = document_.parse(body_);
    EXPECT_TRUE(root) << root.error().message() << "\n" << body_;
    result_ = decode_request(*root, request_);
    EXPECT_TRUE(result_) << result_.error().message();
    const Target target{request_.model, families().capabilities(request_.model), host(host_name)};
    result_ = encode_request(request_, target, out_);
    for (std::string_view piece : out_.pieces) text_ += piece;
    if (!result_) return;
    const auto sent = sent_.parse(text_);
    EXPECT_TRUE(sent) << sent.error().message() << "\n" << text_;
    expect_each_member_once(*sent);
  }

  const std::string& text() const { return text_; }
  json::Value operator[](std::string_view name) const { return sent_.root()[name]; }
  json::Value message(std::size_t at) const { return (*this)["messages"][at]; }
  bool has(std::string_view name) const { return (*this)[name].exists(); }
  const Outgoing& out() const { return out_; }
  const Result<>& result() const { return result_; }
  std::string_view body() const { return body_; }
  /// `kind param`, one a line.
  std::string changes() const {
    std::string list;
    for (const chat::Change& change : out_.changes.list())
      list.append(list.empty() ? "" : "\n").append(chat::name(change.kind)).append(" ").append(change.param);
    return list;
  }

 private:
  static void expect_each_member_once(json::Value value) {
    std::set<std::string> names;
    for (const json::Member& member : value.members()) {
      EXPECT_TRUE(names.insert(member.key.decode()).second) << member.key.escaped() << " is there twice";
      expect_each_member_once(member.value);
    }
    for (json::Value element : value.elements()) expect_each_member_once(element);
  }

  std::string body_;
  json::Document document_, sent_;
  std::pmr::monotonic_buffer_resource arena_;
  chat::Request request_{&arena_};
  Outgoing out_;
  Result<> result_;
  std::string text_;
};

/// A body with a model, one question, and more members.
std::string asking(std::string_view model, std::string_view members = "") {
  std::string body =
      R"({"model":")" + std::string(model) + R"(","messages":[{"role":"user","content":"Hi"}])";
  if (!members.empty()) body.append(",").append(members);
  return body + "}";
}

std::string with_messages(std::string_view model, std::string_view messages) {
  return R"({"model":")" + std::string(model) + R"(","messages":[)" + std::string(messages) + "]}";
}

constexpr std::string_view tool =
    R"("tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}])";

// ---- what passes ------------------------------------------------------------------------------------

TEST(EncodeChat, ChangesOnlyTheModelAndViewsTheRest) {
  const std::string filler(100000, 'x');
  const Encoded e(R"({ "messages" : [{"role":"user", "content":")" + filler +
                  R"("}], "model":"gpt-4o", "seed" : 1234567890123, "new_member":{"a":[1.50]} })");
  EXPECT_EQ(e.text(), e.body());
  EXPECT_EQ(e.changes(), "");
  std::size_t viewed = 0;
  const std::less_equal<> before;
  for (std::string_view piece : e.out().pieces)
    if (before(e.body().data(), piece.data()) &&
        before(piece.data() + piece.size(), e.body().data() + e.body().size()))
      viewed += piece.size();
  EXPECT_GT(viewed, filler.size());
  EXPECT_EQ(e.out().path, "/chat/completions");
}

TEST(EncodeChat, SendsTheModelsOwnName) {
  const Encoded e(asking("gpt-4o"));
  EXPECT_TRUE(e["model"].equals("gpt-4o"));
}

TEST(EncodeChat, StaysValidWhenItIsMoved) {
  std::string joined;
  {
    Encoded e(asking("gpt-4o", R"("stream":true)"));
    const Outgoing moved = std::move(const_cast<Outgoing&>(e.out()));
    for (std::string_view piece : moved.pieces) joined += piece;
    EXPECT_EQ(joined, e.text());
  }
}

// ---- streams and members for the gateway ------------------------------------------------------------

TEST(EncodeChat, AlwaysAsksForUsageOfAStream) {
  EXPECT_EQ(Encoded(asking("gpt-4o", R"("stream":true)"))["stream_options"].raw(),
            R"({"include_usage":true})");
  EXPECT_EQ(Encoded(asking("gpt-4o", R"("stream":true,"stream_options":null)"))["stream_options"].raw(),
            R"({"include_usage":true})");
  EXPECT_EQ(Encoded(asking("gpt-4o", R"("stream":true,"stream_options":{})"))["stream_options"].raw(),
            R"({"include_usage":true})");
  EXPECT_EQ(
      Encoded(asking("gpt-4o",
                     R"("stream":true,"stream_options":{"include_usage":false,"x":1})"))["stream_options"]
          .raw(),
      R"({"include_usage":true,"x":1})");
  EXPECT_EQ(Encoded(asking("gpt-4o", R"("stream":true,"stream_options":{"x":1})"))["stream_options"].raw(),
            R"({"include_usage":true,"x":1})");
  EXPECT_FALSE(Encoded(asking("gpt-4o")).has("stream_options"));
  const Encoded mistral(asking("mistral-small", R"("stream":true,"stream_options":{"include_usage":true})"),
                        "mistral");
  EXPECT_FALSE(mistral.has("stream_options"));
  EXPECT_EQ(mistral.changes(), "");
}

TEST(EncodeChat, KeepsTheGatewaysOwnMembersToItself) {
  const Encoded e(asking("gpt-4o",
                         R"("fallbacks":[{"model":"x"}],"fallback_config":{},"post_processing_steps":[],)"
                         R"("model_region":"eu","transcript_id":"t","unsupported_params":"drop")"));
  for (std::string_view name : {"fallbacks", "fallback_config", "post_processing_steps", "model_region",
                                "transcript_id", "unsupported_params"})
    EXPECT_FALSE(e.has(name)) << name;
  EXPECT_EQ(e.changes(), "");
}

TEST(EncodeChat, MakesAMessageOfAPrompt) {
  const Encoded e(R"({"model":"gpt-4o","prompt":"Say \"hi\""})");
  EXPECT_FALSE(e.has("prompt"));
  EXPECT_EQ(e["messages"].raw(), R"([{"role":"user","content":"Say \"hi\""}])");
}

// ---- limits and sampling ----------------------------------------------------------------------------

TEST(EncodeChat, TakesSamplingFromModelsWhileTheyReason) {
  const Encoded e(asking(
      "gpt-5", R"("temperature":0.5,"top_p":0.9,"presence_penalty":1,"logprobs":true,"max_tokens":50)"));
  EXPECT_FALSE(e.has("temperature"));
  EXPECT_FALSE(e.has("top_p"));
  EXPECT_FALSE(e.has("presence_penalty"));
  EXPECT_FALSE(e.has("logprobs"));
  EXPECT_FALSE(e.has("max_tokens"));
  EXPECT_EQ(e["max_completion_tokens"].integer(), 50);
  EXPECT_EQ(e.changes(), "dropped temperature\ndropped top_p\ndropped presence_penalty\ndropped logprobs");
}

TEST(EncodeChat, LeavesSamplingWhereTheModelDoesNotReason) {
  const Encoded quiet(asking("gpt-5.2", R"("temperature":0.5)"));
  EXPECT_EQ(quiet["temperature"].raw(), "0.5");
  EXPECT_EQ(quiet.changes(), "");
  const Encoded told(asking("gpt-5.2", R"("temperature":0.5,"reasoning_effort":"none")"));
  EXPECT_TRUE(told.has("temperature"));
  const Encoded thinking(asking("gpt-5.2", R"("temperature":0.5,"reasoning_effort":"low")"));
  EXPECT_FALSE(thinking.has("temperature"));
  const Encoded off(asking("gpt-5.5", R"("temperature":0.5,"reasoning_effort":"none")"));
  EXPECT_TRUE(off.has("temperature"));
}

TEST(EncodeChat, SendsOneTokenLimitUnderTheNameThatIsKnown) {
  const Encoded both(asking("gpt-4o", R"("max_tokens":50,"max_completion_tokens":80)"));
  EXPECT_EQ(both["max_completion_tokens"].integer(), 80);
  EXPECT_FALSE(both.has("max_tokens"));
  const Encoded old(asking("deepseek-chat", R"("max_completion_tokens":80)"), "deepseek");
  EXPECT_EQ(old["max_tokens"].integer(), 80);
  EXPECT_FALSE(old.has("max_completion_tokens"));
  const Encoded plain(asking("gpt-4o", R"("max_tokens":50)"));
  EXPECT_EQ(plain["max_tokens"].integer(), 50);
  EXPECT_EQ(both.changes() + old.changes() + plain.changes(), "");
  const Encoded most(asking("gpt-4o", R"("max_tokens":999999)"));
  EXPECT_EQ(most["max_tokens"].integer(), 16384);
  EXPECT_EQ(most.changes(), "clamped max_tokens");
}

TEST(EncodeChat, DropsWhatModelsAndHostsRefuse) {
  EXPECT_EQ(Encoded(asking("o3", R"("stop":["x"])")).changes(), "dropped stop");
  EXPECT_EQ(Encoded(asking("gpt-4o", R"("top_k":5,"thinking":{"type":"enabled"})")).changes(),
            "dropped top_k\ndropped thinking");
  EXPECT_EQ(Encoded(asking("gpt-4o-search-preview", R"("temperature":1)")).changes(), "dropped temperature");
  EXPECT_EQ(
      Encoded(asking("llama-3.3-70b", R"("logprobs":true,"n":1,"logit_bias":{"1":2})"), "groq").changes(),
      "dropped logprobs\ndropped logit_bias");
  const Encoded kimi(asking("kimi-k2", R"("temperature":1.5)"), "moonshot");
  EXPECT_EQ(kimi["temperature"].number(), 1.0);
  EXPECT_EQ(kimi.changes(), "clamped temperature");
}

TEST(EncodeChat, RefusesSeveralAnswersWhereThereIsOne) {
  const Encoded e(asking("llama-3.3-70b", R"("n":2)"), "groq");
  ASSERT_FALSE(e.result());
  EXPECT_EQ(e.result().error().code(), ErrorCode::unsupported_parameter);
  EXPECT_EQ(e.result().error().param(), "n");
  EXPECT_TRUE(Encoded(asking("gpt-4o", R"("n":2)")).result());
}

TEST(EncodeChat, CountsLogprobsWhereTheHostDoes) {
  const Encoded e(asking("meta-llama/x", R"("logprobs":true,"top_logprobs":3)"), "together");
  EXPECT_EQ(e["logprobs"].integer(), 3);
  EXPECT_FALSE(e.has("top_logprobs"));
}

// ---- reasoning --------------------------------------------------------------------------------------

TEST(EncodeChat, SendsTheNearestEffortThatTheModelTakes) {
  const Encoded up(asking("gpt-5.1", R"("reasoning_effort":"minimal")"));
  EXPECT_TRUE(up["reasoning_effort"].equals("low"));
  EXPECT_EQ(up.changes(), "mapped reasoning_effort");
  const Encoded down(asking("gpt-5", R"("reasoning_effort":"xhigh")"));
  EXPECT_TRUE(down["reasoning_effort"].equals("high"));
  const Encoded off(asking("gpt-5", R"("reasoning_effort":"none")"));
  EXPECT_TRUE(off["reasoning_effort"].equals("minimal"));
  const Encoded never(asking("gpt-4o", R"("reasoning_effort":"none")"));
  EXPECT_FALSE(never.has("reasoning_effort"));
  EXPECT_EQ(never.changes(), "");
  const Encoded cannot(asking("gpt-4o", R"("reasoning_effort":"high")"));
  EXPECT_FALSE(cannot.has("reasoning_effort"));
  EXPECT_EQ(cannot.changes(), "dropped reasoning_effort");
}

TEST(EncodeChat, NeverTurnsAnEffortIntoNone) {
  const Encoded qwen(asking("qwen/qwen3-32b", R"("reasoning_effort":"low")"), "groq");
  EXPECT_FALSE(qwen.has("reasoning_effort"));
  EXPECT_EQ(qwen.changes(), "dropped reasoning_effort");
  const Encoded off(asking("qwen/qwen3-32b", R"("reasoning_effort":"none")"), "groq");
  EXPECT_TRUE(off["reasoning_effort"].equals("none"));
}

TEST(EncodeChat, SaysThatAModelCannotBeToldNotToThink) {
  const Encoded grok(asking("grok-4", R"("reasoning_effort":"none")"), "xai");
  EXPECT_FALSE(grok.has("reasoning_effort"));
  EXPECT_EQ(grok.changes(), "dropped reasoning_effort");
}

TEST(EncodeChat, LeavesEffortsToHostsThatTranslateThem) {
  const Encoded claude(asking("anthropic/claude-sonnet-4.5", R"("reasoning_effort":"high")"), "openrouter");
  EXPECT_TRUE(claude["reasoning_effort"].equals("high"));
  EXPECT_EQ(claude.changes(), "");
  const Encoded gemini(asking("gemini-2.5-flash", R"("reasoning_effort":"none")"), "google");
  EXPECT_TRUE(gemini["reasoning_effort"].equals("none"));
}

TEST(EncodeChat, AsksForReasoningInTheHostsWay) {
  const Encoded openai(asking("gpt-5", R"("reasoning":{"effort":"low"})"));
  EXPECT_TRUE(openai["reasoning_effort"].equals("low"));
  EXPECT_FALSE(openai.has("reasoning"));
  EXPECT_EQ(openai.changes(), "");
  const Encoded budget(asking("gpt-5", R"("reasoning":{"max_tokens":9000})"));
  EXPECT_TRUE(budget["reasoning_effort"].equals("medium"));
  EXPECT_EQ(budget.changes(), "mapped reasoning.max_tokens");
  const Encoded router(asking("openai/gpt-5", R"("reasoning":{"effort":"low","exclude":true})"),
                       "openrouter");
  EXPECT_EQ(router["reasoning"].raw(), R"({"effort":"low","exclude":true})");
  const Encoded kimi(asking("kimi-k2.5", R"("reasoning_effort":"none")"), "moonshot");
  EXPECT_EQ(kimi["thinking"].raw(), R"({"type":"disabled"})");
  EXPECT_FALSE(kimi.has("reasoning_effort"));
  const Encoded deepseek(asking("deepseek-chat", R"("reasoning_effort":"high")"), "deepseek");
  EXPECT_EQ(deepseek["thinking"].raw(), R"({"type":"enabled"})");
  EXPECT_TRUE(deepseek["reasoning_effort"].equals("high"));
  const Encoded qwen(asking("qwen3-32b", R"("reasoning":{"max_tokens":500})"), "dashscope");
  EXPECT_EQ(qwen["enable_thinking"].raw(), "true");
  EXPECT_EQ(qwen["thinking_budget"].raw(), "500");
  const Encoded own(asking("kimi-k2.5", R"("reasoning_effort":"high","thinking":{"type":"disabled"})"),
                    "moonshot");
  EXPECT_EQ(own["thinking"].raw(), R"({"type":"disabled"})");
}

// ---- tools ------------------------------------------------------------------------------------------

TEST(EncodeChat, SendsNoChoiceWithoutTools) {
  const Encoded e(asking("gpt-4o", R"("tools":[],"tool_choice":"auto","parallel_tool_calls":true)"));
  EXPECT_FALSE(e.has("tools") || e.has("tool_choice") || e.has("parallel_tool_calls"));
  const Encoded alone(asking("gpt-4o", R"("parallel_tool_calls":false)"));
  EXPECT_FALSE(alone.has("parallel_tool_calls"));
}

TEST(EncodeChat, WritesTheChoiceInTheHostsWords) {
  const std::string required = std::string(tool) + R"(,"tool_choice":"required")";
  EXPECT_TRUE(Encoded(asking("mistral-large", required), "mistral")["tool_choice"].equals("any"));
  EXPECT_EQ(Encoded(asking("mistral-large", required), "mistral").changes(), "");
  EXPECT_TRUE(Encoded(asking("gpt-4o", required))["tool_choice"].equals("required"));
  const Encoded kimi(asking("moonshotai/kimi-k2", required), "moonshot");
  EXPECT_TRUE(kimi["tool_choice"].equals("auto"));
  EXPECT_EQ(kimi.changes(), "mapped tool_choice");
  const Encoded ollama(asking("llama3", required), "ollama");
  EXPECT_FALSE(ollama.has("tool_choice"));
  EXPECT_EQ(ollama.changes(), "mapped tool_choice");
  const Encoded none(asking("llama3", std::string(tool) + R"(,"tool_choice":"none")"), "ollama");
  EXPECT_FALSE(none.has("tools"));
}

TEST(EncodeChat, OffersTheOneToolWhereItCannotBeNamed) {
  const Encoded e(
      asking(
          "mistral-large",
          R"("tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"b"}}],)"
          R"("tool_choice":{"type":"function","function":{"name":"b"}})"),
      "mistral");
  EXPECT_EQ(e["tools"].raw(), R"([{"type":"function","function":{"name":"b"}}])");
  EXPECT_TRUE(e["tool_choice"].equals("any"));
}

TEST(EncodeChat, NarrowsTheListWhereTheHostCannot) {
  const std::string body = asking(
      "gpt-4o",
      R"("tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"b"}}],)"
      R"("tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"a"}}]}})");
  EXPECT_EQ(Encoded(body).text(), body);
  const Encoded groq(body, "groq");
  EXPECT_EQ(groq["tools"].raw(), R"([{"type":"function","function":{"name":"a"}}])");
  EXPECT_TRUE(groq["tool_choice"].equals("required"));
}

TEST(EncodeChat, RenamesToolsThatTheHostWouldRefuse) {
  const Encoded e(
      R"({"model":"gpt-4o","tools":[{"type":"function","function":{"name":"fs.read"}}],)"
      R"("tool_choice":{"type":"function","function":{"name":"fs.read"}},"messages":[{"role":"user","content":"x"},)"
      R"({"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"fs.read","arguments":"{}"}}]},)"
      R"({"role":"tool","tool_call_id":"a","content":"y"}]})");
  EXPECT_TRUE(e["tools"][0]["function"]["name"].equals("fs_read"));
  EXPECT_TRUE(e["tool_choice"]["function"]["name"].equals("fs_read"));
  EXPECT_TRUE(e.message(1)["tool_calls"][0]["function"]["name"].equals("fs_read"));
  EXPECT_EQ(e.out().renamed_tools.restore(json::Text("fs_read")).escaped(), "fs.read");
}

TEST(EncodeChat, TranslatesFunctionsForHostsThatForgotThem) {
  const std::string body =
      R"({"model":"llama-3.3-70b","functions":[{"name":"f","parameters":{}}],"function_call":{"name":"f"},"messages":[)"
      R"({"role":"user","content":"x"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{\"a\":1}"}},)"
      R"({"role":"function","name":"f","content":"y"}]})";
  EXPECT_EQ(Encoded(body).text(), body);
  const Encoded e(body, "groq");
  EXPECT_FALSE(e.has("functions") || e.has("function_call"));
  EXPECT_EQ(e["tools"].raw(), R"([{"type":"function","function":{"name":"f","parameters":{}}}])");
  EXPECT_EQ(e["tool_choice"].raw(), R"({"type":"function","function":{"name":"f"}})");
  EXPECT_FALSE(e["parallel_tool_calls"].boolean().value_or(true));
  EXPECT_EQ(e.message(1)["tool_calls"].raw(),
            R"([{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}])");
  EXPECT_EQ(e.message(2).raw(), R"({"tool_call_id":"call_1","role":"tool","content":"y"})");
  EXPECT_EQ(e.changes(), "");
}

// ---- messages ---------------------------------------------------------------------------------------

TEST(EncodeChat, NamesTheInstructionsAsModelAndHostDo) {
  const std::string both =
      R"({"role":"system","content":"a"},{"role":"developer","content":"b"},{"role":"user","content":"c"})";
  const Encoded o3(with_messages("o3", both));
  EXPECT_TRUE(o3.message(0)["role"].equals("developer") && o3.message(1)["role"].equals("developer"));
  const Encoded gpt4(with_messages("gpt-4o", both));
  EXPECT_TRUE(gpt4.message(0)["role"].equals("system") && gpt4.message(1)["role"].equals("developer"));
  const Encoded groq(with_messages("deepseek-chat", both), "deepseek");
  EXPECT_TRUE(groq.message(0)["role"].equals("system") && groq.message(1)["role"].equals("system"));
  const Encoded mini(with_messages("o1-mini", both));
  EXPECT_TRUE(mini.message(0)["role"].equals("user") && mini.message(1)["role"].equals("user"));
  EXPECT_EQ(mini.changes(), "mapped messages[0].role");
}

constexpr std::string_view thought_turn =
    R"({"role":"user","content":"x"},{"role":"assistant","content":"y","reasoning_content":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"s","format":"anthropic-claude-v1"}],"thinking_blocks":[{}]},{"role":"user","content":"z"})";
constexpr std::string_view thought_calls =
    R"({"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}],"reasoning":"hm"},{"role":"tool","tool_call_id":"a","content":"y"})";

TEST(EncodeChat, SendsBackReasoningWhereTheHostWantsIt) {
  const Encoded openai(with_messages("gpt-4o", thought_turn));
  EXPECT_EQ(openai.message(1).raw(), R"({"role":"assistant","content":"y"})");
  EXPECT_EQ(openai.changes(),
            "dropped messages[1].reasoning_content\ndropped messages[1].reasoning_details\ndropped "
            "messages[1].thinking_blocks");
  const Encoded plain(with_messages("deepseek-reasoner", thought_turn), "deepseek");
  EXPECT_FALSE(plain.message(1)["reasoning_content"].exists());
  const Encoded calls(with_messages("deepseek-reasoner", thought_calls), "deepseek");
  EXPECT_TRUE(calls.message(1)["reasoning_content"].equals("hm"));
  EXPECT_FALSE(calls.message(1)["reasoning"].exists());
  const Encoded router(with_messages("anthropic/claude", thought_turn), "openrouter");
  EXPECT_TRUE(router.message(1)["reasoning_details"].exists());
  EXPECT_FALSE(router.message(1)["thinking_blocks"].exists());
  const Encoded unknown(with_messages("some-model", thought_turn), "unknown");
  EXPECT_EQ(unknown.text(), unknown.body());
}

TEST(EncodeChat, GivesReasoningToHostsThatInsistOnIt) {
  const Encoded e(
      with_messages(
          "kimi-k2-thinking",
          R"({"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"y"})"),
      "moonshot");
  EXPECT_TRUE(e.message(1)["reasoning_content"].equals(""));
}

std::string call_and_result(std::string_view id) {
  return R"({"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":")" + std::string(id) +
         R"(","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":")" +
         std::string(id) + R"(","content":"y"})";
}

TEST(EncodeChat, SendsCallIdsThatTheHostTakes) {
  const Encoded wrapped(with_messages("gpt-4o", call_and_result("call_x__thought__U0lHTkFUVVJF")));
  EXPECT_TRUE(wrapped.message(1)["tool_calls"][0]["id"].equals("call_x"));
  EXPECT_TRUE(wrapped.message(2)["tool_call_id"].equals("call_x"));
  const std::string long_id = "chatcmpl-tool-0123456789abcdef0123456789abcdef";
  const Encoded shortened(with_messages("gpt-4o", call_and_result(long_id)));
  const std::string id = shortened.message(1)["tool_calls"][0]["id"].string();
  EXPECT_LE(id.size(), 40U);
  EXPECT_NE(id, long_id);
  EXPECT_TRUE(shortened.message(2)["tool_call_id"].equals(id));
  const Encoded again(with_messages("gpt-4o", call_and_result(long_id)));
  EXPECT_EQ(again.text(), shortened.text());
  const Encoded kept(with_messages("x", call_and_result(long_id)), "vllm");
  EXPECT_EQ(kept.text(), kept.body());
  const Encoded mistral(with_messages("mistral-small", call_and_result("call_abc")), "mistral");
  const std::string nine = mistral.message(1)["tool_calls"][0]["id"].string();
  EXPECT_EQ(nine.size(), 9U);
  EXPECT_TRUE(mistral.message(2)["tool_call_id"].equals(nine));
  const Encoded native(with_messages("mistral-small", call_and_result("D681PevKs")), "mistral");
  EXPECT_TRUE(native.message(1)["tool_calls"][0]["id"].equals("D681PevKs"));
}

TEST(EncodeChat, PutsToolResultsRight) {
  const std::string call =
      R"({"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},)";
  const Encoded orphan(with_messages(
      "gpt-4o",
      call +
          R"({"role":"tool","tool_call_id":"b","content":"B"},{"role":"tool","tool_call_id":"zzz","content":"?"},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"a","content":"2"})"));
  ASSERT_EQ(orphan["messages"].size(), 4U);
  EXPECT_EQ(orphan.message(2).raw(), R"({"role":"tool","tool_call_id":"a","content":"2"})");
  EXPECT_EQ(orphan.message(3).raw(), R"({"role":"tool","tool_call_id":"b","content":"B"})");
  EXPECT_EQ(orphan.changes(), "dropped messages[3]\ndropped messages[4]");
  const Encoded missing(with_messages(
      "gpt-4o",
      call + R"({"role":"tool","tool_call_id":"b","content":"B"},{"role":"user","content":"go on"})"));
  ASSERT_EQ(missing["messages"].size(), 5U);
  EXPECT_TRUE(missing.message(2)["tool_call_id"].equals("a"));
  EXPECT_TRUE(missing.message(4)["role"].equals("user"));
  const Encoded swapped(with_messages(
      "gpt-4o",
      call +
          R"({"role":"tool","tool_call_id":"b","content":"B"},{"role":"tool","tool_call_id":"a","content":"A"})"));
  EXPECT_EQ(swapped.text(), swapped.body()) << "OpenAI's order is free";
}

TEST(EncodeChat, MovesImagesOfToolResultsToTheUser) {
  const Encoded e(with_messages(
      "gpt-4o",
      R"({"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"seen","cache_control":{"type":"ephemeral"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]})"));
  ASSERT_EQ(e["messages"].size(), 4U);
  EXPECT_EQ(e.message(2)["content"].raw(), R"([{"type":"text","text":"seen"}])");
  EXPECT_TRUE(e.message(3)["role"].equals("user"));
  EXPECT_EQ(e.message(3)["content"][1]["type"].string(), "image_url");
  EXPECT_EQ(e.changes(), "dropped messages[2].content[].cache_control\nmapped messages[2].content");
}

TEST(EncodeChat, MarksFailedResults) {
  const Encoded e(with_messages(
      "gpt-4o",
      R"({"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","is_error":true,"content":"no \"file\""})"));
  EXPECT_EQ(e.message(2).raw(), R"({"role":"tool","tool_call_id":"a","content":"Error: no \"file\""})");
}

TEST(EncodeChat, LeavesOutSignaturesAndMarkersThatOthersWrote) {
  const std::string body =
      R"({"model":"gpt-4o","tools":[{"type":"function","cache_control":{"type":"ephemeral"},"function":{"name":"f"}}],"messages":[)"
      R"({"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}]},)"
      R"({"role":"assistant","tool_calls":[{"extra_content":{"google":{"thought_signature":"s"}},"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
      R"({"role":"tool","tool_call_id":"a","content":"y","cache_control":{"type":"ephemeral"}}]})";
  const Encoded e(body);
  EXPECT_EQ(e.text().find("cache_control"), std::string::npos);
  EXPECT_EQ(e.text().find("extra_content"), std::string::npos);
  EXPECT_EQ(e.changes(), "dropped tools[].cache_control\ndropped messages[0].content[].cache_control");
  EXPECT_EQ(Encoded(body, "openrouter").text(), body);
}

TEST(EncodeChat, LeavesGatewayExtrasInHistoryAlone) {
  const Encoded e(with_messages(
      "gpt-4o",
      R"({"role":"user","content":"x","name":"Ann"},{"role":"assistant","content":"y","annotations":[],"refusal":null,"audio":null},{"role":"user","content":"z"})"));
  EXPECT_EQ(e.text(), e.body());
}

TEST(EncodeChat, SendsStrictHostsOnlyWhatTheyKnow) {
  const Encoded e(
      R"({"model":"mistral-small","seed":7,"user":"u","max_completion_tokens":9,"store":false,"logit_bias":{"1":2},"messages":[)"
      R"({"role":"user","content":"x","name":"Ann"},{"role":"assistant","content":"y","refusal":null,"annotations":[{"type":"z"}]}]})",
      "mistral");
  EXPECT_EQ(e["random_seed"].integer(), 7);
  EXPECT_EQ(e["max_tokens"].integer(), 9);
  EXPECT_FALSE(e.has("seed") || e.has("user") || e.has("store") || e.has("logit_bias"));
  EXPECT_FALSE(e.message(0)["name"].exists());
  EXPECT_EQ(e.message(1).raw(), R"({"prefix":true,"role":"assistant","content":"y"})");
  EXPECT_EQ(e.changes(),
            "dropped messages[0].name\ndropped messages[1].annotations\ndropped user\ndropped logit_bias");
}

// ---- answer format ----------------------------------------------------------------------------------

TEST(EncodeChat, AsksForAFormInWordsWhereTheModelCannotBeHeldToIt) {
  const std::string format =
      R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"a":{}}}}})";
  const Encoded native(asking("gpt-4o", format));
  EXPECT_EQ(native.text(), native.body());
  const Encoded words(asking("deepseek-chat", format), "deepseek");
  EXPECT_EQ(words["response_format"].raw(), R"({"type":"json_object"})");
  EXPECT_TRUE(words.message(0)["role"].equals("system"));
  EXPECT_NE(words.message(0)["content"].string().find(R"({"type":"object","properties":{"a":{}}})"),
            std::string::npos);
  EXPECT_TRUE(words.message(1)["role"].equals("user"));
  EXPECT_EQ(words.changes(), "emulated response_format");
  const Encoded none(asking("gpt-4", R"("response_format":{"type":"json_object"})"));
  EXPECT_FALSE(none.has("response_format"));
  EXPECT_EQ(none["messages"].size(), 2U);
}

// ---- every host -------------------------------------------------------------------------------------

TEST(EncodeChat, WritesValidJsonForEveryHostAndFamily) {
  const std::string bodies[] = {
      asking(
          "MODEL",
          R"("stream":true,"temperature":1.7,"top_p":0.3,"top_k":4,"stop":["a"],"seed":1,"logprobs":true,"top_logprobs":2,)"
          R"("max_tokens":7,"max_completion_tokens":8,"reasoning_effort":"xhigh","reasoning":{"max_tokens":100,"exclude":true},)"
          R"("tools":[{"type":"function","function":{"name":"a b","strict":true}}],"tool_choice":"required","parallel_tool_calls":false,)"
          R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}},"metadata":null,"user":"u")"),
      R"({"model":"MODEL","prompt":"x","reasoning_effort":"none"})",
      R"({"model":"MODEL","functions":[{"name":"f","cache_control":{}}],"function_call":"none","messages":[{"role":"system","content":"s","cache_control":{}},)"
      R"({"role":"assistant","content":null,"tool_calls":[],"reasoning":"r","function_call":{"name":"f","arguments":""}},{"role":"function","name":"f","content":"y"}]})",
      with_messages("MODEL",
                    std::string(thought_calls) + R"(,{"role":"tool","tool_call_id":"lost","content":[]})"),
  };
  for (const HostProfile& row : host_profiles()) {
    for (const catalog::Families::Row& family : families().rows()) {
      for (std::string body : bodies) {
        std::string name = family.patterns.front();
        std::erase_if(name, [](char c) { return c == '*' || c == '$'; });
        body.replace(body.find("MODEL"), 5, name.empty() ? "m" : name);
        const Encoded e(body, row.name);
        EXPECT_TRUE(e.result()) << row.name << " " << family.capabilities.family;
        EXPECT_FALSE(e.has("prompt") || e.has("sluice"));
      }
    }
  }
}

}  // namespace
}  // namespace sluice::dialect::openai
