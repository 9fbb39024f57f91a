#include "base/hash.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <stdexcept>

namespace sluice {

Sha256 sha256(std::string_view text) {
  // The low-level calls, because EVP_DigestInit allocates for every digest, and keys are hashed on every
  // request.
  SHA256_CTX state;
  Sha256 digest;
  if (SHA256_Init(&state) != 1 || SHA256_Update(&state, text.data(), text.size()) != 1 ||
      SHA256_Final(digest.data(), &state) != 1)
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  return digest;
}

Sha256 hmac_sha256(std::string_view key, std::string_view text) {
  Sha256 digest;
  unsigned size = 0;
  if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
            reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size))
    throw std::runtime_error("OpenSSL cannot compute HMAC-SHA-256");
  return digest;
}

std::string hex(const Sha256& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.size());
  for (const std::uint8_t byte : digest) text.append({digits[byte >> 4], digits[byte & 15]});
  return text;
}

}  // namespace sluice
