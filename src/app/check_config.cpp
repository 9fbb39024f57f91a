#include "app/check_config.hpp"

#include "app/known_providers.hpp"
#include "app/served_models.hpp"
#include "base/hash.hpp"
#include "catalog/catalog.hpp"
#include "dialect/bedrock/residency.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string>

namespace sluice::app {
namespace {

constexpr std::size_t longest_name = 128;  // of what becomes a metric's label
constexpr std::size_t longest_model_id = 256;

/// Reports a second line with the same name.
class Uniqueness {
 public:
  Uniqueness(std::string what, ConfigProblems& problems) : what_(std::move(what)), problems_(problems) {}

  void add(const std::string& name, const std::string& shown, int line) {
    const auto [first, added] = lines_.emplace(name, line);
    if (!added)
      problems_.add(line, fmt::format("{} {} is there twice, first on line {}", what_, shown, first->second));
  }

 private:
  std::string what_;
  ConfigProblems& problems_;
  std::map<std::string, int> lines_;
};

/// Tells secrets apart without keeping them.
std::string fingerprint(const Secret& secret) {
  const Sha256 hash = sha256(secret.reveal());
  return {hash.begin(), hash.end()};
}

void check_listeners(const Config& config, ConfigProblems& problems) {
  Uniqueness addresses("listen: address", problems);
  for (const ListenConfig& listener : config.listen) {
    const std::string address = http::to_string(listener.address);
    if (!address.ends_with(":0")) addresses.add(address, address, listener.line);
  }
}

void check_names(const Config& config, ConfigProblems& problems) {
  for (const ProviderConfig& provider : config.providers)
    if (provider.name.empty() || provider.name.size() > longest_name)
      problems.add(provider.line, fmt::format("providers: a name must have 1 to {} bytes", longest_name));
  if (config.providers.empty() && !config.demo) {
    std::vector<std::string_view> variables;
    for (const KnownProvider& known : known_providers)
      if (!known.variables[0].empty()) variables.push_back(known.variables[0]);
    problems.add(1, fmt::format("no provider is configured; add one under 'providers', or set one of {}",
                                fmt::join(variables, ", ")));
  }

  Uniqueness names("keys: name", problems), secrets("keys: the secret of", problems);
  for (const KeyConfig& key : config.keys) {
    if (key.name.size() > longest_name)
      problems.add(key.line, fmt::format("keys: a name must have 1 to {} bytes", longest_name));
    names.add(key.name, fmt::format("'{}'", key.name), key.line);
    secrets.add(fingerprint(key.secret), fmt::format("'{}'", key.name), key.line);
  }
}

/// An inference profile of AWS goes where its prefix says, whatever the provider is declared to do.
void check_profile(const ProviderConfig& provider, const ModelConfig& model, const TargetConfig& target,
                   ConfigProblems& problems) {
  if (provider.api != "bedrock.converse") return;
  const std::string& name = target.model.empty() ? model.id : target.model;
  const auto runs_in = dialect::bedrock::regions_of_profile(name);
  const catalog::Regions declared = target.regions.empty() ? provider.regions : target.regions;
  if (!runs_in || declared.contains(*runs_in) || declared.contains(catalog::Region::global)) return;
  problems.add(
      target.line,
      fmt::format("model '{}': the inference profile '{}' runs in the region {}, but the target is declared "
                  "to keep to {}; use a profile or a provider of that region",
                  model.id, name, runs_in->text(), declared.text()));
}

void check_target(const Config& config, const ModelConfig& model, const TargetConfig& target,
                  ConfigProblems& problems) {
  const auto provider = std::ranges::find(config.providers, target.provider, &ProviderConfig::name);
  if (provider == config.providers.end()) {
    if (target.provider == demo_provider && config.demo) return;
    std::vector<std::string_view> names;
    for (const ProviderConfig& known : config.providers) names.push_back(known.name);
    const std::string hint = target.provider == demo_provider
                                 ? "; it exists with --demo only"
                                 : suggestion(target.provider, names, "configured are");
    return problems.add(
        target.line, fmt::format("model '{}': no provider is named '{}'{}", model.id, target.provider, hint));
  }
  if (!provider->regions.contains(target.regions))
    problems.add(target.line,
                 fmt::format("model '{}': regions {} go beyond those of provider '{}'; use some of {}",
                             model.id, target.regions.text(), provider->name, provider->regions.text()));
  check_profile(*provider, model, target, problems);
}

/// A model that says no targets must be one that a configured provider is known to have.
void check_implied_targets(const Config& config, const catalog::Catalog& built_in, const ModelConfig& model,
                           ConfigProblems& problems) {
  const catalog::Model* known = built_in.find(model.id);
  if (!known || known->id != model.id) {
    const auto near = built_in.nearest(model.id);
    return problems.add(
        model.line, fmt::format("model '{}' is not in the built-in catalog, so it needs 'targets'{}",
                                model.id, near.empty() ? "" : fmt::format("; did you mean '{}'?", near[0])));
  }
  if (!usual_targets(config, *known).empty()) return;
  std::vector<std::string_view> names;
  for (const catalog::Route& route : known->routes) names.push_back(route.provider);
  problems.add(model.line,
               fmt::format("model '{}' has no targets, and no provider that usually has it is configured; "
                           "add 'targets', or one of {}",
                           model.id, fmt::join(names, ", ")));
}

void check_models(const Config& config, ConfigProblems& problems) {
  const auto built_in = catalog::built_in_catalog().value();
  Uniqueness ids("models: id", problems);
  for (const ModelConfig& model : config.models) {
    if (model.id.size() > longest_model_id)
      problems.add(model.line, fmt::format("models: an id must have 1 to {} bytes", longest_model_id));
    ids.add(model.id, fmt::format("'{}'", model.id), model.line);
    for (const TargetConfig& target : model.targets) check_target(config, model, target, problems);
    if (model.targets.empty()) check_implied_targets(config, built_in, model, problems);
  }
}

}  // namespace

void check_config(const Config& config, ConfigProblems& problems) {
  check_listeners(config, problems);
  check_names(config, problems);
  check_models(config, problems);
}

}  // namespace sluice::app
