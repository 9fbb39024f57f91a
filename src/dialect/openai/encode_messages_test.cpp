#include "dialect/openai/testing/encoded.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::dialect::openai {
namespace {

using namespace sent;

std::string asking_with_answer(std::string_view members) {
  return R"({"model":"gpt-4o","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y",)" +
         std::string(members) + R"(},{"role":"user","content":"z"}]})";
}

// ---- members of earlier answers ---------------------------------------------------------------------

TEST(EncodeChatMessages, LeavesOutWhatOtherApisAnswered) {
  const std::string body =
      asking_with_answer(R"("provider_blocks":[{"type":"x"}],"phase":"final_answer","images":[])");
  const Encoded openai(body);
  EXPECT_EQ(openai.message(1).raw(), R"({"role":"assistant","content":"y"})");
  EXPECT_EQ(openai.changes(), "dropped messages[1].provider_blocks\ndropped messages[1].phase");
  EXPECT_TRUE(Encoded(body, "openrouter").message(1)["provider_blocks"].exists());
  EXPECT_TRUE(Encoded(body, "unknown").message(1)["phase"].exists());
}

// ---- tools ------------------------------------------------------------------------------------------

TEST(EncodeChatTools, SendsNoChoiceWithoutTools) {
  const Encoded e(asking("gpt-4o", R"("tools":[],"tool_choice":"auto","parallel_tool_calls":true)"));
  EXPECT_FALSE(e.has("tools") || e.has("tool_choice") || e.has("parallel_tool_calls"));
  const Encoded alone(asking("gpt-4o", R"("parallel_tool_calls":false)"));
  EXPECT_FALSE(alone.has("parallel_tool_calls"));
}

TEST(EncodeChatTools, KeepsAnEmptyListWhereTheHostTakesIt) {
  const std::string body = asking("m", R"("tools":[],"tool_choice":"auto")");
  EXPECT_EQ(Encoded(body, "unknown").text(), body);
  EXPECT_FALSE(Encoded(body, "vllm").has("tools"));
}

TEST(EncodeChatTools, KeepsChoicesInOtherApisWordsWhereTheHostTakesThem) {
  struct Case {
    const char *choice, *canonical;
  };
  for (const Case& c :
       {Case{R"("any")", R"("required")"}, Case{R"({"type":"any"})", R"("required")"},
        Case{R"({"type":"auto"})", R"("auto")"}, Case{R"({"type":"none"})", R"("none")"},
        Case{R"("f")", R"({"type":"function","function":{"name":"f"}})"},
        Case{R"({"type":"tool","name":"f"})", R"({"type":"function","function":{"name":"f"}})"},
        Case{R"({"type":"function","name":"f"})", R"({"type":"function","function":{"name":"f"}})"}}) {
    const std::string body = asking("m", std::string(tool) + R"(,"tool_choice":)" + c.choice);
    EXPECT_EQ(Encoded(body, "unknown").text(), body);
    EXPECT_EQ(Encoded(body, "openai")["tool_choice"].raw(), c.canonical);
    EXPECT_EQ(Encoded(body, "openai").changes(), "");
  }
  const std::string any = asking("mistral-small", std::string(tool) + R"(,"tool_choice":"any")");
  EXPECT_EQ(Encoded(any, "mistral").text(), any);
}

TEST(EncodeChatTools, SendsHostedToolsAsTheyAre) {
  const std::string hosted = asking(
      "m",
      R"("tools":[{"type":"openrouter:web_search","name":"web search","cache_control":{}},{"type":"mcp"}],)"
      R"("tool_choice":{"type":"mcp","name":"a b"})");
  for (std::string_view host : {"openai", "openrouter", "groq", "unknown"}) {
    EXPECT_EQ(Encoded(hosted, host).text(), hosted) << host;
    EXPECT_EQ(Encoded(hosted, host).changes(), "") << host;
  }
  const Encoded narrowed(
      asking(
          "m",
          R"("tools":[{"type":"mcp"},{"type":"browser_search"},{"type":"function","function":{"name":"f"}}],)"
          R"("tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[)"
          R"({"type":"mcp"},{"type":"function","function":{"name":"f"}}]}})"),
      "groq");
  EXPECT_EQ(narrowed["tools"].raw(), R"([{"type":"function","function":{"name":"f"}},{"type":"mcp"}])");
}

TEST(EncodeChatTools, LeavesSchemasToTheHost) {
  const std::string body = asking(
      "deepseek-reasoner",
      R"("tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object"}}}])");
  for (std::string_view host : {"deepseek", "unknown"}) {
    EXPECT_EQ(Encoded(body, host).text(), body);
    EXPECT_EQ(Encoded(body, host).changes(), "");
  }
}

TEST(EncodeChatTools, WritesTheChoiceInTheHostsWords) {
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

TEST(EncodeChatTools, OffersTheOneToolWhereItCannotBeNamed) {
  const Encoded e(
      asking(
          "mistral-large",
          R"("tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"b"}}],)"
          R"("tool_choice":{"type":"function","function":{"name":"b"}})"),
      "mistral");
  EXPECT_EQ(e["tools"].raw(), R"([{"type":"function","function":{"name":"b"}}])");
  EXPECT_TRUE(e["tool_choice"].equals("any"));
}

TEST(EncodeChatTools, NarrowsTheListWhereTheHostCannot) {
  const std::string body = asking(
      "gpt-4o",
      R"("tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"b"}}],)"
      R"("tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"a"}}]}})");
  EXPECT_EQ(Encoded(body).text(), body);
  const Encoded groq(body, "groq");
  EXPECT_EQ(groq["tools"].raw(), R"([{"type":"function","function":{"name":"a"}}])");
  EXPECT_TRUE(groq["tool_choice"].equals("required"));
}

TEST(EncodeChatTools, RenamesToolsThatTheHostWouldRefuse) {
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

TEST(EncodeChatTools, TranslatesFunctionsForHostsThatForgotThem) {
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

TEST(EncodeChatMessages, NamesTheInstructionsAsModelAndHostDo) {
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

TEST(EncodeChatMessages, SendsBackReasoningWhereTheHostWantsIt) {
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

TEST(EncodeChatMessages, GivesReasoningToHostsThatInsistOnIt) {
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

TEST(EncodeChatMessages, SendsCallIdsThatTheHostTakes) {
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

TEST(EncodeChatMessages, PutsToolResultsRight) {
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

TEST(EncodeChatMessages, MovesImagesOfToolResultsToTheUser) {
  const Encoded e(with_messages(
      "gpt-4o",
      R"({"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"seen","cache_control":{"type":"ephemeral"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]})"));
  ASSERT_EQ(e["messages"].size(), 4U);
  EXPECT_EQ(e.message(2)["content"].raw(), R"([{"type":"text","text":"seen"}])");
  EXPECT_TRUE(e.message(3)["role"].equals("user"));
  EXPECT_EQ(e.message(3)["content"][1]["type"].string(), "image_url");
  EXPECT_EQ(e.changes(), "dropped messages[2].content[].cache_control\nmapped messages[2].content");
}

TEST(EncodeChatMessages, MarksFailedResults) {
  const Encoded e(with_messages(
      "gpt-4o",
      R"({"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","is_error":true,"content":"no \"file\""})"));
  EXPECT_EQ(e.message(2).raw(), R"({"role":"tool","tool_call_id":"a","content":"Error: no \"file\""})");
}

TEST(EncodeChatMessages, LeavesOutSignaturesAndMarkersThatOthersWrote) {
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

TEST(EncodeChatMessages, LeavesGatewayExtrasInHistoryAlone) {
  const Encoded e(with_messages(
      "gpt-4o",
      R"({"role":"user","content":"x","name":"Ann"},{"role":"assistant","content":"y","annotations":[],"refusal":null,"audio":null},{"role":"user","content":"z"})"));
  EXPECT_EQ(e.text(), e.body());
}

TEST(EncodeChatMessages, SendsStrictHostsOnlyWhatTheyKnow) {
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

}  // namespace
}  // namespace sluice::dialect::openai
