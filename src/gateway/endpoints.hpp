#pragma once
// The small endpoints: what is alive, what there is, what happened.

#include "base/task.hpp"
#include "gateway/core.hpp"
#include "http/exchange.hpp"

#include <string_view>

namespace sluice::gateway {

/// What is behind the endpoint's path: the id in `/v1/models/{id}`. Percent-encoded.
using Rest = std::string_view;

Task<> serve_health(Core& core, http::Exchange& exchange, Rest rest);
Task<> serve_ready(Core& core, http::Exchange& exchange, Rest rest);
Task<> serve_metrics(Core& core, http::Exchange& exchange, Rest rest);
/// `GET /v1/models?sort=quality|latency|price|provider&region=us|eu`. Open to everyone, as the hosted
/// service's.
Task<> serve_models(Core& core, http::Exchange& exchange, Rest rest);
Task<> serve_model(Core& core, http::Exchange& exchange, Rest id);
/// `GET /v1/requests/{request_id}`: the row of a finished request, for the key that made it.
Task<> serve_request(Core& core, http::Exchange& exchange, Rest id);

/// Answers with JSON.
Task<> reply_json(http::Exchange& exchange, int status, std::string_view json);
/// Answers with an error in the one envelope, under an id of its own. `further`: one more field, if it has a
/// name.
Task<> reply_failure(http::Exchange& exchange, const Error& error, http::OutField further = {});

}  // namespace sluice::gateway
