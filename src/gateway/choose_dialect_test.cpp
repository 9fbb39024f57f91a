#include "gateway/choose_dialect.hpp"

#include "catalog/families.hpp"
#include "dialect/openai/openai.hpp"

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

namespace sluice::gateway {
namespace {

/// The name of the dialect in which a model of a provider is asked.
std::string_view chosen(std::string_view model, std::string_view members,
                        std::string_view api = "openai.chat", bool has_responses = true) {
  static const auto families = catalog::built_in_families();
  const std::string body = R"({"model":"m","messages":[{"role":"user","content":"hi"}])" +
                           std::string(members.empty() ? "" : ",") + std::string(members) + "}";
  json::Document document;
  const auto root = document.parse(body);
  EXPECT_TRUE(root) << body;
  std::pmr::monotonic_buffer_resource arena;
  chat::Request request(&arena);
  EXPECT_TRUE(dialect::openai::decode_request(*root, request)) << body;
  Provider provider;
  provider.dialect = dialect::find(api);
  if (has_responses) provider.responses = dialect::find("openai.responses");
  const Target target{
      .provider = &provider, .model = std::string(model), .capabilities = &families->capabilities(model)};
  return choose_dialect(request, target).api;
}

constexpr std::string_view chat = "openai.chat", responses = "openai.responses";
constexpr std::string_view tools = R"("tools":[{"type":"function","function":{"name":"f"}}])";

std::string with_tools(std::string_view more) {
  return std::string(tools).append(",").append(more);
}

TEST(ChooseDialect, ToolsBesideReasoningGoToResponses) {
  for (std::string_view model : {"gpt-5.4", "gpt-5.6-terra", "gpt-5", "o3"})
    EXPECT_EQ(chosen(model, with_tools(R"("reasoning_effort":"high")")), responses) << model;
}

TEST(ChooseDialect, ToolsAloneGoThereWhereTheModelReasonsUnasked) {
  for (std::string_view model : {"gpt-5.5", "gpt-5.6-sol", "gpt-5-mini"})
    EXPECT_EQ(chosen(model, tools), responses);
  for (std::string_view model : {"gpt-5.4", "gpt-5.1", "gpt-4.1", "gpt-4o"})
    EXPECT_EQ(chosen(model, tools), chat);
}

TEST(ChooseDialect, WithoutToolsOrReasoningNothingChanges) {
  EXPECT_EQ(chosen("gpt-5.6-terra", R"("reasoning_effort":"high")"), chat);
  EXPECT_EQ(chosen("gpt-5.6-terra", with_tools(R"("reasoning_effort":"none")")), chat);
  EXPECT_EQ(chosen("gpt-5.4", with_tools(R"("reasoning":{"max_tokens":0})")), chat);
  EXPECT_EQ(chosen("gpt-4.1", with_tools(R"("reasoning_effort":"high")")), chat);
}

TEST(ChooseDialect, WhatOnlyChatHasStaysThereIfTheModelTakesIt) {
  EXPECT_EQ(chosen("gpt-5", with_tools(R"("n":2)")), chat);
  EXPECT_EQ(chosen("o1", with_tools(R"("stop":"x")")), chat);
  EXPECT_EQ(chosen("gpt-5.5", with_tools(R"("n":2)")), responses);
}

TEST(ChooseDialect, ModelsWithoutChatCompletionsGoToResponses) {
  for (std::string_view model : {"gpt-5-codex", "o3-pro", "gpt-5.4-pro"})
    EXPECT_EQ(chosen(model, ""), responses);
}

TEST(ChooseDialect, ToolsThatTheProviderRunsGoToResponses) {
  EXPECT_EQ(chosen("gpt-4.1", R"("tools":[{"type":"web_search"}])"), responses);
}

TEST(ChooseDialect, NobodyIsAskedInADialectThatHeDoesNotSpeak) {
  EXPECT_EQ(chosen("gpt-5.5", tools, chat, false), chat);
  EXPECT_EQ(chosen("gpt-5.5", "", responses, false), responses);
}

}  // namespace
}  // namespace sluice::gateway
