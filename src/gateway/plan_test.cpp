#include "gateway/plan.hpp"

#include "policy/region.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>

namespace sluice::gateway {
namespace {

constexpr std::size_t window = 1000;
constexpr std::size_t too_much = window * 128;

/// Routes to one model, whose context is `window` tokens.
Routes small_model() {
  static const catalog::Catalog known;
  std::vector<std::unique_ptr<Provider>> providers;
  providers.push_back(std::make_unique<Provider>());
  const Target target{.provider = providers[0].get(), .model = "m", .regions = {catalog::Region::us}};
  return {
      std::move(providers), {{.model = {.id = "m", .context_window = window}, .targets = {target}}}, known};
}

/// What a request with one part in one message is told.
std::optional<ErrorCode> told(chat::Part part, std::uint64_t body_bytes) {
  std::pmr::monotonic_buffer_resource arena;
  chat::Request request(&arena);
  request.model = "m";
  request.messages.emplace_back().parts.push_back(std::move(part));
  const auto planned = plan(small_model(), request, std::nullopt, body_bytes);
  return planned ? std::nullopt : std::optional(planned.error().code());
}

TEST(Plan, RefusesTextThatCannotFit) {
  const std::string text(too_much, ' ');
  EXPECT_EQ(told({.content = chat::TextPart{json::Text(text)}}, text.size()),
            ErrorCode::context_length_exceeded);
}

TEST(Plan, LeavesToTheProviderWhatMayFit) {
  const std::string text(too_much - 128, ' ');
  EXPECT_EQ(told({.content = chat::TextPart{json::Text(text)}}, 2 * too_much), std::nullopt);
}

TEST(Plan, DoesNotTakeImagesForText) {
  const std::string data(2 * too_much, 'A');
  const chat::ImagePart image{.media = {.data = json::Text(data)}};
  EXPECT_EQ(told({.content = image}, data.size()), std::nullopt);
}

TEST(Plan, CountsWhatEscapesMean) {
  std::string text;
  while (text.size() < too_much) text += "\\u0020";
  EXPECT_EQ(told({.content = chat::TextPart{json::Text(text)}}, text.size()), std::nullopt);
}

/// Who serves what: `gpt-5` in the US first and then in the EU, `gpt-5-mini` at an unknown place; `claude` is
/// only known.
class PlannedRoutes : public testing::Test {
 protected:
  PlannedRoutes() {
    std::vector<std::unique_ptr<Provider>> providers;
    for (int i = 0; i < 3; ++i) providers.push_back(std::make_unique<Provider>());
    using catalog::Region;
    const Target eu{.provider = providers[0].get(), .model = "eu", .regions = {Region::eu}, .priority = 1};
    const Target us{.provider = providers[1].get(), .model = "us", .regions = {Region::us}, .priority = 0};
    const Target anywhere{.provider = providers[2].get(), .model = "anywhere"};
    std::vector<Routes::Entry> entries;
    entries.push_back({.model = {.id = "gpt-5"}, .targets = {eu, us}});
    entries.push_back({.model = {.id = "gpt-5-mini"}, .targets = {anywhere}});
    routes_.emplace(std::move(providers), std::move(entries), known_);
  }

  /// Of each model the first target that may be reached; `?` stands before one whose question differs.
  static std::string described(const Plan& plan) {
    std::string out;
    for (const PlannedModel& model : plan.models) {
      const auto target = std::ranges::find_if(
          model.route->targets, [&](const Target& t) { return policy::may_reach(t.regions, plan.region); });
      out.append(out.empty() ? "" : " ").append(model.question ? "?" : "").append(target->model);
    }
    return out;
  }

  /// The plan, or the error's code and message.
  std::string planned(std::string_view json, std::optional<catalog::Region> entered = std::nullopt) {
    json::Document document;
    const std::string text(json);
    const auto root = document.parse(text);
    EXPECT_TRUE(root);
    std::pmr::monotonic_buffer_resource arena;
    chat::Request request(&arena);
    request.source = *root;
    request.model = (*root)["model"].string();
    const auto plan_made = plan(*routes_, request, entered, text.size());
    if (plan_made) return described(*plan_made);
    param_ = plan_made.error().param();
    return std::string(plan_made.error().traits().name) + ": " + plan_made.error().message();
  }

  const catalog::Catalog known_{
      std::vector<catalog::Model>{{.id = "gpt-5"}, {.id = "gpt-5-mini"}, {.id = "claude"}}};
  std::optional<Routes> routes_;
  std::string param_;
};

TEST_F(PlannedRoutes, NamesTheNearestModels) {
  EXPECT_THAT(planned(R"({"model":"gpt-55"})"),
              testing::HasSubstr("model_not_found: the model 'gpt-55' does not exist"));
  EXPECT_EQ(param_, "model");
  EXPECT_THAT(planned(R"({"model":"gpt-55"})"), testing::HasSubstr("did you mean 'gpt-5'"));
  EXPECT_THAT(planned(R"({"model":"zzzzzzzzzzzz"})"), testing::HasSubstr("GET /v1/models"));
}

TEST_F(PlannedRoutes, TellsAModelWithoutProviderFromAnUnknownOne) {
  EXPECT_THAT(planned(R"({"model":"claude"})"),
              testing::StartsWith("upstream_model_unavailable: no provider"));
}

TEST_F(PlannedRoutes, TriesTheFirstPriorityFirst) {
  EXPECT_EQ(planned(R"({"model":"gpt-5"})"), "us");
}

TEST_F(PlannedRoutes, StaysInTheRegion) {
  using catalog::Region;
  EXPECT_EQ(planned(R"({"model":"gpt-5"})", Region::eu), "eu");
  EXPECT_EQ(planned(R"({"model":"gpt-5"})", Region::us), "us");
  EXPECT_EQ(planned(R"({"model":"gpt-5","model_region":"eu"})"), "eu");
  EXPECT_EQ(planned(R"({"model":"gpt-5","model_region":"eu"})", Region::eu), "eu");
  EXPECT_EQ(planned(R"({"model":"gpt-5","model_region":null})", Region::eu), "eu");
  EXPECT_EQ(planned(R"({"model":"gpt-5-mini"})"), "anywhere");
  EXPECT_THAT(
      planned(R"({"model":"gpt-5-mini"})", Region::eu),
      testing::StartsWith("model_not_available_in_region: the model 'gpt-5-mini' is not available in the "
                          "region eu; it is in: none"));
}

TEST_F(PlannedRoutes, CannotBeTalkedOutOfTheRegion) {
  using catalog::Region;
  EXPECT_THAT(planned(R"({"model":"gpt-5","model_region":"us"})", Region::eu),
              testing::StartsWith("unknown_region"));
  EXPECT_EQ(param_, "model_region");
  EXPECT_THAT(planned(R"({"model":"gpt-5","model_region":"global"})", Region::eu),
              testing::StartsWith("unknown_region"));
}

TEST_F(PlannedRoutes, NarrowsFromGlobal) {
  using catalog::Region;
  EXPECT_EQ(planned(R"({"model":"gpt-5","model_region":"global"})"), "us");
  EXPECT_EQ(planned(R"({"model":"gpt-5","model_region":"eu"})", Region::global), "eu");
}

TEST_F(PlannedRoutes, RefusesRegionsThatThereAreNot) {
  for (std::string_view region : {R"("mars")", R"("")", "7", "{}"})
    EXPECT_THAT(
        planned(R"({"model":"gpt-5","model_region":)" + std::string(region) + "}"),
        testing::AllOf(testing::StartsWith("unknown_region"), testing::HasSubstr("us, eu or global")));
}

TEST_F(PlannedRoutes, FallsBackAsFarAsTheDepthSays) {
  const std::string two = R"("model":"gpt-5","messages":[{"role":"user","content":"Hi"}],)"
                          R"("fallbacks":[{"model":"gpt-5-mini"},{"model":"gpt-5","temperature":0}])";
  EXPECT_EQ(planned("{" + two + "}"), "us anywhere");
  EXPECT_EQ(planned("{" + two + R"(,"fallback_config":{"depth":2}})"), "us anywhere ?us");
  EXPECT_EQ(planned("{" + two + R"(,"fallback_config":{"depth":0}})"), "us");
}

TEST_F(PlannedRoutes, KnowsThatAllFallbacksAreGood) {
  const auto told = [&](std::string_view further) {
    return planned(R"({"model":"gpt-5","messages":[{"role":"user","content":"Hi"}],)" + std::string(further) +
                   "}");
  };
  using testing::StartsWith;
  EXPECT_THAT(told(R"("fallbacks":[{"model":"gpt-6"}])"), StartsWith("model_not_found: the model 'gpt-6'"));
  EXPECT_EQ(param_, "fallbacks[0].model");
  EXPECT_THAT(told(R"("fallbacks":["gpt-5-mini"])"), StartsWith("invalid_request: must be an object"));
  EXPECT_EQ(param_, "fallbacks[0]");
  EXPECT_THAT(told(R"("fallbacks":"gpt-5-mini")"), StartsWith("invalid_request: must be an array"));
  EXPECT_THAT(told(R"("fallbacks":[{"model":"gpt-5","messages":7}])"),
              StartsWith("invalid_request: fallbacks[0]"));
  EXPECT_THAT(told(R"("fallbacks":[{"model":"gpt-5","stream":true}])"),
              StartsWith("invalid_request: cannot"));
  EXPECT_EQ(param_, "fallbacks[0].stream");
  EXPECT_THAT(told(R"("fallbacks":[{"model":"gpt-5","on":["tired"]}])"), testing::HasSubstr("\"tired\""));
  EXPECT_EQ(param_, "fallbacks[0].on");
  EXPECT_THAT(told(R"("fallback_config":{"depth":3})"), testing::HasSubstr("from 0 to 2"));
  EXPECT_EQ(param_, "fallback_config.depth");
  EXPECT_THAT(told(R"("fallback_config":{"retry":"no"})"), testing::HasSubstr("true or false"));
}

TEST_F(PlannedRoutes, KeepsFallbacksInTheRegion) {
  EXPECT_THAT(planned(R"({"model":"gpt-5","fallbacks":[{"model":"gpt-5-mini"}]})", catalog::Region::eu),
              testing::StartsWith("model_not_available_in_region: the model 'gpt-5-mini'"));
  EXPECT_EQ(param_, "fallbacks[0].model");
}

}  // namespace
}  // namespace sluice::gateway
