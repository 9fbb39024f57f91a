#include "base/text.hpp"
#include "dialect/bedrock/bedrock.hpp"
#include "dialect/bedrock/sigv4.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sluice::dialect::bedrock {

void authorize(const Credentials& credentials, const Destination& to, Outgoing& out) {
  if (!credentials.api_key.empty()) {
    out.headers.push_back({"authorization", "Bearer " + std::string(credentials.api_key.reveal())});
    return;
  }
  const std::string date = amz_date(to.now);
  const std::string path = std::string(to.path) + out.path;
  std::vector<Header> covered{
      {"content-type", std::string(body_type)}, {"host", std::string(to.host)}, {"x-amz-date", date}};
  if (!credentials.session_token.empty())
    covered.push_back({"x-amz-security-token", std::string(credentials.session_token.reveal())});
  std::string authorization = sign_v4({.method = "POST", .path = path, .headers = covered, .body = out.body},
                                      {.access_key_id = credentials.access_key_id.reveal(),
                                       .secret_access_key = credentials.secret_access_key.reveal(),
                                       .region = credentials.region,
                                       .service = "bedrock"},
                                      date);
  // The first two are written by whoever sends the request.
  constexpr std::ptrdiff_t others = 2;
  std::move(covered.begin() + others, covered.end(), std::back_inserter(out.headers));
  out.headers.push_back({"authorization", std::move(authorization)});
}

}  // namespace sluice::dialect::bedrock
