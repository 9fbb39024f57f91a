#pragma once
// temperature and its like, stop sequences, and what this API has no word for.

#include "dialect/anthropic/thinking.hpp"
#include "dialect/dialect.hpp"
#include "json/writer.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::dialect::anthropic {

/// What the model takes of what was asked for.
struct SamplingPlan {
  std::optional<double> temperature, top_p;
  std::optional<std::int64_t> top_k;
};

/// Settles it and reports the rest.
SamplingPlan plan_sampling(const chat::Request& request, const catalog::Capabilities& model, bool thinks,
                           chat::Changes& changes);
/// Writes the stop sequences as a member of that name, where there are any; blank ones are left out and
/// reported.
void write_stops(std::string_view name, const chat::Request& request, json::Writer& json,
                 chat::Changes& changes);

/// Writes both as the Messages API wants them.
void write_sampling(const chat::Request& request, const Target& target, const ThinkingPlan& thinking,
                    json::Writer& json, chat::Changes& changes);

}  // namespace sluice::dialect::anthropic
