#include "dialect/openai/decode_usage.hpp"

#include <gtest/gtest.h>

namespace sluice::dialect::openai {
namespace {

std::optional<chat::Usage> usage(std::string_view json) {
  json::Document document;
  const auto root = document.parse(json);
  EXPECT_TRUE(root) << json;
  return decode_usage(*root);
}

TEST(DecodeUsage, ReadsWhatOpenAiCounts) {
  const auto u = usage(
      R"({"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":60,"audio_tokens":1},)"
      R"("completion_tokens_details":{"reasoning_tokens":30,"audio_tokens":2}})");
  ASSERT_TRUE(u);
  EXPECT_EQ(u->input, 100);
  EXPECT_EQ(u->output, 50);
  EXPECT_EQ(u->cache_read, 60);
  EXPECT_EQ(u->reasoning, 30);
  EXPECT_EQ(u->audio_input, 1);
  EXPECT_EQ(u->audio_output, 2);
  EXPECT_FALSE(u->cache_write);
}

TEST(DecodeUsage, FindsCachedTokensUnderEveryName) {
  EXPECT_EQ(
      usage(R"({"prompt_tokens":9,"prompt_cache_hit_tokens":5,"prompt_cache_miss_tokens":4})")->cache_read,
      5);
  EXPECT_EQ(usage(R"({"prompt_tokens":9,"cached_tokens":5})")->cache_read, 5);
  const auto written = usage(
      R"({"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":2,"cache_creation_input_tokens":3}})");
  EXPECT_EQ(written->cache_write, 3);
  EXPECT_EQ(usage(R"({"prompt_tokens":9,"prompt_tokens_details":{"cache_write_tokens":3}})")->cache_write, 3);
  EXPECT_EQ(usage(R"({"completion_tokens":9,"reasoning_tokens":3})")->reasoning, 3);
}

TEST(DecodeUsage, AddsReasoningThatIsCountedBeside) {
  EXPECT_EQ(
      usage(
          R"({"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":20}})")
          ->output,
      25);
  EXPECT_EQ(
      usage(
          R"({"prompt_tokens":10,"completion_tokens":50,"total_tokens":80,"completion_tokens_details":{"reasoning_tokens":20}})")
          ->output,
      70);
  EXPECT_EQ(
      usage(
          R"({"prompt_tokens":10,"completion_tokens":50,"total_tokens":60,"completion_tokens_details":{"reasoning_tokens":20}})")
          ->output,
      50);
  EXPECT_EQ(
      usage(
          R"({"prompt_tokens":10,"completion_tokens":50,"total_tokens":60,"completion_tokens_details":{"reasoning_tokens":55}})")
          ->output,
      50)
      << "an estimate by another tokenizer";
}

TEST(DecodeUsage, AddsCachedTokensThatAreCountedBeside) {
  EXPECT_EQ(
      usage(R"({"prompt_tokens":347,"completion_tokens":18,"prompt_tokens_details":{"cached_tokens":403}})")
          ->input,
      750);
}

TEST(DecodeUsage, TakesNullsFloatsAndOtherNames) {
  const auto u = usage(
      R"({"prompt_tokens":3.0,"completion_tokens":4.6,"prompt_tokens_details":null,"completion_tokens_details":{"reasoning_tokens":null}})");
  EXPECT_EQ(u->input, 3);
  EXPECT_EQ(u->output, 5);
  EXPECT_FALSE(u->reasoning);
  EXPECT_EQ(usage(R"({"input_tokens":3,"output_tokens":4})")->total(), 7);
  EXPECT_EQ(usage(R"({"prompt_tokens":null,"completion_tokens":4})")->input, 0);
}

TEST(DecodeUsage, TakesNoNonsense) {
  for (std::string_view json :
       {"null", "{}", "[]", "7", R"({"prompt_tokens":null})", R"({"prompt_tokens":"3"})",
        R"({"prompt_tokens":-3})", R"({"prompt_tokens":1e300})", R"({"total_tokens":3})"})
    EXPECT_FALSE(usage(json)) << json;
}

}  // namespace
}  // namespace sluice::dialect::openai
