#pragma once
// A service account of Google Cloud: what its key file says, and the assertion that is exchanged for a token
// (RFC 7523; developers.google.com/identity/protocols/oauth2/service-account).

#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/url.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::gateway {

struct ServiceAccount {
  std::string email, key_id;
  Secret private_key;     ///< PEM
  std::string token_uri;  ///< whom the assertion is for
  http::Url token_url;    ///< the same, where it is sent
};

/// Reads a key file. Fails with invalid_request, naming the member; no message shows the key.
Result<ServiceAccount> read_service_account(std::string_view json);

/// A JWT, good for an hour from `now` (unix seconds), that asks for access to the whole of Google Cloud.
Result<std::string> sign_assertion(const ServiceAccount& account, std::int64_t now);

}  // namespace sluice::gateway
