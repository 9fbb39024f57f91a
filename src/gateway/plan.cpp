#include "gateway/plan.hpp"

#include "gateway/fallbacks.hpp"
#include "policy/region.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <tuple>
#include <variant>

namespace sluice::gateway {
namespace {

Failure unknown_model(const Routes& routes, const std::string& model) {
  constexpr std::size_t most_shown = 100;
  const bool cut = model.size() > most_shown;
  std::string message = "the model '" + model.substr(0, most_shown) + (cut ? "..." : "") + "' does not exist";
  const auto near = cut ? std::vector<std::string_view>() : routes.catalog().nearest(model);
  for (std::size_t i = 0; i < near.size(); ++i)
    message.append(i == 0 ? "; did you mean '" : i + 1 < near.size() ? "', '" : "' or '").append(near[i]);
  message.append(near.empty() ? "; GET /v1/models lists those that do" : "'?");
  return fail(ErrorCode::model_not_found, std::move(message));
}

/// `model_region` of the hosted service: it may narrow where a request goes, never widen it.
Result<std::optional<catalog::Region>> asked_region(const chat::Request& request,
                                                    std::optional<catalog::Region> entered) {
  const json::Value asked = request.source["model_region"];
  if (!asked) return entered;
  const auto region = catalog::region_named(asked.string());
  if (!region)
    return fail(Error(ErrorCode::unknown_region, "the region '" + asked.string() +
                                                     "' does not exist; model_region may be us, eu or global")
                    .with_param("model_region"));
  if (entered && *entered != catalog::Region::global && region != entered)
    return fail(Error(ErrorCode::unknown_region, "this address serves the region " +
                                                     std::string(name(*entered)) +
                                                     " only; model_region cannot leave it")
                    .with_param("model_region"));
  if (*region == catalog::Region::global) return std::optional<catalog::Region>();
  return std::optional(*region);
}

bool reachable(const Route& route, std::optional<catalog::Region> region) {
  return std::ranges::any_of(route.targets,
                             [&](const Target& target) { return policy::may_reach(target.regions, region); });
}

/// Models of the same maker, closest in quality, that can be had there.
std::string near_in_region(const Routes& routes, const Route& wanted, catalog::Region region) {
  struct Near {
    std::string_view id;
    bool same_maker;
    std::int64_t distance;
  };
  std::vector<Near> near;
  const std::int64_t quality = wanted.model->lmarena_score.value_or(0);
  for (const catalog::Model& model : routes.catalog().models()) {
    const Route* route = routes.find(model.id);
    if (!route || !reachable(*route, region)) continue;
    near.push_back({model.id, model.creator == wanted.model->creator,
                    std::abs(model.lmarena_score.value_or(0) - quality)});
  }
  std::ranges::sort(near, [](const Near& a, const Near& b) {
    return std::tuple(!a.same_maker, a.distance, a.id) < std::tuple(!b.same_maker, b.distance, b.id);
  });
  constexpr std::size_t most = 3;
  std::string out;
  for (std::size_t i = 0; i < near.size() && i < most; ++i)
    out.append(i == 0 ? "; available there: '" : "', '").append(near[i].id);
  return out.empty() ? out : out + "'";
}

Failure not_in_region(const Routes& routes, const Route& route, catalog::Region region) {
  catalog::Regions there;
  for (const Target& target : route.targets) there.add(target.regions);
  return fail(ErrorCode::model_not_available_in_region,
              "the model '" + route.model->id + "' is not available in the region " +
                  std::string(name(region)) + "; it is in: " + (there.empty() ? "none" : there.text()) +
                  near_in_region(routes, route, region));
}

Result<const Route*> usable_route(const Routes& routes, const std::string& model,
                                  std::optional<catalog::Region> region) {
  const Route* route = routes.find(model);
  if (!route && !routes.knows(model)) return unknown_model(routes, model);
  if (!route)
    return fail(ErrorCode::upstream_model_unavailable,
                "no provider is configured for the model '" + model + "'; set its key or add a target");
  if (!reachable(*route, region)) return not_in_region(routes, *route, *region);
  return route;
}

/// Bytes of text in the messages. Most of a large body is no text: images cost few tokens for their bytes,
/// and an escape may take six bytes for one (`\u0020`).
std::uint64_t text_bytes_at_least(const chat::Request& request) {
  std::uint64_t bytes = 0;
  for (const chat::Message& message : request.messages)
    for (const chat::Part& part : message.parts)
      if (const auto* text = std::get_if<chat::TextPart>(&part.content))
        bytes += text->text.escaped().size() / (text->text.has_escapes() ? 6 : 1);
  return bytes;
}

/// The body is a bound that is there already; only where it exceeds is the text in it worth counting.
Result<> check_context(const catalog::Model& model, const chat::Request& request, std::uint64_t body_bytes) {
  if (!catalog::exceeds_context(model, body_bytes) ||
      !catalog::exceeds_context(model, text_bytes_at_least(request)))
    return {};
  return fail(Error(ErrorCode::context_length_exceeded, "the request is certain to exceed the context of '" +
                                                            model.id + "', which is under " +
                                                            std::to_string(*model.context_window) + " tokens")
                  .with_param("messages"));
}

/// What the configuration says to fall back to, as far as the request may go there.
void add_configured(const Route& route, std::optional<catalog::Region> region, Plan& planned) {
  for (const Route::Fallback& fallback : route.fallbacks)
    if (reachable(*fallback.route, region))
      planned.models.push_back({.route = fallback.route, .on = fallback.on});
}

}  // namespace

Result<Plan> plan(const Routes& routes, const chat::Request& request, std::optional<catalog::Region> entered,
                  std::uint64_t body_bytes) {
  auto region = asked_region(request, entered);
  if (!region) return fail(region);
  auto config = read_fallback_config(request, routes.max_fallback_depth());
  if (!config) return fail(config);
  auto fallbacks = read_fallbacks(request, config->depth);
  if (!fallbacks) return fail(fallbacks);

  Plan planned{.region = *region, .models = {}};
  auto first = usable_route(routes, request.model, *region);
  if (!first) return fail(std::move(first.error()).with_param("model"));
  if (auto fits = check_context(*(*first)->model, request, body_bytes); !fits) return fail(fits);
  planned.models.push_back({.route = *first, .on = {}});
  for (Fallback& fallback : *fallbacks) {
    auto route = usable_route(routes, fallback.model, *region);
    if (!route) return fail(std::move(route.error()).with_param(fallback.param + ".model"));
    planned.models.push_back({.route = *route, .on = fallback.on, .question = std::move(fallback.question)});
  }
  if (fallbacks->empty()) add_configured(**first, *region, planned);
  // The hosted service asks a target twice only where there is nothing to fall back to.
  planned.retry = config->retry.value_or(planned.models.size() == 1);
  return planned;
}

}  // namespace sluice::gateway
