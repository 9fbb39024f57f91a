#pragma once
// A host's `usage` object -> chat::Usage.

#include "chat/usage.hpp"
#include "json/document.hpp"

#include <optional>

namespace sluice::dialect::openai {

/// Nothing if `usage` is no object with counts (hosts send null, `{}` or an object of nulls for "not yet").
/// Corrects hosts that count reasoning or cached tokens beside the totals instead of inside.
std::optional<chat::Usage> decode_usage(json::Value usage);

}  // namespace sluice::dialect::openai
