#pragma once
// plan: which models may answer a request, in which order, or why none does.

#include "base/result.hpp"
#include "catalog/region.hpp"
#include "chat/request.hpp"
#include "gateway/failure_set.hpp"
#include "gateway/question.hpp"
#include "gateway/routes.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace sluice::gateway {

struct PlannedModel {
  const Route* route = nullptr;  ///< has a target that the request may reach
  FailureSet on;                 ///< the failures of the model before it at which this one is asked
  /// The client's question with the changes that it wants for this model; null where it wants none.
  std::unique_ptr<Question> question = {};
};

struct Plan {
  std::optional<catalog::Region> region;  ///< the request must stay there; nothing: it may go anywhere
  std::vector<PlannedModel> models;       ///< the one asked for, then those to fall back to
  bool retry = true;                      ///< whether a target may be asked twice
};

/// `entered`: the region of the listener; nothing if it has none. `body_bytes` are all that the client sent.
/// Fails with model_not_found (naming the nearest ids), model_not_available_in_region, unknown_region,
/// context_length_exceeded, upstream_model_unavailable where no provider is configured for the model, or
/// invalid_request where `fallbacks` or `fallback_config` are wrong: all models are known to be good before
/// the first is asked.
Result<Plan> plan(const Routes& routes, const chat::Request& request, std::optional<catalog::Region> entered,
                  std::uint64_t body_bytes);

}  // namespace sluice::gateway
