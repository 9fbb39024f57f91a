#include "base/hash.hpp"

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

}  // namespace sluice
