#include "gateway/routes.hpp"

#include <algorithm>
#include <utility>

namespace sluice::gateway {

Routes::Routes(std::vector<std::unique_ptr<Provider>> providers, const catalog::Catalog& catalog,
               std::vector<Route> routes)
    : providers_(std::move(providers)), catalog_(catalog) {
  for (std::size_t i = 0; i < providers_.size(); ++i) providers_[i]->index = i;
  for (Route& route : routes) {
    std::ranges::stable_sort(route.targets, {}, &Target::priority);
    routes_.emplace(route.model, std::move(route));
  }
}

const Route* Routes::find(std::string_view model_id) const {
  const catalog::Model* model = catalog_.find(model_id);
  if (!model) return nullptr;
  const auto route = routes_.find(model);
  return route == routes_.end() ? nullptr : &route->second;
}

}  // namespace sluice::gateway
