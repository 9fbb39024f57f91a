#include "dialect/openai/encode_usage.hpp"

#include <gtest/gtest.h>

namespace sluice::dialect::openai {
namespace {

std::string encoded(const chat::Usage& usage, std::string_view native = {}) {
  std::string out;
  append_usage(usage, native, out);
  return out;
}

TEST(EncodeUsage, CountsGoByBothNames) {
  EXPECT_EQ(
      encoded({.input = 10, .output = 5}),
      R"({"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"input_tokens":10,"output_tokens":5,)"
      R"("prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}})");
}

TEST(EncodeUsage, TellsWhatIsKnownOfCacheReasoningAndAudio) {
  EXPECT_EQ(
      encoded({.input = 10,
               .output = 5,
               .cache_read = 4,
               .cache_write = 3,
               .cache_write_1h = 1,
               .reasoning = 2,
               .audio_input = 6,
               .audio_output = 7}),
      R"({"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"input_tokens":10,"output_tokens":5,)"
      R"("prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":3,"audio_tokens":6,"cache_creation":)"
      R"({"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":1}},)"
      R"("completion_tokens_details":{"reasoning_tokens":2,"audio_tokens":7}})");
}

TEST(EncodeUsage, KeepsWhatOnlyTheProviderKnowsAndTrustsOurCounts) {
  EXPECT_EQ(
      encoded(
          {.input = 10, .output = 5, .cache_read = 4},
          R"({"prompt_tokens":1,"total_tokens":999,"cost":0.10,"queue":{"a":)"
          "\n"
          R"(1},"prompt_tokens_details":{"cached_tokens":9,"audio_tokens":0,"text_tokens":3},)"
          R"("completion_tokens_details":{"reasoning_tokens":8,"accepted_prediction_tokens":1},"input_tokens":7})"),
      R"({"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"input_tokens":10,"output_tokens":5,)"
      R"("prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0,"text_tokens":3},)"
      R"("completion_tokens_details":{"reasoning_tokens":0,"accepted_prediction_tokens":1},"cost":0.10,"queue":{"a":1}})");
}

TEST(EncodeUsage, NullDetailsAreNone) {
  EXPECT_EQ(encoded({.input = 1, .output = 1},
                    R"({"prompt_tokens_details":null,"completion_tokens_details":null})"),
            encoded({.input = 1, .output = 1}));
}

}  // namespace
}  // namespace sluice::dialect::openai
