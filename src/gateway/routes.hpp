#pragma once
// Routes: which provider serves which model. Built once from configuration and catalog; immutable, so any
// core reads it without a lock.

#include "base/secret.hpp"
#include "catalog/capabilities.hpp"
#include "catalog/catalog.hpp"
#include "dialect/dialect.hpp"
#include "gateway/access_token.hpp"
#include "gateway/failure_set.hpp"
#include "http/limits.hpp"
#include "http/url.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sluice::gateway {

/// A configured provider.
struct Provider {
  std::string name;
  const dialect::Dialect* dialect = nullptr;
  const dialect::Dialect* responses = nullptr;  ///< the Responses API, if it is served beside `dialect`
  const dialect::HostProfile* host = nullptr;
  http::Url base;
  dialect::Cloud cloud;
  dialect::Credentials credentials;
  std::optional<TokenSource> token_source;  ///< whose tokens are sent in place of credentials
  catalog::Regions regions;                 ///< where its inference and storage happen
  http::Deadlines deadlines;
  std::string ca_file;                                  ///< trusted certificates; empty: the system's
  std::vector<std::pair<std::string, Secret>> headers;  ///< further ones from the configuration
  std::size_t index = 0;                                ///< position in Routes::providers()
};

/// A provider's model that can serve a public one.
struct Target {
  const Provider* provider = nullptr;
  std::string model;  ///< the provider's name for it
  const catalog::Capabilities* capabilities = nullptr;
  catalog::Regions regions;
  double weight = 1;
  int priority = 0;       ///< 0 is tried first
  std::size_t index = 0;  ///< among the targets of all models
};

/// A public model and who serves it.
struct Route {
  const catalog::Model* model = nullptr;
  std::vector<Target> targets;  ///< by priority
  struct Fallback {
    const Route* route;
    FailureSet on;
  };
  std::vector<Fallback> fallbacks;  ///< of the configuration, for requests that name none
};

class Routes {
 public:
  /// A model that can be had, and its targets.
  struct Entry {
    catalog::Model model;
    std::vector<Target> targets;  ///< not empty
    struct Fallback {
      std::string model;  ///< the id of an entry
      FailureSet on;
    };
    std::vector<Fallback> fallbacks = {};
  };
  /// `known` are all models, served or not; it must outlive the routes.
  Routes(std::vector<std::unique_ptr<Provider>> providers, std::vector<Entry> entries,
         const catalog::Catalog& known);

  /// The models that can be had here.
  const catalog::Catalog& catalog() const { return catalog_; }
  /// Whether the model exists, be it without a provider here.
  bool knows(std::string_view model_id) const { return known_.find(model_id) != nullptr; }
  const std::vector<std::unique_ptr<Provider>>& providers() const { return providers_; }
  std::size_t target_count() const { return target_count_; }
  /// How many models a request may fall back to. The hosted service's limit, unless configured.
  std::uint32_t max_fallback_depth() const { return max_fallback_depth_; }
  void set_max_fallback_depth(std::uint32_t depth) { max_fallback_depth_ = depth; }
  /// nullptr if nobody serves a model of that id.
  const Route* find(std::string_view model_id) const;

 private:
  std::vector<std::unique_ptr<Provider>> providers_;
  const catalog::Catalog& known_;
  catalog::Catalog catalog_;
  std::unordered_map<const catalog::Model*, Route> routes_;
  std::size_t target_count_ = 0;
  std::uint32_t max_fallback_depth_ = 2;
};

}  // namespace sluice::gateway
