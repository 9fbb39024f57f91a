#include "catalog/catalog.hpp"
#include "catalog/data_entry.hpp"
#include "catalog/embedded.hpp"

#include <fmt/format.h>

#include <array>
#include <set>

namespace sluice::catalog {
namespace {

constexpr std::array<std::string_view, 3> caching_words{"explicit", "automatic", "none"};

Result<std::optional<Prices>> read_prices(json::Value object, const std::string& place) {
  if (!object) return std::nullopt;
  DataEntry entry(object, place + ": prices");
  const auto input = entry.amount("input"), output = entry.amount("output");
  Prices prices{.cache_read = entry.amount("cache_read"), .cache_write = entry.amount("cache_write")};
  if (!input) entry.fail_at("input", "is missing");
  if (!output) entry.fail_at("output", "is missing");
  if (auto checked = entry.finish(); !checked) return fail(checked);
  prices.input = *input;
  prices.output = *output;
  return prices;
}

Regions read_regions(DataEntry& entry) {
  Regions regions;
  for (const std::string& word : entry.texts("regions")) {
    const auto region = region_named(word);
    if (!region) entry.fail_at("regions", "must be a list of us, eu, global");
    if (region) regions.add(*region);
  }
  if (regions.empty()) entry.fail_at("regions", "must name at least one of us, eu, global");
  return regions;
}

Result<std::vector<Route>> read_routes(json::Value list, const std::string& place) {
  std::vector<Route> routes;
  for (json::Value object : list.elements()) {
    DataEntry entry(object, fmt::format("{}: routes[{}]", place, routes.size()));
    routes.push_back({.provider = entry.text("provider"), .model = entry.text("model")});
    if (auto checked = entry.finish(); !checked) return fail(checked);
  }
  return routes;
}

Result<Model> read_model(json::Value object, std::size_t index) {
  DataEntry entry(object, fmt::format("models[{}]", index));
  Model model;
  model.id = entry.text("id");
  entry.call(model.id);
  model.name = entry.text("name");
  model.creator = entry.text("creator");
  model.lmarena_score = entry.count("lmarena_score");
  model.latency_per_10k_tokens_s = entry.amount("latency_per_10k_tokens_s");
  model.context_window = entry.count("context_window");
  model.regions = read_regions(entry);
  model.streaming = entry.flag("streaming");
  model.tools = entry.flag("tools");
  model.structured_outputs = entry.flag("structured_outputs");
  model.prompt_caching = entry.word("prompt_caching", caching_words);
  const json::Value prices_object = entry.member("prices"), routes_list = entry.member("routes");
  if (routes_list.size() == 0 || !routes_list.is_array())
    entry.fail_at("routes", "must be a list of at least one {provider, model}");
  if (auto checked = entry.finish(); !checked) return fail(checked);

  auto prices = read_prices(prices_object, entry.place());
  if (!prices) return fail(prices);
  model.prices = *prices;
  auto routes = read_routes(routes_list, entry.place());
  if (!routes) return fail(routes);
  model.routes = std::move(*routes);
  return model;
}

}  // namespace

Result<Catalog> load_catalog(std::string_view json) {
  json::Document document;
  const auto root = document.parse(json);
  if (!root) return fail(Error(ErrorCode::internal, root.error().message()).within("models"));
  if (!root->is_array()) return fail(ErrorCode::internal, "models: must be a list");

  std::vector<Model> models;
  std::set<std::string> ids;
  for (json::Value object : root->elements()) {
    auto model = read_model(object, models.size());
    if (!model) return fail(model);
    if (!ids.insert(model->id).second)
      return fail(ErrorCode::internal,
                  fmt::format("models[{}] ({}): id: is there twice", models.size(), model->id));
    models.push_back(std::move(*model));
  }
  return Catalog(std::move(models));
}

Result<Catalog> built_in_catalog() {
  return load_catalog(embedded_models);
}

}  // namespace sluice::catalog
