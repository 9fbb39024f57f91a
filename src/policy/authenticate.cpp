#include "policy/authenticate.hpp"

#include <array>
#include <cstring>

#include "base/text.hpp"

namespace sluice::policy {
namespace {

std::uint64_t prefix_of(const Sha256& digest) {
  std::uint64_t prefix = 0;
  std::memcpy(&prefix, digest.data(), sizeof prefix);
  return prefix;
}

std::string_view as_text(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// The key in an Authorization field: behind `Bearer`, or the whole value, as the hosted service takes it.
std::string_view key_of(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() >= scheme.size() && iequals(authorization.substr(0, scheme.size()), scheme))
    return trim(authorization.substr(scheme.size()));
  return trim(authorization);
}

Failure refuse(std::string why) {
  return fail(ErrorCode::unauthenticated,
              why + "; send a key as 'Authorization: Bearer KEY', or in x-api-key, api-key or x-goog-api-key");
}

}  // namespace

Authenticator::Authenticator(const std::vector<std::pair<std::string, Secret>>& keys) {
  for (const auto& [name, secret] : keys) {
    keys_.push_back({sha256(secret.reveal()), name});
    by_prefix_.emplace(prefix_of(keys_.back().digest), keys_.size() - 1);
  }
}

const Authenticator::Key* Authenticator::find(std::string_view presented) const {
  const Sha256 digest = sha256(presented);
  const Key* found = nullptr;
  const auto [first, last] = by_prefix_.equal_range(prefix_of(digest));
  for (auto it = first; it != last; ++it)
    if (constant_time_equal(as_text(keys_[it->second].digest), as_text(digest))) found = &keys_[it->second];
  return found;
}

Result<Caller> Authenticator::identify(const Credentials& credentials, bool from_this_machine) const {
  if (open()) {
    if (from_this_machine) return Caller{"local"};
    return fail(ErrorCode::unauthenticated,
                "this gateway has no client keys and so serves only clients on its own machine; its operator can add "
                "some under 'keys' in the configuration");
  }
  const std::array presented{key_of(credentials.authorization), credentials.x_api_key, credentials.api_key,
                             credentials.x_goog_api_key};
  std::string_view key;
  for (std::string_view one : presented) {
    if (one.empty()) continue;
    if (!key.empty() && one != key) return refuse("the request carries several different keys");
    key = one;
  }
  if (key.empty()) return refuse("the request carries no key");
  if (const Key* known = find(key)) return Caller{known->name};
  return refuse("the key is not known here");
}

}  // namespace sluice::policy
