#pragma once
// AWS Signature Version 4
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).

#include "dialect/dialect.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sluice::dialect::bedrock {

/// A request without a query, as far as it is signed.
struct Signable {
  std::string_view method;
  std::string_view path;            ///< as it goes over the wire; it is encoded once more for the signature
  std::span<const Header> headers;  ///< by name
  std::string_view body;
};

struct SigningKey {
  std::string_view access_key_id, secret_access_key, region, service;
};

/// Value of the field x-amz-date, which must be signed too: 20250102T030405Z.
std::string amz_date(std::int64_t unix_seconds);
/// Value of the field Authorization.
std::string sign_v4(const Signable& request, const SigningKey& key, std::string_view amz_date);

}  // namespace sluice::dialect::bedrock
