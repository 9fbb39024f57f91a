// Providers on AWS, as a file configures them.

#include "app/load_config.hpp"
#include "app/served_models.hpp"
#include "app/test_environment.hpp"

#include <gtest/gtest.h>

#include <algorithm>

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

std::string on_aws(std::string_view lines) {
  return "providers:\n  aws:\n    api: bedrock.converse\n" + std::string(lines);
}

TEST(ProvidersOnAws, TakeKeysOrAKeyAndARegion) {
  const Config keys = loaded(on_aws(
      "    region: eu-central-1\n    access_key_id: AKID\n    secret_access_key: s\n    session_token: t\n"));
  const ProviderConfig& provider = keys.providers[0];
  EXPECT_EQ(provider.base_url.host, "bedrock-runtime.eu-central-1.amazonaws.com");
  EXPECT_TRUE(provider.base_url.tls);
  EXPECT_EQ(provider.regions, catalog::Regions{catalog::Region::eu});
  EXPECT_EQ(provider.access_key_id.reveal(), "AKID");
  EXPECT_EQ(provider.secret_access_key.reveal(), "s");
  EXPECT_EQ(provider.session_token.reveal(), "t");
  const Config key = loaded(on_aws("    api_key: k\n    base_url: http://h:1/p\n"));
  EXPECT_EQ(key.providers[0].base_url.path, "/p");
  EXPECT_EQ(key.providers[0].regions, catalog::Regions{catalog::Region::global});
  EXPECT_EQ(loaded(on_aws("    api_key: k\n    region: eu-west-2\n")).providers[0].regions,
            catalog::Regions{catalog::Region::global});
}

TEST(ProvidersOnAws, SayWhatIsWrong) {
  const std::string no_credential =
      "c.yaml:2: providers.aws: has no credential; give an api_key, as ${AWS_BEARER_TOKEN_BEDROCK}, or "
      "access_key_id and secret_access_key";
  EXPECT_EQ(why_not(on_aws("    region: eu-central-1\n")), no_credential);
  EXPECT_EQ(why_not(on_aws("    region: eu-central-1\n    access_key_id: AKID\n")), no_credential);
  EXPECT_EQ(
      why_not(on_aws("    api_key: k\n")),
      "c.yaml:2: providers.aws: 'region' is missing: AWS' name for it, as eu-central-1; or give a base_url");
  EXPECT_EQ(why_not(on_aws("    base_url: https://h\n    access_key_id: a\n    secret_access_key: b\n")),
            "c.yaml:2: providers.aws: 'region' is missing: requests are signed for it; as eu-central-1");
  EXPECT_EQ(
      why_not(on_aws("    region: Frankfurt/../x\n    base_url: https://h\n    api_key: k\n")),
      "c.yaml:4: providers.aws.region: 'Frankfurt/../x' is no region of AWS; write one as eu-central-1");
  EXPECT_EQ(
      why_not(
          on_aws("    region: us-east-1\n    api_key: k\n    access_key_id: a\n    secret_access_key: b\n")),
      "c.yaml:2: providers.aws: has an api_key and AWS keys; requests carry the one or are signed with the "
      "others");
  const std::string elsewhere = why_not("providers:\n  openai:\n    api_key: k\n    access_key_id: a\n");
  EXPECT_TRUE(elsewhere.starts_with("c.yaml:4: providers.openai: unknown key 'access_key_id'")) << elsewhere;
}

TEST(ProvidersOnAws, KeepInferenceProfilesToTheirRegions) {
  const auto with = [](std::string_view region, std::string_view model) {
    return on_aws("    api_key: k\n    region: " + std::string(region) +
                  "\nmodels:\n  - {id: m, targets: [{provider: aws, model: '" + std::string(model) +
                  "'}]}\n");
  };
  EXPECT_EQ(
      why_not(with("eu-central-1", "us.anthropic.claude-sonnet-4-5-20250929-v1:0")),
      "c.yaml:7: model 'm': the inference profile 'us.anthropic.claude-sonnet-4-5-20250929-v1:0' runs in the "
      "region us, but the target is declared to keep to eu; use a profile or a provider of that region");
  EXPECT_NE(why_not(with("us-east-1", "global.anthropic.claude-sonnet-4-5-20250929-v1:0")), "");
  EXPECT_EQ(why_not(with("eu-central-1", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0")), "");
  EXPECT_EQ(why_not(with("eu-central-1", "anthropic.claude-3-haiku-20240307-v1:0")), "");
  EXPECT_EQ(why_not(with("ap-northeast-1", "us.amazon.nova-lite-v1:0")), "");
}

/// Of a provider that is in several, a profile keeps to its own, so that it serves who may not leave that.
TEST(ProvidersOnAws, ServeAProfileInItsOwnRegion) {
  const Config config =
      loaded(on_aws("    api_key: k\n    base_url: http://h\n    regions: [us, eu]\nmodels:\n"
                    "  - {id: profile, targets: [{provider: aws, model: eu.amazon.nova-lite-v1:0}]}\n"
                    "  - {id: plain, targets: [{provider: aws, model: amazon.nova-lite-v1:0}]}\n"));
  const auto served = served_models(config, catalog::Catalog());
  const auto regions = [&](std::string_view id) {
    const auto found = std::ranges::find(served, id, [](const ServedModel& s) { return s.model.id; });
    return found == served.end() ? catalog::Regions() : found->targets.at(0).regions;
  };
  EXPECT_EQ(regions("profile"), catalog::Regions{catalog::Region::eu});
  EXPECT_EQ(regions("plain"), (catalog::Regions{catalog::Region::us, catalog::Region::eu}));
}

}  // namespace
}  // namespace sluice::app
