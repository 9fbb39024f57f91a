#pragma once
// Token counts of the Responses API.

#include "chat/usage.hpp"
#include "json/document.hpp"

#include <optional>

namespace sluice::dialect::responses {

/// Reads a `usage` object, whose sums include what its details tell apart; nothing if it counts nothing.
std::optional<chat::Usage> read_usage(json::Value usage);

}  // namespace sluice::dialect::responses
