#pragma once
// Residency: where a request may be sent.

#include "catalog/region.hpp"

#include <optional>

namespace sluice::policy {

/// Whether a request that must stay in `region` may go to a target whose inference and storage happen in
/// `target`: every region of the target must be that one, and a target that names none may be anywhere. A
/// request that is bound to no region, or to `global`, may go anywhere.
constexpr bool may_reach(catalog::Regions target, std::optional<catalog::Region> region) {
  if (!region || *region == catalog::Region::global) return true;
  return target == catalog::Regions{*region};
}

}  // namespace sluice::policy
