#pragma once
// Routes: which provider serves which model. Built once from configuration and catalog; immutable, so any core
// reads it without a lock.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/secret.hpp"
#include "catalog/capabilities.hpp"
#include "catalog/catalog.hpp"
#include "dialect/dialect.hpp"
#include "http/limits.hpp"
#include "http/url.hpp"

namespace sluice::gateway {

/// A configured provider.
struct Provider {
  std::string name;
  const dialect::Dialect* dialect = nullptr;
  const dialect::HostProfile* host = nullptr;
  http::Url base;
  Secret api_key;
  catalog::Regions regions;  ///< where its inference and storage happen
  http::Deadlines deadlines;
  std::string ca_file;                     ///< trusted certificates; empty: the system's
  std::vector<dialect::Header> headers;    ///< further ones from the configuration
  std::size_t index = 0;                   ///< position in Routes::providers()
};

/// A provider's model that can serve a public one.
struct Target {
  const Provider* provider = nullptr;
  std::string model;  ///< the provider's name for it
  const catalog::Capabilities* capabilities = nullptr;
  catalog::Regions regions;
  double weight = 1;
  int priority = 0;  ///< 0 is tried first
};

/// A public model and who serves it.
struct Route {
  const catalog::Model* model = nullptr;
  std::vector<Target> targets;  ///< by priority
};

class Routes {
 public:
  Routes(std::vector<std::unique_ptr<Provider>> providers, const catalog::Catalog& catalog, std::vector<Route> routes);

  const catalog::Catalog& catalog() const { return catalog_; }
  const std::vector<std::unique_ptr<Provider>>& providers() const { return providers_; }
  /// The route of a model that the catalog has under this id; nullptr for an unknown model.
  const Route* find(std::string_view model_id) const;

 private:
  std::vector<std::unique_ptr<Provider>> providers_;
  const catalog::Catalog& catalog_;
  std::unordered_map<const catalog::Model*, Route> routes_;
};

}  // namespace sluice::gateway
