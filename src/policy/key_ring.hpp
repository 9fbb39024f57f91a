#pragma once
// KeyRing: the client keys that this gateway knows, without the keys themselves.

#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

struct NamedKey {
  std::string name;  ///< tells callers apart in logs and limits; several keys may share one
  Secret secret;
};

/// Immutable; keeps SHA-256 digests only. Built for many keys: a lookup hashes once and looks at a few.
class KeyRing {
 public:
  KeyRing() = default;
  /// Fails if a key has no name, is empty, holds what no header can carry, or occurs under two names. The
  /// messages tell the key's name or place, never the key.
  static Result<KeyRing> build(std::span<const NamedKey> keys);

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  /// The name of a key; nothing if it is not known. Allocates nothing; its duration tells nothing about the
  /// keys. The name lives as long as this ring.
  std::optional<std::string_view> find(std::string_view presented) const;

 private:
  struct Entry {
    Sha256 digest;
    std::uint32_t name;  ///< in `names_`
  };
  std::size_t bucket_of(const Sha256& digest) const;
  std::span<const Entry> candidates(const Sha256& digest) const;

  std::vector<Entry> entries_;                ///< sorted by bucket
  std::vector<std::uint32_t> bucket_starts_;  ///< a power of two and one
  std::vector<std::string> names_;
};

}  // namespace sluice::policy
