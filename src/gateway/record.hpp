#pragma once
// record: one row, one log line and a handful of counters for every finished request.

#include "base/task.hpp"
#include "gateway/core.hpp"
#include "gateway/story.hpp"
#include "http/exchange.hpp"

namespace sluice::gateway {

/// Waits, for a bounded time, if the queue to the store is full: a row is only given up, and that is logged
/// and counted, when the store does not come back.
Task<> record(Core& core, const http::Exchange& exchange, Story& story);

}  // namespace sluice::gateway
