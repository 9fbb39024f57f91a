#include "app/default_config.hpp"

#include "app/configure.hpp"
#include "app/test_environment.hpp"

#include <gtest/gtest.h>

namespace sluice::app {
namespace {

TEST(DefaultConfig, TakesTheProvidersThatHaveAKey) {
  const auto config =
      default_config(environment({{"OPENAI_API_KEY", "o"}, {"GOOGLE_API_KEY", "g"}, {"XAI_API_KEY", ""}}));
  ASSERT_TRUE(config);
  ASSERT_EQ(config->providers.size(), 2U);
  EXPECT_EQ(config->providers[0].name, "openai");
  EXPECT_EQ(config->providers[0].base_url.path, "/v1");
  EXPECT_EQ(config->providers[1].name, "gemini");
  EXPECT_EQ(config->providers[1].api_key.reveal(), "g");
  EXPECT_EQ(config->store.path, "sluice.db");
  EXPECT_EQ(http::to_string(config->listen[0].address), "127.0.0.1:8080");
  EXPECT_FALSE(config->demo);
}

TEST(DefaultConfig, IsADemoWithoutKeys) {
  const auto config = default_config(environment({}));
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->demo);
  EXPECT_TRUE(config->providers.empty());
}

TEST(DefaultConfig, RefusesAKeyThatIsNone) {
  const auto config = default_config(environment({{"OPENAI_API_KEY", "a\nb"}}));
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message(),
            "environment variable OPENAI_API_KEY: holds a line break or another control character, so it is "
            "no key");
}

TEST(Configure, PutsTheCommandLineLast) {
  const auto address = http::parse_listen_address("127.0.0.1:9999").value();
  const auto config = configure({.listen = address}, environment({{"OPENAI_API_KEY", "o"}}));
  ASSERT_TRUE(config);
  ASSERT_EQ(config->listen.size(), 1U);
  EXPECT_EQ(http::to_string(config->listen[0].address), "127.0.0.1:9999");
  EXPECT_EQ(config->providers.size(), 1U);
}

TEST(Configure, ADemoWithoutAFileAsksNobodyElse) {
  const auto config = configure({.demo = true}, environment({{"OPENAI_API_KEY", "o"}}));
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->demo);
  EXPECT_TRUE(config->providers.empty());
}

TEST(Configure, DoesNotMergeListenersOfSeveralRegions) {
  const auto address = http::parse_listen_address("127.0.0.1:9999").value();
  const std::string file = SLUICE_SOURCE_DIR "/examples/sluice.yaml";
  const auto config =
      configure({.config_file = file, .listen = address},
                environment({{"ANTHROPIC_API_KEY", "a"}, {"OPENAI_API_KEY", "o"}, {"SLUICE_KEY", "s"}}));
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message(),
            "--listen replaces the address of one listener, but " + file + " has 2; change them in the file");
}

}  // namespace
}  // namespace sluice::app
