#pragma once
// RS256 (RFC 7518 section 3.3): RSASSA-PKCS1-v1_5 with SHA-256, for signed tokens.

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace sluice {

/// The signature's bytes. `private_key` is PEM without a password. Fails with invalid_request if it is no RSA
/// key; no message shows any of it.
Result<std::string> sign_rs256(std::string_view private_key, std::string_view text);

}  // namespace sluice
