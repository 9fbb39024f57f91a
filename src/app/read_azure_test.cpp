#include "app/read_azure.hpp"

#include "app/load_config.hpp"
#include "app/test_environment.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sluice::app {
namespace {

Config loaded(std::string_view text) {
  auto config = parse_config(text, "c.yaml", environment({}));
  EXPECT_TRUE(config) << config.error().message();
  return config ? std::move(*config) : Config();
}

std::string why_not(std::string_view text) {
  const auto config = parse_config(text, "c.yaml", environment({}));
  return config ? "" : config.error().message();
}

std::string at_azure(std::string_view lines, std::string_view address = "https://r.openai.azure.com") {
  return "providers:\n  az:\n    api: openai.chat\n    base_url: " + std::string(address) + "\n" +
         std::string(lines);
}

TEST(ProvidersAtAzure, HaveThePathsOfV1OrDeployments) {
  const ProviderConfig v1 = loaded(at_azure("    api_key: k\n    azure: {}\n")).providers[0];
  EXPECT_EQ(v1.base_url.path, "/openai/v1");
  EXPECT_FALSE(v1.azure->deployments);
  const ProviderConfig dated =
      loaded(at_azure("    azure: {deployments: true, api_version: 2024-10-21, entra_token: t}\n",
                      "https://r.services.ai.azure.com/api/projects/p/"))
          .providers[0];
  EXPECT_EQ(dated.base_url.path, "/api/projects/p/openai");
  EXPECT_EQ(dated.azure->api_version, "2024-10-21");
  EXPECT_EQ(dated.azure->entra_token.reveal(), "t");
  EXPECT_EQ(
      loaded(at_azure("    api_key: k\n", "https://r.openai.azure.com/openai/v1")).providers[0].base_url.path,
      "/openai/v1");
}

TEST(ProvidersAtAzure, SayWhatIsWrong) {
  const auto why = [](std::string_view azure) {
    return why_not(at_azure("    api_key: geheim\n    azure: " + std::string(azure) + "\n"));
  };
  EXPECT_EQ(why("{deployments: true}"),
            "c.yaml:6: providers.az.azure: 'api_version' is missing: the version of the API, as 2024-10-21");
  EXPECT_EQ(why("{deployments: true, api_version: preview}"),
            "c.yaml:6: providers.az.azure: api_version 'preview' has no deployments; write a dated one, as "
            "2024-10-21");
  EXPECT_NE(why("{deployments: true, api_version: '2024-10-21&x=1'}"), "");
  EXPECT_EQ(
      why("{api_version: 2024-10-21}"),
      "c.yaml:6: providers.az.azure: api_version '2024-10-21' is none of v1; leave it out, write preview "
      "or latest, or add deployments: true for a dated one");
  EXPECT_EQ(why("{version: 1}"),
            "c.yaml:6: providers.az.azure: unknown key 'version'; did you mean 'api_version'? known here: "
            "deployments, api_version, "
            "entra_token");
  EXPECT_EQ(
      why("{entra_token: t}"),
      "c.yaml:6: providers.az.azure: has an entra_token beside the provider's api_key; one of them is sent");
  EXPECT_EQ(
      why_not(at_azure("    azure: {}\n")),
      "c.yaml:5: providers.az.azure: has no credential; give the provider an api_key, or an entra_token "
      "here");
  EXPECT_EQ(why_not(at_azure("    api_key: k\n    azure: {}\n", "https://r.openai.azure.com/openai/v1")),
            "c.yaml:6: providers.az.azure: base_url ends with '/openai/v1', which is added; leave it out");
  EXPECT_EQ(why_not(at_azure("    api_key: k\n")),
            "c.yaml:2: providers.az: is a resource of Azure; add azure: {} for the paths of v1, or azure: "
            "{deployments: true, api_version: ...}");
  EXPECT_EQ(
      why_not("providers:\n  a:\n    api: gemini\n    base_url: https://h\n    azure: {}\n"),
      "c.yaml:5: providers.a.azure: is for the apis openai.chat and openai.responses only; leave it out");
}

}  // namespace
}  // namespace sluice::app
