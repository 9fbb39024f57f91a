#pragma once
// authenticate: whose credential a request carries.

#include "base/result.hpp"
#include "policy/key_ring.hpp"

#include <string_view>
#include <utility>

namespace sluice::policy {

/// Who asks. The name lives as long as the Authenticator.
struct Caller {
  std::string_view name;
};

/// The request's fields that may hold a credential, as received; empty where there is none.
struct Credentials {
  std::string_view authorization;  ///< `Bearer KEY`, or the key alone
  std::string_view x_api_key, api_key, x_goog_api_key;
};

/// Immutable, so any thread may use it.
class Authenticator {
 public:
  explicit Authenticator(KeyRing keys) : keys_(std::move(keys)) {}

  /// With keys: the caller whose key the request carries. Without any: only clients on this machine are
  /// served, as caller `local`. Fails with unauthenticated; the message never repeats the credential.
  /// Allocates only then.
  Result<Caller> identify(const Credentials& credentials, bool from_this_machine) const;
  bool open() const { return keys_.empty(); }

 private:
  KeyRing keys_;
};

}  // namespace sluice::policy
