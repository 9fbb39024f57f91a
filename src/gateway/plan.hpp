#pragma once
// plan: which target serves a request, or why none does.

#include "base/result.hpp"
#include "catalog/region.hpp"
#include "chat/request.hpp"
#include "gateway/routes.hpp"

#include <optional>

namespace sluice::gateway {

struct Plan {
  const Route* route = nullptr;
  const Target* target = nullptr;
};

/// `entered`: the region of the listener; nothing if it has none. Fails with model_not_found (naming the
/// nearest ids), model_not_available_in_region, unknown_region, context_length_exceeded, or
/// upstream_model_unavailable where no provider is configured for the model. `body_bytes` are all that the
/// client sent.
Result<Plan> plan(const Routes& routes, const chat::Request& request, std::optional<catalog::Region> entered,
                  std::uint64_t body_bytes);

}  // namespace sluice::gateway
