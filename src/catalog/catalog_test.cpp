#include "catalog/catalog.hpp"

#include "catalog/families.hpp"
#include "json/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace sluice::catalog {
namespace {

using testing::ElementsAre;

const Catalog& built_in() {
  static const Catalog catalog = [] {
    auto loaded = built_in_catalog();
    if (!loaded) throw std::runtime_error(loaded.error().message());
    return std::move(*loaded);
  }();
  return catalog;
}

std::vector<std::string> ids(const std::vector<const Model*>& models) {
  std::vector<std::string> out;
  for (const Model* model : models) out.push_back(model->id);
  return out;
}

std::string why_not(std::string_view json) {
  const auto loaded = load_catalog(json);
  return loaded ? "" : loaded.error().message();
}

TEST(BuiltInCatalog, HasTheTwentySixModels) {
  EXPECT_EQ(built_in().models().size(), 26U);
}

TEST(BuiltInCatalog, EveryRouteHasAFamilyOfItsOwn) {
  const auto families = built_in_families();
  ASSERT_TRUE(families) << families.error().message();
  for (const Model& model : built_in().models())
    for (const Route& route : model.routes)
      EXPECT_NE(families->capabilities(route.model).family, "generic") << route.model;
}

TEST(BuiltInCatalog, SaysWhatTheHostedTablesSay) {
  const Model* opus = built_in().find("claude-opus-4-6");
  ASSERT_TRUE(opus);
  EXPECT_EQ(opus->name, "Claude Opus 4.6");
  EXPECT_EQ(opus->creator, "Anthropic");
  EXPECT_EQ(opus->lmarena_score, 1498);
  EXPECT_EQ(opus->latency_per_10k_tokens_s, 7.4);
  EXPECT_EQ(opus->context_window, 200000);
  EXPECT_EQ(opus->regions, (Regions{Region::us, Region::eu}));
  EXPECT_EQ(opus->prices->input, 5);
  EXPECT_EQ(opus->prices->output, 25);
  EXPECT_EQ(opus->prompt_caching, "explicit");

  const Model* preview = built_in().find("gemini-3.1-flash-lite-preview");
  ASSERT_TRUE(preview);
  EXPECT_EQ(preview->regions, Regions{Region::us});
  EXPECT_FALSE(preview->latency_per_10k_tokens_s);
  EXPECT_FALSE(preview->context_window);
  EXPECT_FALSE(preview->prices);
}

TEST(BuiltInCatalog, AgreesWithTheSharedTable) {
  const char* shared = std::getenv("SLUICE_SHARED");
  const std::filesystem::path path =
      std::filesystem::path(shared ? shared : SLUICE_SOURCE_DIR "/../shared") / "data/models.json";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << path << " is not here";
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  json::Document document;
  const auto rows = document.parse(text);
  ASSERT_TRUE(rows);

  std::size_t seen = 0;
  for (json::Value row : rows->elements()) {
    if (row["in_seed_table"].boolean() != true) continue;
    ++seen;
    const Model* model = built_in().find(row["id"].string());
    ASSERT_TRUE(model) << row["id"].string();
    EXPECT_EQ(model->name, row["display_name"].string());
    EXPECT_EQ(model->creator, row["provider"].string());
    EXPECT_EQ(model->lmarena_score, row["lmarena_score"].integer());
    EXPECT_EQ(model->latency_per_10k_tokens_s, row["latency_per_10k_tokens_s"].number());
    EXPECT_EQ(model->context_window, row["context_window"].integer());
    EXPECT_EQ(model->tools, row["tools"].boolean());
    EXPECT_EQ(model->prompt_caching, row["prompt_caching"].string());
    Regions regions;
    for (json::Value region : row["regions"].elements()) regions.add(*region_named(region.string()));
    EXPECT_EQ(model->regions, regions);
    EXPECT_EQ(model->prices.has_value(), row["price_in_per_1m_usd"].is_number());
    if (!model->prices) continue;
    EXPECT_EQ(model->prices->input, row["price_in_per_1m_usd"].number());
    EXPECT_EQ(model->prices->output, row["price_out_per_1m_usd"].number());
  }
  EXPECT_EQ(seen, built_in().models().size());
}

TEST(BuiltInCatalog, RoutesEachFamilyToItsMaker) {
  const std::vector<std::pair<std::string, std::string>> makers{
      {"claude-opus-4-7", "anthropic"}, {"gpt-5", "openai"},        {"gemini-2.5-pro", "gemini"},
      {"kimi-k2.5", "moonshot"},        {"qwen3-32B", "dashscope"}, {"gpt-oss-20b", "groq"}};
  for (const auto& [id, provider] : makers)
    EXPECT_EQ(built_in().find(id)->routes[0].provider, provider) << id;
}

TEST(Catalog, FindsTheExactIdThenTheLowerCasedAlias) {
  ASSERT_TRUE(built_in().find("qwen3-32B"));
  EXPECT_EQ(built_in().find("qwen3-32b"), built_in().find("qwen3-32B"));
  EXPECT_EQ(built_in().find("GPT-5"), built_in().find("gpt-5"));
  EXPECT_FALSE(built_in().find("gpt-5 "));
  EXPECT_FALSE(built_in().find(""));
}

TEST(Catalog, PrefersTheExactIdAndRefusesToGuess) {
  const Catalog catalog({Model{.id = "Tiny"}, Model{.id = "tiny"}});
  EXPECT_EQ(catalog.find("Tiny")->id, "Tiny");
  EXPECT_EQ(catalog.find("tiny")->id, "tiny");
  EXPECT_FALSE(catalog.find("TINY"));
}

TEST(Catalog, NamesTheNearest) {
  EXPECT_EQ(built_in().nearest("claude-sonnet-4.6").front(), "claude-sonnet-4-6");
  EXPECT_EQ(built_in().nearest("gpt-5-mni").front(), "gpt-5-mini");
  EXPECT_TRUE(built_in().nearest("zzzzzzzzzzzz").empty());
}

TEST(Catalog, ListsByQuality) {
  const auto listed = ids(built_in().list(Order::quality, std::nullopt));
  ASSERT_EQ(listed.size(), 26U);
  EXPECT_EQ(listed.front(), "claude-opus-4-6");
  EXPECT_EQ(listed[1], "claude-opus-4-7");
  EXPECT_EQ(listed.back(), "gpt-oss-20b");
}

TEST(Catalog, ListsByLatencyWithTheUnknownLastAndEqualsByQuality) {
  const auto listed = ids(built_in().list(Order::latency, std::nullopt));
  EXPECT_EQ(listed[0], "gemini-2.5-flash-lite");  // 1.1 s as gpt-oss-20b, better
  EXPECT_EQ(listed[1], "gpt-oss-20b");
  const std::vector<std::string> last(listed.end() - 4, listed.end());
  EXPECT_THAT(last,
              ElementsAre("claude-opus-4-7", "gemini-3.5-flash", "gpt-5.5", "gemini-3.1-flash-lite-preview"));
}

TEST(Catalog, ListsByPriceAndProvider) {
  EXPECT_EQ(ids(built_in().list(Order::price, std::nullopt)).front(), "gpt-oss-20b");
  const auto listed = built_in().list(Order::provider, std::nullopt);
  EXPECT_EQ(listed.front()->creator, "Alibaba Cloud");
  EXPECT_EQ(listed.back()->creator, "OpenAI");
}

TEST(Catalog, ListsWhatARegionOffers) {
  for (const Model* model : built_in().list(std::nullopt, Region::eu))
    EXPECT_TRUE(model->creator == "Anthropic" || model->creator == "Google") << model->id;
  EXPECT_EQ(built_in().list(std::nullopt, Region::eu).size(), 13U);
  EXPECT_EQ(built_in().list(std::nullopt, Region::us).size(), 26U);
  EXPECT_TRUE(built_in().list(std::nullopt, Region::global).empty());
}

TEST(ContextWindow, IsExceededOnlyWhereThatIsCertain) {
  const Model opus{.context_window = 200000};
  EXPECT_FALSE(exceeds_context(opus, 200000 * 100));
  EXPECT_TRUE(exceeds_context(opus, 200000ULL * 128));
  EXPECT_FALSE(exceeds_context(Model{}, ~0ULL));
}

TEST(LoadCatalog, NamesTheEntryAndTheField) {
  const std::string good =
      R"("name":"N","creator":"C","regions":["us"],"routes":[{"provider":"p","model":"m"}])";
  EXPECT_EQ(why_not(R"([{"id":"a",)" + good + "}]"), "");
  EXPECT_EQ(why_not("{}"), "models: must be a list");
  EXPECT_EQ(why_not("[1]"), "models[0]: must be an object, not a number");
  EXPECT_EQ(why_not("[{" + good + "}]"), "models[0]: id: must be a text that is not empty");
  EXPECT_EQ(why_not(R"([{"id":"a",)" + good + R"(},{"id":"a",)" + good + "}]"),
            "models[1] (a): id: is there twice");
  EXPECT_EQ(why_not(R"([{"id":"a","context_windw":1,)" + good + "}]"),
            "models[0] (a): context_windw: unknown field; did you mean context_window?");
  EXPECT_EQ(why_not(R"([{"id":"a","context_window":"big",)" + good + "}]"),
            "models[0] (a): context_window: must be a whole number of 0 or more, or null");
  EXPECT_EQ(why_not(R"([{"id":"a","prices":{"input":1},)" + good + "}]"),
            "models[0] (a): prices: output: is missing");
  EXPECT_EQ(why_not(R"([{"id":"a","name":"N","creator":"C","regions":["mars"],"routes":[{}]}])"),
            "models[0] (a): regions: must be a list of us, eu, global");
  EXPECT_EQ(why_not(R"([{"id":"a","name":"N","creator":"C","regions":["us"],"routes":[{"provider":"p"}]}])"),
            "models[0] (a): routes[0]: model: must be a text that is not empty");
  EXPECT_EQ(why_not(R"([{"id":"a","name":"N","creator":"C","regions":["us"],"routes":[]}])"),
            "models[0] (a): routes: must be a list of at least one {provider, model}");
}

}  // namespace
}  // namespace sluice::catalog
