#include "app/served_models.hpp"

#include "dialect/bedrock/residency.hpp"
#include "policy/region.hpp"

#include <algorithm>

namespace sluice::app {
namespace {

const ProviderConfig* provider_named(const Config& config, std::string_view name) {
  const auto found = std::ranges::find(config.providers, name, &ProviderConfig::name);
  return found == config.providers.end() ? nullptr : &*found;
}

/// What the catalog calls the model at that provider; its id where it does not say.
std::string usual_name(const catalog::Model& model, std::string_view provider) {
  const auto route = std::ranges::find(model.routes, provider, &catalog::Route::provider);
  return route == model.routes.end() ? model.id : route->model;
}

template <class T>
void override_with(const std::optional<T>& value, auto& out) {
  if (value) out = *value;
}

void overlay(const ModelConfig& said, catalog::Model& model) {
  override_with(said.name, model.name);
  override_with(said.creator, model.creator);
  override_with(said.context_window, model.context_window);
  override_with(said.lmarena_score, model.lmarena_score);
  override_with(said.latency_per_10k_tokens_s, model.latency_per_10k_tokens_s);
  override_with(said.prices, model.prices);
}

/// The simulator is where this process is, so it counts for each region; a target keeps a request in one
/// alone. It has a model of the catalog where the catalog has it.
void declare_demo_per_region(const Config& config, const catalog::Model& model,
                             std::vector<TargetConfig>& targets) {
  std::vector<TargetConfig> declared;
  for (const TargetConfig& target : targets) {
    if (provider_named(config, target.provider) || !target.regions.empty()) {
      declared.push_back(target);
      continue;
    }
    for (const auto& row : catalog::region_table) {
      if (!model.regions.empty() && !model.regions.contains(row.first)) continue;
      declared.push_back(target);
      declared.back().regions = {row.first};
    }
  }
  targets = std::move(declared);
}

/// The provider's. Of several, an inference profile of AWS keeps to its own.
catalog::Regions usual_regions(const ProviderConfig& provider, std::string_view model) {
  const bool on_aws = provider.api == "bedrock.converse";
  const auto runs_in = on_aws ? dialect::bedrock::regions_of_profile(model) : std::nullopt;
  return runs_in && provider.regions.contains(*runs_in) ? *runs_in : provider.regions;
}

/// Fills in what the targets leave open.
void complete(const Config& config, const catalog::Model& model, std::vector<TargetConfig>& targets) {
  for (TargetConfig& target : targets) {
    if (target.model.empty()) target.model = usual_name(model, target.provider);
    if (target.regions.empty())
      target.regions = usual_regions(*provider_named(config, target.provider), target.model);
  }
}

/// The region that the target keeps a request in; `global` if it keeps to none.
catalog::Region offered_in(const TargetConfig& target) {
  for (catalog::Region region : {catalog::Region::us, catalog::Region::eu})
    if (policy::may_reach(target.regions, region)) return region;
  return catalog::Region::global;
}

void add(const Config& config, catalog::Model model, const ModelConfig* said, std::vector<ServedModel>& out) {
  if (said) overlay(*said, model);
  std::vector<TargetConfig> targets =
      said && !said->targets.empty() ? said->targets : usual_targets(config, model);
  if (targets.empty()) return;
  declare_demo_per_region(config, model, targets);
  complete(config, model, targets);
  model.regions = {};
  for (const TargetConfig& target : targets) model.regions.add(offered_in(target));
  out.push_back({.model = std::move(model), .targets = std::move(targets)});
}

}  // namespace

std::vector<ServedModel> served_models(const Config& config, const catalog::Catalog& built_in) {
  std::vector<ServedModel> out;
  for (const catalog::Model& model : built_in.models()) {
    const auto said = std::ranges::find(config.models, model.id, &ModelConfig::id);
    add(config, model, said == config.models.end() ? nullptr : &*said, out);
  }
  for (const ModelConfig& said : config.models) {
    const catalog::Model* known = built_in.find(said.id);
    if (!known || known->id != said.id) add(config, {.id = said.id, .name = said.id}, &said, out);
  }
  return out;
}

std::vector<TargetConfig> usual_targets(const Config& config, const catalog::Model& model) {
  std::vector<TargetConfig> targets;
  for (const catalog::Route& route : model.routes)
    if (provider_named(config, route.provider))
      targets.push_back({.provider = route.provider,
                         .model = route.model,
                         .priority = static_cast<std::uint32_t>(targets.size())});
  if (config.demo && config.providers.empty())
    targets.push_back({.provider = std::string(demo_provider), .model = model.id});
  return targets;
}

}  // namespace sluice::app
