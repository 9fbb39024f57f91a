#pragma once
// From configuration and catalog to routes: who serves which model.

#include <memory>

#include "app/config.hpp"
#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "catalog/families.hpp"
#include "gateway/routes.hpp"

namespace sluice::app {

/// The built-in catalog with the configuration's models added or laid over it.
catalog::Catalog merge_catalog(const catalog::Catalog& built_in, const Config& config);

/// What is configured, ready for use. `config`, `catalog` and `families` must outlive the routes. `config` has been
/// checked: names are known.
gateway::Routes build_routes(const Config& config, const catalog::Catalog& catalog, const catalog::Families& families);

}  // namespace sluice::app
