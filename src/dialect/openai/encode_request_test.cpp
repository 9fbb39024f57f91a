#include "dialect/openai/testing/encoded.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace sluice::dialect::openai {
namespace {

using namespace sent;

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

TEST(EncodeChat, NamesADeploymentOfAzureInThePath) {
  const Cloud dated{.deployments = true, .query = "?api-version=2024-10-21"};
  EXPECT_EQ(Encoded(asking("gpt-4o"), "azure", dated).out().path,
            "/deployments/gpt-4o/chat/completions?api-version=2024-10-21");
  EXPECT_EQ(Encoded(asking("a/../b?c"), "azure", dated).out().path,
            "/deployments/a%2F..%2Fb%3Fc/chat/completions?api-version=2024-10-21");
  EXPECT_EQ(Encoded(asking("gpt-4o"), "azure", {.query = "?api-version=preview"}).out().path,
            "/chat/completions?api-version=preview");
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

// ---- what the provider judges ---------------------------------------------------------------------------

TEST(EncodeChat, LeavesWhatIsInDoubtAsItIs) {
  for (const char* members :
       {R"("temperature":99.0)", R"("n":0)", R"("logprobs":3)", R"("reasoning_effort":"default")",
        R"("response_format":{"type":"grammar","grammar":"x"})"}) {
    const std::string body = asking("m", members);
    EXPECT_EQ(Encoded(body, "unknown").text(), body);
    EXPECT_EQ(Encoded(body, "unknown").changes(), "");
  }
  EXPECT_EQ(Encoded(with_messages("m", "")).text(), with_messages("m", ""));
  constexpr std::string_view video =
      R"({"role":"user","content":[{"type":"video_url","video_url":{"url":"x"}}]})";
  EXPECT_EQ(Encoded(with_messages("m", video), "openrouter").text(), with_messages("m", video));
  const Encoded rewritten(
      with_messages("m", std::string(video) + R"(,{"role":"tool","tool_call_id":"lost","content":"y"})"),
      "unknown");
  EXPECT_EQ(rewritten["messages"].raw(), "[" + std::string(video) + "]") << "the other message is an orphan";
  for (std::string_view host : {"zai", "dashscope", "mistral", "deepseek"})
    EXPECT_TRUE(
        Encoded(asking("m", R"("reasoning_effort":"default")"), host)["reasoning_effort"].equals("default"))
        << host;
}

TEST(EncodeChat, TellsMistralHowMuchToThink) {
  const std::string high = asking("mistral-small-latest", R"("reasoning_effort":"high")");
  EXPECT_EQ(Encoded(high, "mistral").text(), high);
  const Encoded low(asking("mistral-medium-3-5", R"("reasoning_effort":"low")"), "mistral");
  EXPECT_TRUE(low["reasoning_effort"].equals("high"));
  EXPECT_EQ(low.changes(), "mapped reasoning_effort");
  for (std::string_view cannot : {"mistral-small-2506", "codestral-latest", "magistral-medium-2509"}) {
    const Encoded e(asking(cannot, R"("reasoning_effort":"high")"), "mistral");
    EXPECT_FALSE(e.has("reasoning_effort")) << cannot;
    EXPECT_EQ(e.changes(), "dropped reasoning_effort") << cannot;
  }
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
      R"({"model":"MODEL","messages":[],"temperature":7,"reasoning_effort":"default","response_format":{"type":"json_object"},)"
      R"("tools":[{"type":"mcp"},{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"tool","name":"f"}})",
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
