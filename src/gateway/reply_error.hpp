#pragma once
// reply_error: a failure becomes the client's answer.

#include "base/error.hpp"
#include "base/task.hpp"
#include "gateway/story.hpp"
#include "http/exchange.hpp"

namespace sluice::gateway {

/// Answers in the one envelope; in a stream that has begun, with an error event. Notes status and error.
Task<> reply_error(http::Exchange& exchange, Error error, Story& story);

}  // namespace sluice::gateway
