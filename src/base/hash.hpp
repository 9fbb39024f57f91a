#pragma once
// SHA-256, HMAC with it, and a stable non-cryptographic hash for names.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

using Sha256 = std::array<std::uint8_t, 32>;

/// FIPS 180-4. Thread-safe.
Sha256 sha256(std::string_view text);

/// HMAC with SHA-256 (RFC 2104). Thread-safe.
Sha256 hmac_sha256(std::string_view key, std::string_view text);

/// A digest's bytes, to be hashed again.
inline std::string_view bytes_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// In lower case.
std::string hex(const Sha256& digest);

inline constexpr std::uint64_t fnv1a_of_nothing = 0xcbf29ce484222325U;

/// FNV-1a, 64 bits: the same on every run and machine, so that derived names are stable. `hash`: that of the
/// text before, where it comes in pieces.
constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = fnv1a_of_nothing) {
  for (char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace sluice
