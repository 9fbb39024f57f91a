#include "app/served_models.hpp"

#include "app/default_config.hpp"
#include "app/known_providers.hpp"
#include "app/load_config.hpp"
#include "dialect/dialect.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::app {
namespace {

using catalog::Region;
using catalog::Regions;

const Environment nothing_set = [](const std::string&) { return std::nullopt; };

std::vector<ServedModel> served(std::string_view text) {
  const auto config = parse_config(text, "c.yaml", nothing_set);
  EXPECT_TRUE(config) << config.error().message();
  return config ? served_models(*config, catalog::built_in_catalog().value()) : std::vector<ServedModel>();
}

const ServedModel* find(const std::vector<ServedModel>& all, std::string_view id) {
  const auto found = std::ranges::find(all, id, [](const ServedModel& served) { return served.model.id; });
  return found == all.end() ? nullptr : &*found;
}

TEST(ServedModels, OfTheCatalogGoToWhoUsuallyHasThem) {
  const auto all =
      served("providers:\n  openrouter: {api_key: k}\n  anthropic: {api_key: k, regions: [us]}\n");
  const ServedModel* opus = find(all, "claude-opus-4-6");
  ASSERT_TRUE(opus);
  ASSERT_EQ(opus->targets.size(), 2U);
  EXPECT_EQ(opus->targets[0].provider, "anthropic");
  EXPECT_EQ(opus->targets[0].model, "claude-opus-4-6");
  EXPECT_EQ(opus->targets[0].priority, 0U);
  EXPECT_EQ(opus->targets[0].regions, Regions{Region::us});
  EXPECT_EQ(opus->targets[1].provider, "openrouter");
  EXPECT_EQ(opus->targets[1].model, "anthropic/claude-opus-4.6");
  EXPECT_EQ(opus->targets[1].priority, 1U);
  EXPECT_EQ(opus->model.regions, (Regions{Region::us, Region::global}));
  EXPECT_EQ(all.size(), 26U);  // openrouter has all of them
}

TEST(ServedModels, LeaveOutWhatNobodyHas) {
  const auto all = served("providers:\n  anthropic: {api_key: k}\n");
  EXPECT_EQ(all.size(), 8U);
  EXPECT_FALSE(find(all, "gpt-5"));
}

TEST(ServedModels, FollowTheFile) {
  const auto all = served(R"(
providers:
  anthropic: {api_key: k, regions: [us]}
  eu: {api: openai.chat, base_url: https://eu.example/v1, regions: [eu]}
models:
  - id: claude-opus-4-6
    name: Our Opus
    context_window: 1000000
    targets:
      - {provider: eu}
      - {provider: anthropic}
  - id: mine
    targets: [{provider: eu, model: theirs}]
)");
  const ServedModel* opus = find(all, "claude-opus-4-6");
  ASSERT_TRUE(opus);
  EXPECT_EQ(opus->model.name, "Our Opus");
  EXPECT_EQ(opus->model.context_window, 1000000);
  EXPECT_EQ(opus->model.lmarena_score, 1498);
  ASSERT_EQ(opus->targets.size(), 2U);
  EXPECT_EQ(opus->targets[0].model, "claude-opus-4-6");
  EXPECT_EQ(opus->model.regions, (Regions{Region::us, Region::eu}));
  EXPECT_EQ(all.back().model.id, "mine");
  EXPECT_EQ(all.back().model.name, "mine");
  EXPECT_EQ(all.back().targets[0].model, "theirs");
  EXPECT_EQ(all.back().model.regions, Regions{Region::eu});
}

TEST(ServedModels, OfADemoAreTheWholeCatalogWhereTheCatalogSays) {
  const auto config = default_config(nothing_set);
  ASSERT_TRUE(config);
  const auto all = served_models(*config, catalog::built_in_catalog().value());
  EXPECT_EQ(all.size(), 26U);
  EXPECT_EQ(find(all, "gpt-5")->targets[0].provider, demo_provider);
  EXPECT_EQ(find(all, "gpt-5")->targets[0].regions, Regions{Region::us});
  const ServedModel* opus = find(all, "claude-opus-4-7");
  EXPECT_EQ(opus->model.regions, (Regions{Region::us, Region::eu}));
  ASSERT_EQ(opus->targets.size(), 2U);  // one for each, so that neither region's requests are refused
  EXPECT_EQ(opus->targets[1].regions, Regions{Region::eu});
}

TEST(ServedModels, OfADemoBesideAFileAreOnlyThoseThatAskForIt) {
  const auto config =
      parse_config("providers: {anthropic: {api_key: k}}\nmodels: [{id: m, targets: [{provider: demo}]}]",
                   "c.yaml", nothing_set, {.demo = true});
  ASSERT_TRUE(config) << config.error().message();
  const auto all = served_models(*config, catalog::built_in_catalog().value());
  EXPECT_EQ(all.size(), 9U);
  EXPECT_EQ(find(all, "m")->targets[0].model, "m");
  ASSERT_EQ(find(all, "m")->targets.size(), 3U) << "the simulator is in this process, wherever that is";
  EXPECT_EQ(find(all, "m")->targets[0].regions, Regions{Region::us});
  EXPECT_EQ(find(all, "m")->targets[1].regions, Regions{Region::eu});
  EXPECT_EQ(find(all, "m")->model.regions, (Regions{Region::us, Region::eu, Region::global}));
}

TEST(ServedModels, OfTheCatalogAreSimulatedWhereTheCatalogHasThem) {
  const auto config = parse_config(
      "models: [{id: gpt-5, targets: [{provider: demo}]}, {id: m, targets: [{provider: demo, regions: "
      "[eu]}]}]",
      "c.yaml", nothing_set, {.demo = true});
  ASSERT_TRUE(config) << config.error().message();
  const auto all = served_models(*config, catalog::built_in_catalog().value());
  EXPECT_EQ(find(all, "gpt-5")->model.regions, Regions{Region::us});
  EXPECT_EQ(find(all, "m")->model.regions, Regions{Region::eu});
}

TEST(ServedModels, AreInARegionOnlyWhereATargetIsInThatOneAlone) {
  const auto all = served("providers: {anthropic: {api_key: k, regions: [us, eu]}}");
  EXPECT_EQ(all.front().model.regions, Regions{Region::global});
  EXPECT_EQ(all.front().targets[0].regions, (Regions{Region::us, Region::eu}));
}

TEST(KnownProviders, SpeakAnApiAndHaveAnAddress) {
  for (const KnownProvider& known : known_providers) {
    EXPECT_TRUE(dialect::find(known.api)) << known.name;
    EXPECT_TRUE(http::parse_url(known.base_url)) << known.name;
  }
}

TEST(KnownProviders, AreAllThatTheCatalogNames) {
  const catalog::Catalog built_in = catalog::built_in_catalog().value();
  for (const catalog::Model& model : built_in.models())
    for (const catalog::Route& route : model.routes)
      EXPECT_TRUE(known_provider(route.provider)) << route.provider;
}

}  // namespace
}  // namespace sluice::app
