#pragma once
// temperature and its like, stop sequences, and what this API has no word for.

#include "dialect/anthropic/thinking.hpp"
#include "dialect/dialect.hpp"
#include "json/writer.hpp"

namespace sluice::dialect::anthropic {

/// Writes what the model takes and reports the rest. Fails with unsupported_parameter for more than one
/// choice.
Result<> write_sampling(const chat::Request& request, const Target& target, const ThinkingPlan& thinking,
                        json::Writer& json, chat::Changes& changes);

}  // namespace sluice::dialect::anthropic
