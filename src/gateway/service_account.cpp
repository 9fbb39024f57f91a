#include "gateway/service_account.hpp"

#include "base/rs256.hpp"
#include "base/text.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"

#include <algorithm>

namespace sluice::gateway {
namespace {

constexpr std::string_view scope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::int64_t lifetime_seconds = 3600;  // the longest that Google takes

/// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes) {
  std::string text = encode_base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

Failure wrong(std::string what) {
  return fail(ErrorCode::invalid_request, std::move(what));
}

}  // namespace

Result<ServiceAccount> read_service_account(std::string_view json) {
  json::Document document;
  const auto root = document.parse(json);
  if (!root || !root->is_object()) return wrong("is no JSON object");
  const std::string type = (*root)["type"].is_string() ? (*root)["type"].string() : "";
  if (type != "service_account")
    return wrong("is of the type '" + type + "'; the key file of a service_account is needed");
  for (std::string_view name : {"client_email", "private_key", "token_uri"})
    if (!(*root)[name].is_string()) return wrong("has no '" + std::string(name) + "'");
  ServiceAccount account{.email = (*root)["client_email"].string(),
                         .key_id = {},
                         .private_key = Secret((*root)["private_key"].string()),
                         .token_uri = (*root)["token_uri"].string(),
                         .token_url = {}};
  if (const json::Value id = (*root)["private_key_id"]; id.is_string()) account.key_id = id.string();
  auto url = http::parse_url(account.token_uri);
  if (!url) return fail(std::move(url.error()).within("token_uri"));
  account.token_url = std::move(*url);
  if (auto signs = sign_assertion(account, 0); !signs) return fail(signs);
  return account;
}

Result<std::string> sign_assertion(const ServiceAccount& account, std::int64_t now) {
  std::string header, claims;
  json::Writer head(header), body(claims);
  head.begin_object().key("alg").string("RS256").key("typ").string("JWT");
  if (!account.key_id.empty()) head.key("kid").string(account.key_id);
  head.end_object();
  body.begin_object().key("iss").string(account.email).key("scope").string(scope);
  body.key("aud").string(account.token_uri).key("iat").integer(now);
  body.key("exp").integer(now + lifetime_seconds).end_object();
  std::string assertion = base64url(header) + '.' + base64url(claims);
  auto signature = sign_rs256(account.private_key.reveal(), assertion);
  if (!signature) return fail(signature);
  return assertion + '.' + base64url(*signature);
}

}  // namespace sluice::gateway
