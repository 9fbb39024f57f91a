#pragma once
// Which models this gateway serves, and where: the built-in catalog, overlaid with the configuration.

#include "app/config.hpp"
#include "catalog/catalog.hpp"

#include <string_view>
#include <vector>

namespace sluice::app {

/// The provider that the simulator inside the process is.
inline constexpr std::string_view demo_provider = "demo";

/// A model and its targets; these are complete: `model` and `regions` are never empty.
struct ServedModel {
  catalog::Model
      model;  ///< `regions` are those that some target keeps a request in, `global` if one keeps to none
  std::vector<TargetConfig> targets;
};

/// Every model that has a target, in the catalog's order, then the file's. A demo without other providers
/// serves the whole catalog, in the regions that the catalog says.
std::vector<ServedModel> served_models(const Config& config, const catalog::Catalog& built_in);

/// The configured providers that the catalog says have the model, in its order of preference. In a demo
/// without other providers that is the simulator.
std::vector<TargetConfig> usual_targets(const Config& config, const catalog::Model& model);

}  // namespace sluice::app
