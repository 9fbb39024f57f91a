#include "gateway/plan.hpp"

#include "policy/region.hpp"

#include <algorithm>
#include <string>
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
  return fail(Error(ErrorCode::model_not_found, std::move(message)).with_param("model"));
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

Failure not_in_region(const Route& route, catalog::Region region) {
  catalog::Regions there;
  for (const Target& target : route.targets) there.add(target.regions);
  return fail(Error(ErrorCode::model_not_available_in_region,
                    "the model '" + route.model->id + "' is not available in the region " +
                        std::string(name(region)) + "; it is in: " + (there.empty() ? "none" : there.text()))
                  .with_param("model"));
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

}  // namespace

Result<Plan> plan(const Routes& routes, const chat::Request& request, std::optional<catalog::Region> entered,
                  std::uint64_t body_bytes) {
  const Route* route = routes.find(request.model);
  if (!route) {
    if (!routes.knows(request.model)) return unknown_model(routes, request.model);
    return fail(
        Error(ErrorCode::upstream_model_unavailable,
              "no provider is configured for the model '" + request.model + "'; set its key or add a target")
            .with_param("model"));
  }
  auto region = asked_region(request, entered);
  if (!region) return fail(region);
  // The body is a bound that is there already; only where it exceeds is the text in it worth counting.
  if (catalog::exceeds_context(*route->model, body_bytes) &&
      catalog::exceeds_context(*route->model, text_bytes_at_least(request)))
    return fail(Error(ErrorCode::context_length_exceeded,
                      "the request is certain to exceed the context of '" + route->model->id +
                          "', which is under " + std::to_string(*route->model->context_window) + " tokens")
                    .with_param("messages"));
  const auto usable = std::ranges::find_if(
      route->targets, [&](const Target& target) { return policy::may_reach(target.regions, *region); });
  if (usable == route->targets.end()) return not_in_region(*route, **region);
  return Plan{route, &*usable};
}

}  // namespace sluice::gateway
