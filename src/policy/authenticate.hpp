#pragma once
// authenticate: whose credential a request carries.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

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

/// Knows keys by their SHA-256 only. Immutable, so any thread may use it.
class Authenticator {
 public:
  /// (name, secret) of every key. Without any, only clients on this machine are served, as caller `local`.
  explicit Authenticator(const std::vector<std::pair<std::string, Secret>>& keys);

  /// Fails with unauthenticated; the message never repeats the credential. Allocates only then.
  Result<Caller> identify(const Credentials& credentials, bool from_this_machine) const;
  bool open() const { return keys_.empty(); }

 private:
  struct Key {
    Sha256 digest;
    std::string name;
  };
  struct Prefix {
    std::size_t operator()(std::uint64_t prefix) const { return prefix; }
  };

  const Key* find(std::string_view presented) const;

  std::vector<Key> keys_;
  /// By the digest's first eight bytes: what an attacker learns from the time of a look-up is about a digest that
  /// he cannot choose.
  std::unordered_multimap<std::uint64_t, std::size_t, Prefix> by_prefix_;
};

}  // namespace sluice::policy
