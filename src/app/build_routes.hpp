#pragma once
// From a checked configuration to routes: who serves which model.

#include "app/config.hpp"
#include "catalog/catalog.hpp"
#include "catalog/families.hpp"
#include "gateway/routes.hpp"

#include <optional>

namespace sluice::app {

/// `built_in` and `families` must outlive the routes. `config` has been checked: all names are known.
/// `simulator` is where the provider `demo` listens; it speaks every dialect, and a model is asked of it in
/// the dialect of the model's usual provider.
gateway::Routes build_routes(const Config& config, const catalog::Catalog& built_in,
                             const catalog::Families& families, const std::optional<http::Url>& simulator);

}  // namespace sluice::app
