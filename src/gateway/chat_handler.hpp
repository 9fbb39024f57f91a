#pragma once
// POST /v1/chat/completions: the life of a chat request, top to bottom. The file to read first.

#include "base/task.hpp"
#include "gateway/core.hpp"
#include "gateway/story.hpp"
#include "http/exchange.hpp"

namespace sluice::gateway {

/// Serves one request and records it, however it ends.
Task<> serve_chat(Core& core, http::Exchange& exchange);

}  // namespace sluice::gateway
