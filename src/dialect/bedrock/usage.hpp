#pragma once
// Token counts of the Converse API.

#include "chat/usage.hpp"
#include "json/document.hpp"

#include <optional>

namespace sluice::dialect::bedrock {

/// Input with what was read from and written to the cache, which the API counts apart. Nothing if there are
/// no counts. Its own total is not looked at: some models leave the cache out of it.
std::optional<chat::Usage> read_usage(json::Value usage);

}  // namespace sluice::dialect::bedrock
