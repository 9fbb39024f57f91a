#pragma once
// reply_error: a failure becomes the client's answer.

#include "base/error.hpp"
#include "base/task.hpp"
#include "gateway/story.hpp"
#include "http/exchange.hpp"

namespace sluice::gateway {

/// Answers in the one envelope, unless an answer has begun or the client has gone. Notes status and error.
Task<> reply_error(http::Exchange& exchange, Error error, Story& story);

}  // namespace sluice::gateway
