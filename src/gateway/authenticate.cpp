#include "gateway/authenticate.hpp"

#include <string>
#include <string_view>

namespace sluice::gateway {

Result<policy::Caller> authenticate(Core& core, const http::Exchange& exchange) {
  const http::Fields& fields = exchange.fields();
  for (std::string_view name : {"authorization", "x-api-key", "api-key", "x-goog-api-key"})
    if (fields.count(name) > 1)
      return fail(ErrorCode::unauthenticated, "the request carries more than one field " + std::string(name));
  // Behind a proxy on this machine, everybody seems to come from it.
  const bool from_this_machine =
      exchange.peer().loopback && !fields.has("forwarded") && !fields.has("x-forwarded-for");
  return core.shared.authenticator.identify({.authorization = fields.get("authorization"),
                                             .x_api_key = fields.get("x-api-key"),
                                             .api_key = fields.get("api-key"),
                                             .x_goog_api_key = fields.get("x-goog-api-key")},
                                            from_this_machine);
}

}  // namespace sluice::gateway
