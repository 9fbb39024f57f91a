#include "base/hash.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace sluice {

Sha256 sha256(std::string_view text) {
  // Fetching the algorithm costs more than hashing a key does, so each thread does it once.
  struct Context {
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                              &EVP_MD_free};
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> state{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  };
  thread_local Context context;
  Sha256 digest;
  if (EVP_DigestInit_ex2(context.state.get(), context.algorithm.get(), nullptr) != 1 ||
      EVP_DigestUpdate(context.state.get(), text.data(), text.size()) != 1 ||
      EVP_DigestFinal_ex(context.state.get(), digest.data(), nullptr) != 1)
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  return digest;
}

}  // namespace sluice
