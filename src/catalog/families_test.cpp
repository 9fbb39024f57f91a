#include "catalog/families.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Capabilities& of(std::string_view model) {
  static const Families families = [] {
    auto loaded = built_in_families();
    if (!loaded) throw std::runtime_error(loaded.error().message());
    return std::move(*loaded);
  }();
  return families.capabilities(model);
}

std::string why_not(std::string_view json) {
  const auto loaded = load_families(json);
  return loaded ? "" : loaded.error().message();
}

TEST(OpenAi, SaysWhatOnlyTheResponsesApiGives) {
  for (const char* model : {"gpt-5.4", "gpt-5.4-mini", "gpt-5.5", "gpt-5.6-terra", "gpt-5.9"})
    EXPECT_EQ(of(model).responses_api, ResponsesApi::needed_with_tools) << model;
  for (const char* model : {"o1", "o3", "o4-mini", "gpt-5", "gpt-5-mini", "gpt-5.1", "gpt-5.1-chat"})
    EXPECT_EQ(of(model).responses_api, ResponsesApi::better_with_tools) << model;
  for (const char* model : {"o3-pro", "gpt-5-pro", "gpt-5.4-pro", "gpt-5-codex", "gpt-5.1-codex-max",
                            "gpt-5.3-codex", "codex-mini-latest", "o3-deep-research", "computer-use-preview"})
    EXPECT_EQ(of(model).responses_api, ResponsesApi::needed) << model;
  for (const char* model :
       {"gpt-4o", "gpt-4.1", "gpt-5-chat-latest", "gpt-oss-120b", "o1-mini", "claude-opus-5"})
    EXPECT_EQ(of(model).responses_api, ResponsesApi::unneeded) << model;
}

TEST(Pattern, BeginsWithAWord) {
  EXPECT_TRUE(pattern_matches("gpt-4o", "openai/gpt-4o-mini"));
  EXPECT_TRUE(pattern_matches("gpt-oss", "openai.gpt-oss-20b-1:0"));
  EXPECT_FALSE(pattern_matches("gpt-4o", "chatgpt-4o-latest"));
  EXPECT_FALSE(pattern_matches("o3", "turbo3"));
  EXPECT_TRUE(pattern_matches("", "anything"));
  EXPECT_TRUE(pattern_matches("", ""));
}

TEST(Pattern, EndsWithAWholeNumber) {
  EXPECT_TRUE(pattern_matches("gpt-5.1", "gpt-5.1"));
  EXPECT_TRUE(pattern_matches("gpt-5.1", "gpt-5.1-mini"));
  EXPECT_FALSE(pattern_matches("gpt-5.1", "gpt-5.10"));
  EXPECT_TRUE(pattern_matches("claude-opus-4-20*", "claude-opus-4-20250514"));
}

TEST(Pattern, KnowsStarAndEnd) {
  EXPECT_TRUE(pattern_matches("gemini-*-pro", "models/gemini-9.1-pro-preview"));
  EXPECT_FALSE(pattern_matches("gemini-*-pro", "gemini-9.1-flash"));
  EXPECT_TRUE(pattern_matches("claude-opus-4$", "anthropic/claude-opus-4"));
  EXPECT_FALSE(pattern_matches("claude-opus-4$", "claude-opus-4-1"));
}

TEST(Claude, Opus5) {
  const Capabilities& opus = of("claude-opus-5");
  EXPECT_EQ(opus.family, "claude-opus-5");
  EXPECT_EQ(opus.max_output_tokens, 128000);
  EXPECT_EQ(opus.thinking, ThinkingStyle::claude_adaptive);
  EXPECT_EQ(opus.max_thinking_budget, 0);  // a budget is refused
  EXPECT_THAT(opus.efforts, ElementsAre("low", "medium", "high", "xhigh", "max"));
  EXPECT_EQ(opus.sampling, SamplingRule::rejected);
  EXPECT_TRUE(opus.json_schema);
  EXPECT_TRUE(opus.strict_tools);
  EXPECT_TRUE(opus.forced_tool_choice);
  EXPECT_FALSE(opus.prefill);
}

TEST(Claude, FourSevenToSonnet5RejectSampling) {
  for (const char* model : {"claude-opus-4-7", "claude-opus-4-8", "claude-sonnet-5", "claude-fable-5",
                            "claude-mythos-5", "us.anthropic.claude-sonnet-5", "anthropic/claude-opus-4.7"}) {
    EXPECT_EQ(of(model).sampling, SamplingRule::rejected) << model;
    EXPECT_EQ(of(model).thinking, ThinkingStyle::claude_adaptive) << model;
    EXPECT_TRUE(of(model).accepts_effort("xhigh")) << model;
    EXPECT_FALSE(of(model).prefill) << model;
    EXPECT_EQ(of(model).max_output_tokens, 128000) << model;
  }
  EXPECT_TRUE(of("claude-opus-4-8").forced_tool_choice);
  EXPECT_FALSE(of("claude-fable-5").forced_tool_choice);
  EXPECT_FALSE(of("claude-mythos-preview").forced_tool_choice);
  EXPECT_TRUE(of("claude-mythos-5").forced_tool_choice);
  EXPECT_TRUE(of("claude-sonnet-5").thinks_by_default);
  EXPECT_FALSE(of("claude-opus-4-7").thinks_by_default);
}

TEST(Mistral, NewModelsAreToldToThinkOldOnesCannotAndMagistralAlwaysDoes) {
  for (const char* model : {"mistral-small-latest", "mistral-small-2603", "mistral-medium-3-5",
                            "mistralai/mistral-medium-3.5", "mistral-medium-latest"})
    EXPECT_THAT(of(model).efforts, ElementsAre("none", "high")) << model;
  for (const char* model :
       {"mistral-small-2506", "mistral-medium-2508", "mistral-large-2512", "ministral-8b-latest",
        "codestral-latest", "pixtral-12b-2409", "open-mistral-nemo"})
    EXPECT_EQ(of(model).thinking, ThinkingStyle::none) << model;
  EXPECT_TRUE(of("magistral-medium-2509").thinks_by_default);
  EXPECT_FALSE(of("magistral-medium-2509").thinking_can_be_disabled);
  for (const char* model : {"mistral.mistral-large-2407-v1:0", "mistral.mistral-small-2402-v1:0",
                            "eu.mistral.pixtral-large-2502-v1:0", "mistral.magistral-small-2509"}) {
    EXPECT_EQ(of(model).family, "mistral-on-bedrock") << model;
    EXPECT_EQ(of(model).thinking, ThinkingStyle::none) << model;
  }
}

TEST(Claude, FourSixTakesAdaptiveAndBudget) {
  for (const char* model : {"claude-opus-4-6", "claude-sonnet-4-6", "claude-sonnet-4-6-20260217"}) {
    EXPECT_EQ(of(model).thinking, ThinkingStyle::claude_adaptive) << model;
    EXPECT_GT(of(model).max_thinking_budget, 1024) << model;
    EXPECT_THAT(of(model).efforts, ElementsAre("low", "medium", "high", "max")) << model;
    EXPECT_EQ(of(model).sampling, SamplingRule::temperature_or_top_p) << model;
    EXPECT_FALSE(of(model).forced_tool_choice_while_thinking) << model;
    EXPECT_FALSE(of(model).prefill) << model;
  }
}

TEST(Claude, FourFive) {
  const Capabilities& opus = of("claude-opus-4-5-20251101");
  EXPECT_EQ(opus.max_output_tokens, 64000);
  EXPECT_EQ(opus.thinking, ThinkingStyle::claude_budget);
  EXPECT_THAT(opus.efforts, ElementsAre("low", "medium", "high"));
  EXPECT_TRUE(opus.prefill);
  for (const char* model :
       {"claude-sonnet-4-5-20250929", "claude-haiku-4-5", "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "anthropic/claude-sonnet-4.5", "claude-sonnet-4-5@20250929"}) {
    EXPECT_EQ(of(model).family, "claude-4.5") << model;
    EXPECT_EQ(of(model).max_output_tokens, 64000) << model;
    EXPECT_THAT(of(model).efforts, IsEmpty()) << model;
    EXPECT_EQ(of(model).min_thinking_budget, 1024) << model;
    EXPECT_EQ(of(model).sampling, SamplingRule::temperature_or_top_p) << model;
    EXPECT_TRUE(of(model).json_schema) << model;
  }
}

TEST(Claude, FourAndOlder) {
  EXPECT_EQ(of("claude-opus-4-1-20250805").max_output_tokens, 32000);
  EXPECT_TRUE(of("claude-opus-4-1-20250805").json_schema);
  EXPECT_EQ(of("claude-opus-4-1").sampling, SamplingRule::accepted);
  for (const char* model : {"claude-sonnet-4-20250514", "claude-sonnet-4-0", "claude-sonnet-4",
                            "claude-sonnet-4@20250514", "us.anthropic.claude-sonnet-4-20250514-v1:0"}) {
    EXPECT_EQ(of(model).family, "claude-sonnet-4") << model;
    EXPECT_EQ(of(model).max_output_tokens, 64000) << model;
    EXPECT_FALSE(of(model).json_schema) << model;
    EXPECT_FALSE(of(model).forced_tool_choice_while_thinking) << model;
  }
  EXPECT_EQ(of("claude-opus-4-20250514").max_output_tokens, 32000);
  EXPECT_FALSE(of("claude-opus-4-20250514").json_schema);
  EXPECT_EQ(of("claude-3-haiku-20240307").max_output_tokens, 4096);
  EXPECT_EQ(of("claude-3-haiku-20240307").thinking, ThinkingStyle::none);
  EXPECT_EQ(of("claude-3-7-sonnet@20250219").thinking, ThinkingStyle::claude_budget);
  EXPECT_EQ(of("anthropic.claude-3-5-sonnet-20240620-v1").max_output_tokens, 8192);
}

TEST(Claude, TemperatureEndsAtOneAndOneChoiceIsAll) {
  for (const char* model :
       {"claude-3-opus-20240229", "claude-sonnet-4-5", "claude-opus-4-6", "claude-unheard-of"}) {
    EXPECT_EQ(of(model).max_temperature, 1.0) << model;
    EXPECT_FALSE(of(model).multiple_choices) << model;
    EXPECT_FALSE(of(model).json_object) << model;
  }
}

TEST(Gemini, TwoFiveThinksByBudget) {
  EXPECT_EQ(of("gemini-2.5-flash").thinking, ThinkingStyle::gemini_budget);
  EXPECT_EQ(of("gemini-2.5-flash").max_thinking_budget, 24576);
  EXPECT_TRUE(of("gemini-2.5-flash").thinking_can_be_disabled);
  EXPECT_EQ(of("models/gemini-2.5-pro").max_thinking_budget, 32768);
  EXPECT_EQ(of("gemini-2.5-pro-preview-05-06").min_thinking_budget, 128);
  EXPECT_FALSE(of("gemini-2.5-pro").thinking_can_be_disabled);
  EXPECT_FALSE(of("gemini-2.5-flash-lite").thinks_by_default);
  EXPECT_FALSE(of("gemini-2.5-flash").json_schema_with_tools);
  EXPECT_FALSE(of("gemini-2.5-flash").signatures_required);
  EXPECT_FALSE(of("gemini-2.5-flash").media_in_tool_results);
}

TEST(Gemini, ThreeThinksByLevelAndSigns) {
  for (const char* model :
       {"gemini-3-flash-preview", "gemini-3.1-flash-lite-preview", "gemini-3.5-flash", "gemini-3.6-flash"})
    EXPECT_THAT(of(model).efforts, ElementsAre("minimal", "low", "medium", "high")) << model;
  for (const char* model :
       {"gemini-3.7-flash", "gemini-3.8-flash", "gemini-flash-latest", "gemini-3.1-pro-preview"})
    EXPECT_THAT(of(model).efforts, ElementsAre("low", "medium", "high")) << model;
  EXPECT_THAT(of("google/gemini-3-pro-preview").efforts, ElementsAre("low", "high"));
  for (const char* model :
       {"gemini-3-flash-preview", "gemini-3-pro-preview", "gemini-3.8-flash", "gemini-flash-latest"}) {
    EXPECT_EQ(of(model).thinking, ThinkingStyle::gemini_level) << model;
    EXPECT_FALSE(of(model).thinking_can_be_disabled) << model;
    EXPECT_TRUE(of(model).signatures_required) << model;
    EXPECT_TRUE(of(model).json_schema_with_tools) << model;
    EXPECT_TRUE(of(model).media_in_tool_results) << model;
  }
}

TEST(Gemini, OlderOnesAndGemma) {
  for (const char* model :
       {"gemini-1.5-flash", "models/gemini-2.0-flash", "gemini-2.0-flash-lite", "gemini-2.0-flash-001"}) {
    EXPECT_EQ(of(model).thinking, ThinkingStyle::none) << model;
    EXPECT_FALSE(of(model).json_schema_with_tools) << model;
  }
  EXPECT_FALSE(of("gemma-3-27b-it").system_role);
  EXPECT_TRUE(of("gemma3:1b").system_role);
}

TEST(Gpt, ReasonsAsItsVersionDoes) {
  struct Case {
    std::string_view model;
    bool by_default, can_be_none;
  };
  for (const auto& [model, by_default, can_be_none] :
       {Case{"gpt-5.6-sol", true, true}, Case{"gpt-5.5", true, true}, Case{"gpt-5.5-pro", true, false},
        Case{"gpt-5.4-pro", true, false}, Case{"gpt-5.2-pro", true, false}, Case{"gpt-5.4-mini", false, true},
        Case{"gpt-5.3", false, true}, Case{"gpt-5.2", false, true}, Case{"gpt-5.1", false, true},
        Case{"gpt-5.3-chat-latest", true, false}, Case{"gpt-5.1-codex-mini", true, false},
        Case{"gpt-5", true, false}, Case{"gpt-5-nano-2025-08-07", true, false},
        Case{"gpt-5-codex", true, false}, Case{"gpt-5-pro", true, false}, Case{"o1", true, false},
        Case{"o3", true, false}, Case{"o4-mini", true, false}}) {
    EXPECT_EQ(of(model).thinking, ThinkingStyle::openai_effort) << model;
    EXPECT_EQ(of(model).thinks_by_default, by_default) << model;
    EXPECT_EQ(of(model).accepts_effort("none"), can_be_none) << model;
    EXPECT_EQ(of(model).thinking_can_be_disabled, can_be_none) << model;
    EXPECT_EQ(of(model).sampling, SamplingRule::rejected_while_reasoning) << model;
    EXPECT_TRUE(of(model).max_completion_tokens) << model;
    EXPECT_TRUE(of(model).developer_role) << model;
  }
}

TEST(Gpt, KnowsItsEfforts) {
  EXPECT_THAT(of("gpt-5-mini").efforts, ElementsAre("minimal", "low", "medium", "high"));
  EXPECT_THAT(of("gpt-5.1").efforts, ElementsAre("none", "low", "medium", "high"));
  EXPECT_FALSE(of("gpt-5.6").accepts_effort("minimal"));
  EXPECT_THAT(of("gpt-5.2-chat-latest").efforts, ElementsAre("medium"));
  EXPECT_THAT(of("gpt-5.1-codex").efforts, ElementsAre("medium"));
}

TEST(Gpt, NormalModelsAreNormal) {
  for (const char* model : {"gpt-4.1", "gpt-4.1-nano", "gpt-4o", "gpt-4o-2024-08-06", "gpt-4-turbo",
                            "gpt-3.5-turbo-0613", "gpt-5-chat-latest", "chatgpt-4o-latest"}) {
    EXPECT_EQ(of(model).thinking, ThinkingStyle::none) << model;
    EXPECT_EQ(of(model).sampling, SamplingRule::accepted) << model;
    EXPECT_FALSE(of(model).max_completion_tokens) << model;
    EXPECT_TRUE(of(model).stop) << model;
  }
  EXPECT_EQ(of("gpt-4o-search-preview").sampling, SamplingRule::rejected);
  EXPECT_FALSE(of("gpt-3.5-turbo").json_schema);
  EXPECT_TRUE(of("gpt-4o-mini").json_schema);
}

TEST(Gpt, ReasoningModelsRefuseStopAndO1MiniASystemRole) {
  for (const char* model : {"o3", "o3-mini", "o4-mini", "gpt-5", "gpt-5.2"})
    EXPECT_FALSE(of(model).stop) << model;
  EXPECT_TRUE(of("o1").stop);
  EXPECT_FALSE(of("o1-mini").system_role);
  EXPECT_FALSE(of("o1-mini").developer_role);
}

TEST(OpenWeights, KeepTheirOwnRules) {
  EXPECT_THAT(of("openai/gpt-oss-120b").efforts, ElementsAre("low", "medium", "high"));
  EXPECT_THAT(of("openai.gpt-oss-20b-1:0").efforts, ElementsAre("low", "medium", "high"));
  EXPECT_EQ(of("gpt-oss:120b").sampling, SamplingRule::accepted);
  EXPECT_EQ(of("kimi-k2.5").max_temperature, 1.0);
  EXPECT_FALSE(of("kimi-k2.5").forced_tool_choice);
  EXPECT_FALSE(of("kimi-k2.5").accepts_effort("none"));
  EXPECT_TRUE(of("moonshotai/Kimi-K2.5").json_schema);
  EXPECT_FALSE(of("qwen3-32b").json_schema);
  EXPECT_TRUE(of("qwen/qwen3-32b").accepts_effort("none"));
  EXPECT_EQ(of("qwen3-next-80b-a3b-instruct").thinking, ThinkingStyle::none);
  EXPECT_FALSE(of("qwen-3-235b-a22b-thinking-2507").thinking_can_be_disabled);
  EXPECT_FALSE(of("deepseek-chat").json_schema);
  EXPECT_FALSE(of("deepseek-reasoner").accepts_effort("low"));
  EXPECT_EQ(of("grok-4-1-fast-non-reasoning").thinking, ThinkingStyle::none);
  EXPECT_THAT(of("x-ai/grok-3-mini-beta").efforts, ElementsAre("low", "high"));
}

TEST(UnknownNewModels, AreTreatedLikeTheNewestOfTheirFamily) {
  EXPECT_EQ(of("claude-opus-6").family, "claude-opus-5");
  EXPECT_EQ(of("claude-opus-5-5").family, "claude-opus-5");
  EXPECT_EQ(of("claude-opus-4-9").family, "claude-4.8");
  EXPECT_EQ(of("claude-sonnet-6-20270101").family, "claude-sonnet-5");
  EXPECT_EQ(of("claude-haiku-5").family, "claude-opus-5");
  EXPECT_EQ(of("claude-epic-7").family, "claude-opus-5");
  EXPECT_EQ(of("gemini-4-flash").family, "gemini-3.7");
  EXPECT_EQ(of("gemini-4-pro").family, "gemini-3.7");
  EXPECT_EQ(of("gemini-4.2-flash-lite").family, "gemini-3-flash");
  EXPECT_EQ(of("gpt-5.10").family, "gpt-5.6");
  EXPECT_EQ(of("gpt-6-astra").family, "gpt-5.6");
  EXPECT_EQ(of("gpt-6-pro").family, "gpt-pro");
  EXPECT_EQ(of("kimi-k4").family, "kimi-thinking");
  EXPECT_EQ(of("grok-5").family, "grok-4.5");
}

TEST(UnknownModels, AreAssumedToTakeEverything) {
  const Capabilities& any = of("somebody/their-model-7b");
  EXPECT_EQ(any.family, "generic");
  EXPECT_TRUE(any.accepts_effort("minimal"));
  EXPECT_TRUE(any.json_schema);
  EXPECT_EQ(&of(""), &any);
}

TEST(LoadFamilies, NamesTheRowAndTheField) {
  EXPECT_EQ(why_not(R"([{"family":"a","match":[""]}])"), "");
  EXPECT_EQ(why_not("[]"), "families: none matches every name (\"\")");
  EXPECT_EQ(why_not(R"([{"family":"a","match":[]}])"),
            "families[0] (a): match: must be a list of at least one text");
  EXPECT_EQ(why_not(R"([{"family":"a","match":[""],"stopp":true}])"),
            "families[0] (a): stopp: unknown field; did you mean stop?");
  EXPECT_EQ(why_not(R"([{"family":"a","match":[""],"stop":1}])"),
            "families[0] (a): stop: must be true, false or null");
  EXPECT_EQ(why_not(R"([{"family":"a","match":[""],"thinking":"hard"}])"),
            "families[0] (a): thinking: must be one of none, openai_effort, claude_budget, claude_adaptive, "
            "gemini_budget, gemini_level");
  EXPECT_EQ(why_not(R"([{"family":"a","match":[""],"efforts":["high","low"]}])"),
            "families[0] (a): efforts: must be words of none, minimal, low, medium, high, xhigh, max, in "
            "that order");
  EXPECT_EQ(why_not(R"([{"family":"a","match":[""],"like":"b"}])"),
            "families[0] (a): like: must name a row above this one");
  EXPECT_EQ(why_not(R"([{"family":"a","match":[""]},{"family":"b","match":[""]}])"),
            "families[1] (b): match: \"\" is in a too");
  EXPECT_EQ(why_not(R"([{"family":"a","match":[""]},{"family":"a","match":["x"]}])"),
            "families[1] (a): family: is there twice");
}

}  // namespace
}  // namespace sluice::catalog
