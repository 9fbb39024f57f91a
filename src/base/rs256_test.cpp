#include "base/rs256.hpp"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

namespace sluice {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string pem_of(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

bool verifies(EVP_PKEY* key, std::string_view text, std::string_view signature) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool good =
      EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
  EVP_MD_CTX_free(context);
  return good;
}

TEST(Rs256, SignsSoThatThePublicKeyVerifies) {
  const Key key(EVP_RSA_gen(2048), EVP_PKEY_free);
  const auto signature = sign_rs256(pem_of(key.get()), "a.b");
  ASSERT_TRUE(signature) << signature.error().message();
  EXPECT_EQ(signature->size(), 256U);
  EXPECT_TRUE(verifies(key.get(), "a.b", *signature));
  EXPECT_FALSE(verifies(key.get(), "a.c", *signature));
}

TEST(Rs256, TakesOnlyRsaKeysAndShowsNone) {
  const Key other(EVP_EC_gen("P-256"), EVP_PKEY_free);
  for (const std::string& pem :
       {std::string(), std::string("geheim"), std::string(100'000, 'x'), pem_of(other.get())}) {
    const auto signature = sign_rs256(pem, "a.b");
    ASSERT_FALSE(signature);
    EXPECT_EQ(signature.error().message(), "the private key is no RSA key in PEM, or has a password");
  }
}

}  // namespace
}  // namespace sluice
