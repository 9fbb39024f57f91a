#pragma once
// authenticate: who is asking.

#include "base/result.hpp"
#include "gateway/core.hpp"
#include "http/exchange.hpp"

namespace sluice::gateway {

/// The caller that a request's credentials name. Fails with unauthenticated.
Result<policy::Caller> authenticate(Core& core, const http::Exchange& exchange);

}  // namespace sluice::gateway
