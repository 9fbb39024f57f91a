#include <array>

#include "base/id.hpp"
#include "dialect/openai/openai.hpp"
#include "gateway/endpoints.hpp"

namespace sluice::gateway {

Task<> reply_json(http::Exchange& exchange, int status, std::string_view json) {
  const std::array fields{http::OutField{"content-type", "application/json"}};
  const std::array pieces{json};
  co_await exchange.respond(status, fields, pieces);
}

Task<> reply_failure(http::Exchange& exchange, const Error& error) {
  const RequestId id = RequestId::create(exchange.loop().unix_milliseconds());
  std::string body;
  dialect::openai::encode_error(error, id.text(), body);
  const std::array fields{http::OutField{"content-type", "application/json"}, http::OutField{"x-request-id", id.text()}};
  const std::array pieces{std::string_view(body)};
  co_await exchange.respond(error.traits().http_status, fields, pieces);
}

}  // namespace sluice::gateway
