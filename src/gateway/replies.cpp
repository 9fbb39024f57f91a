#include "base/id.hpp"
#include "dialect/openai/openai.hpp"
#include "gateway/endpoints.hpp"

#include <array>
#include <vector>

namespace sluice::gateway {

Task<> reply_json(http::Exchange& exchange, int status, std::string_view json) {
  const std::array fields{http::OutField{"content-type", "application/json"}};
  const std::array pieces{json};
  co_await exchange.respond(status, fields, pieces);
}

Task<> reply_failure(http::Exchange& exchange, const Error& error, http::OutField further) {
  const RequestId id = RequestId::create(exchange.loop().unix_milliseconds());
  std::string body;
  dialect::openai::encode_error(error, id.text(), body);
  std::vector<http::OutField> fields{{"content-type", "application/json"}, {"x-request-id", id.text()}};
  if (!further.name.empty()) fields.push_back(further);
  if (error.code() == ErrorCode::unauthenticated) fields.push_back({"www-authenticate", "Bearer"});
  const std::array pieces{std::string_view(body)};
  co_await exchange.respond(error.traits().http_status, fields, pieces);
}

}  // namespace sluice::gateway
