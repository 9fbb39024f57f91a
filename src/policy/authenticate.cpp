#include "policy/authenticate.hpp"

#include "base/text.hpp"

#include <array>
#include <string>

namespace sluice::policy {
namespace {

/// The key in an Authorization field: behind the scheme Bearer, whose case does not matter (RFC 9110
/// section 11.1), or the whole value, as the hosted service takes it.
std::string_view key_of(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer";
  const std::string_view value = trim(authorization);
  if (!iequals(value.substr(0, scheme.size()), scheme)) return value;
  const std::string_view rest = value.substr(scheme.size());
  return rest.empty() || rest.front() == ' ' ? trim(rest) : value;
}

Failure refuse(std::string why) {
  return fail(
      ErrorCode::unauthenticated,
      why + "; send a key as 'Authorization: Bearer KEY', or in x-api-key, api-key or x-goog-api-key");
}

}  // namespace

Result<Caller> Authenticator::identify(const Credentials& credentials, bool from_this_machine) const {
  if (open()) {
    if (from_this_machine) return Caller{"local"};
    return fail(
        ErrorCode::unauthenticated,
        "this gateway has no client keys and so serves only clients on its own machine; its operator can add "
        "some under 'keys' in the configuration");
  }
  const std::array presented{key_of(credentials.authorization), trim(credentials.x_api_key),
                             trim(credentials.api_key), trim(credentials.x_goog_api_key)};
  std::string_view key;
  for (std::string_view one : presented) {
    if (one.empty()) continue;
    if (!key.empty() && one != key) return refuse("the request carries several different keys");
    key = one;
  }
  if (key.empty()) return refuse("the request carries no key");
  if (const auto name = keys_.find(key)) return Caller{*name};
  return refuse("the key is not known here");
}

}  // namespace sluice::policy
