#include "app/build_routes.hpp"

#include <algorithm>

#include "dialect/host_profile.hpp"

namespace sluice::app {
namespace {

using gateway::Provider;
using gateway::Route;
using gateway::Target;
using Providers = std::vector<std::unique_ptr<Provider>>;

std::unique_ptr<Provider> make_provider(const ProviderConfig& config, const http::Deadlines& deadlines) {
  auto provider = std::make_unique<Provider>();
  provider->name = config.name;
  provider->dialect = dialect::find(config.api);
  const dialect::HostProfile* named = config.profile.empty() ? nullptr : dialect::profile_named(config.profile);
  provider->host = named ? named : &dialect::profile_for(config.base_url.host);
  provider->base = config.base_url;
  provider->api_key = config.api_key;
  provider->regions = config.regions;
  provider->deadlines = deadlines;
  for (const auto& [name, value] : config.headers) provider->headers.push_back({name, std::string(value.reveal())});
  return provider;
}

const Provider* named(const Providers& providers, std::string_view name) {
  const auto found = std::ranges::find(providers, name, [](const auto& p) { return std::string_view(p->name); });
  return found == providers.end() ? nullptr : found->get();
}

/// The provider's name for a model where the configuration does not say: the catalog's, else the id.
std::string upstream_name(const catalog::Model& model, std::string_view provider) {
  const auto route = std::ranges::find(model.routes, provider, &catalog::Route::provider);
  return route == model.routes.end() ? model.id : route->model;
}

Target make_target(const Provider& provider, std::string model, const catalog::Families& families) {
  Target target{.provider = &provider, .model = std::move(model), .regions = provider.regions};
  target.capabilities = &families.capabilities(target.model);
  return target;
}

/// Targets that the configuration names.
std::vector<Target> named_targets(const ModelConfig& config, const catalog::Model& model, const Providers& providers,
                                  const catalog::Families& families) {
  std::vector<Target> targets;
  for (const TargetConfig& wanted : config.targets) {
    const Provider* provider = named(providers, wanted.provider);
    Target target = make_target(
        *provider, wanted.model.empty() ? upstream_name(model, wanted.provider) : wanted.model, families);
    if (!wanted.regions.empty()) target.regions = wanted.regions;
    target.weight = wanted.weight;
    target.priority = static_cast<int>(wanted.priority);
    targets.push_back(std::move(target));
  }
  return targets;
}

/// Every configured provider that the catalog says has the model, the catalog's first choice first.
std::vector<Target> usual_targets(const catalog::Model& model, const Providers& providers,
                                  const catalog::Families& families) {
  std::vector<Target> targets;
  for (const catalog::Route& route : model.routes) {
    const Provider* provider = named(providers, route.provider);
    if (!provider) continue;
    Target target = make_target(*provider, route.model, families);
    target.priority = static_cast<int>(targets.size());
    targets.push_back(std::move(target));
  }
  return targets;
}

void lay_over(const ModelConfig& config, catalog::Model& model) {
  model.id = config.id;
  if (config.name) model.name = *config.name;
  if (config.creator) model.creator = *config.creator;
  if (config.context_window) model.context_window = config.context_window;
  if (config.lmarena_score) model.lmarena_score = config.lmarena_score;
  if (config.latency_per_10k_tokens_s) model.latency_per_10k_tokens_s = config.latency_per_10k_tokens_s;
  if (config.prices) model.prices = config.prices;
  if (model.name.empty()) model.name = model.id;
  for (const TargetConfig& target : config.targets) model.regions.add(target.regions);
}

}  // namespace

catalog::Catalog merge_catalog(const catalog::Catalog& built_in, const Config& config) {
  std::vector<catalog::Model> models(built_in.models().begin(), built_in.models().end());
  for (const ModelConfig& added : config.models) {
    auto known = std::ranges::find(models, added.id, &catalog::Model::id);
    if (known == models.end()) {
      models.push_back({});
      known = models.end() - 1;
      // Where it is served is where its providers are.
      for (const TargetConfig& target : added.targets)
        for (const ProviderConfig& provider : config.providers)
          if (provider.name == target.provider && target.regions.empty()) known->regions.add(provider.regions);
    }
    lay_over(added, *known);
  }
  return catalog::Catalog(std::move(models));
}

gateway::Routes build_routes(const Config& config, const catalog::Catalog& catalog,
                             const catalog::Families& families) {
  Providers providers;
  for (const ProviderConfig& provider : config.providers)
    providers.push_back(make_provider(provider, config.limits.timeouts));
  std::vector<Route> routes;
  for (const catalog::Model& model : catalog.models()) {
    const auto configured = std::ranges::find(config.models, model.id, &ModelConfig::id);
    Route route{.model = &model};
    if (configured != config.models.end() && !configured->targets.empty()) {
      route.targets = named_targets(*configured, model, providers, families);
    } else {
      route.targets = usual_targets(model, providers, families);
    }
    if (!route.targets.empty()) routes.push_back(std::move(route));
  }
  return gateway::Routes(std::move(providers), catalog, std::move(routes));
}

}  // namespace sluice::app
