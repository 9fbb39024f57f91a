#include "catalog/catalog.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <utility>

namespace sluice::catalog {
namespace {

constexpr std::array<std::pair<Order, std::string_view>, 4> orders{{{Order::quality, "quality"},
                                                                    {Order::latency, "latency"},
                                                                    {Order::price, "price"},
                                                                    {Order::provider, "provider"}}};

constexpr double unknown_last = std::numeric_limits<double>::infinity();

/// Smaller comes first.
double rank(const Model& model, Order order) {
  switch (order) {
    case Order::quality:
      return model.lmarena_score ? -static_cast<double>(*model.lmarena_score) : unknown_last;
    case Order::latency:
      return model.latency_per_10k_tokens_s.value_or(unknown_last);
    // What three tokens in and one out cost: the usual blend of a chat.
    case Order::price:
      return model.prices ? 3 * model.prices->input + model.prices->output : unknown_last;
    case Order::provider:
      return 0;
  }
  return 0;
}

bool comes_before(const Model& a, const Model& b, Order order) {
  if (order == Order::provider && a.creator != b.creator)
    return std::tuple(a.creator.empty(), std::string_view(a.creator)) <
           std::tuple(b.creator.empty(), std::string_view(b.creator));
  return std::tuple(rank(a, order), rank(a, Order::quality)) <
         std::tuple(rank(b, order), rank(b, Order::quality));
}

}  // namespace

std::optional<Order> order_named(std::string_view name) {
  for (const auto& [order, word] : orders)
    if (word == name) return order;
  return std::nullopt;
}

std::vector<std::string_view> order_names() {
  std::vector<std::string_view> names;
  for (const auto& row : orders) names.push_back(row.second);
  return names;
}

Catalog::Catalog(std::vector<Model> models) : models_(std::move(models)) {
  for (std::size_t i = 0; i < models_.size(); ++i) {
    by_id_.emplace(models_[i].id, i);
    const auto [known, added] = by_caseless_id_.emplace(models_[i].id, i);
    if (!added) known->second = ambiguous;
  }
}

const Model* Catalog::find(std::string_view id) const {
  if (const auto exact = by_id_.find(id); exact != by_id_.end()) return &models_[exact->second];
  const auto alias = by_caseless_id_.find(id);
  return alias == by_caseless_id_.end() || alias->second == ambiguous ? nullptr : &models_[alias->second];
}

std::vector<std::string_view> Catalog::nearest(std::string_view id) const {
  std::vector<std::string_view> ids;
  for (const Model& model : models_) ids.emplace_back(model.id);
  return sluice::nearest(id, ids);
}

std::vector<const Model*> Catalog::list(std::optional<Order> order, std::optional<Region> region) const {
  std::vector<const Model*> out;
  for (const Model& model : models_)
    if (!region || model.regions.contains(*region)) out.push_back(&model);
  if (order)
    std::ranges::stable_sort(
        out, [order](const Model* a, const Model* b) { return comes_before(*a, *b, *order); });
  return out;
}

std::size_t Catalog::ExactHash::operator()(std::string_view id) const {
  return std::hash<std::string_view>()(id);
}

std::size_t Catalog::CaselessHash::operator()(std::string_view id) const {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (char c : id) {
    const auto byte = static_cast<std::uint8_t>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    hash = (hash ^ byte) * 0x100000001b3U;
  }
  return hash;
}

bool Catalog::CaselessEqual::operator()(std::string_view a, std::string_view b) const {
  return iequals(a, b);
}

}  // namespace sluice::catalog
