#pragma once
// catalog: which models exist, what they can do and what they cost. Data, not code.
//
//   data/models.json   --load_catalog-->  Catalog   who is who: find("gpt-5"), list(...)
//   data/families.json --load_families--> Families  what a provider's model takes: capabilities("gpt-5-mini")
//
// It knows no provider's wire format, no address and no key. To add a model: a row in data/models.json, and
// one in data/families.json if it behaves unlike its elders.

#include "base/result.hpp"
#include "catalog/model.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sluice::catalog {

enum class Order : std::uint8_t { quality, latency, price, provider };

std::optional<Order> order_named(std::string_view name);
/// The names of all orders.
std::vector<std::string_view> order_names();

/// Immutable, so any thread may read it. Views and pointers that it gives out live as long as it does.
class Catalog {
 public:
  Catalog() = default;
  /// Ids must differ; what they are is the caller's to check.
  explicit Catalog(std::vector<Model> models);

  /// The model of exactly that id; else the only one whose id differs in nothing but case; else nullptr.
  /// Allocates nothing.
  const Model* find(std::string_view id) const;
  /// Ids that look like `id`, best first; empty if none does.
  std::vector<std::string_view> nearest(std::string_view id) const;
  std::span<const Model> models() const { return models_; }
  /// In that order, unknown values last and equal ones by quality; only those offered in `region`, if given.
  std::vector<const Model*> list(std::optional<Order> order, std::optional<Region> region) const;

 private:
  struct ExactHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const;
  };
  struct CaselessHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const;
  };
  struct CaselessEqual {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const;
  };

  static constexpr std::size_t ambiguous = static_cast<std::size_t>(-1);

  std::vector<Model> models_;
  std::unordered_map<std::string, std::size_t, ExactHash, std::equal_to<>> by_id_;
  std::unordered_map<std::string, std::size_t, CaselessHash, CaselessEqual> by_caseless_id_;
};

/// Reads the form of data/models.json. Errors name the entry and the field.
Result<Catalog> load_catalog(std::string_view json);
/// The models that come with the program.
Result<Catalog> built_in_catalog();

}  // namespace sluice::catalog
