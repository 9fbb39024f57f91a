#include "gateway/authenticate.hpp"

namespace sluice::gateway {

Result<policy::Caller> authenticate(Core& core, const http::Exchange& exchange) {
  const http::Fields& fields = exchange.fields();
  if (fields.count("authorization") > 1)
    return fail(ErrorCode::unauthenticated, "the request carries more than one Authorization field");
  return core.shared.authenticator.identify({.authorization = fields.get("authorization"),
                                             .x_api_key = fields.get("x-api-key"),
                                             .api_key = fields.get("api-key"),
                                             .x_goog_api_key = fields.get("x-goog-api-key")},
                                            exchange.peer().loopback);
}

}  // namespace sluice::gateway
