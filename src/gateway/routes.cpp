#include "gateway/routes.hpp"

#include <algorithm>
#include <utility>

namespace sluice::gateway {
namespace {

std::vector<catalog::Model> models_of(const std::vector<Routes::Entry>& entries) {
  std::vector<catalog::Model> models;
  for (const Routes::Entry& entry : entries) models.push_back(entry.model);
  return models;
}

}  // namespace

Routes::Routes(std::vector<std::unique_ptr<Provider>> providers, std::vector<Entry> entries,
               const catalog::Catalog& known)
    : providers_(std::move(providers)), known_(known), catalog_(models_of(entries)) {
  for (std::size_t i = 0; i < providers_.size(); ++i) providers_[i]->index = i;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const catalog::Model& model = catalog_.models()[i];
    std::ranges::stable_sort(entries[i].targets, {}, &Target::priority);
    for (Target& target : entries[i].targets) target.index = target_count_++;
    routes_.emplace(&model, Route{&model, std::move(entries[i].targets), {}});
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Route& route = routes_.at(&catalog_.models()[i]);
    for (const Entry::Fallback& fallback : entries[i].fallbacks)
      if (const Route* other = find(fallback.model)) route.fallbacks.push_back({other, fallback.on});
  }
}

const Route* Routes::find(std::string_view model_id) const {
  const catalog::Model* model = catalog_.find(model_id);
  return model ? &routes_.at(model) : nullptr;
}

}  // namespace sluice::gateway
