#pragma once
// Certificates for tests of TLS: an authority, and what it signs.

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <unistd.h>

namespace sluice::http {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;
using ServerContext = std::unique_ptr<SSL_CTX, FreeContext>;

/// A certificate authority, and a file with its certificate that is gone with it.
class TestAuthority {
 public:
  TestAuthority() : key_(EVP_EC_gen("P-256")) {
    certificate_ = make("Test Authority", key_.get(), "", 3600);
    std::string pattern = "/tmp/sluice-ca-XXXXXX";
    const int fd = mkstemp(pattern.data());
    EXPECT_GE(fd, 0);
    FILE* file = fdopen(fd, "w");
    PEM_write_X509(file, certificate_.get());
    std::fclose(file);
    file_ = pattern;
  }
  ~TestAuthority() { unlink(file_.c_str()); }
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  const std::string& file() const { return file_; }

  /// A server's context with a certificate for `names` (`DNS:localhost,IP:127.0.0.1`) that expires in so many
  /// seconds.
  ServerContext server(const std::string& names, long expires_in = 3600) const {
    ServerContext context(SSL_CTX_new(TLS_server_method()));
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = make("server", key.get(), names, expires_in);
    EXPECT_EQ(SSL_CTX_use_certificate(context.get(), certificate.get()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(context.get(), key.get()), 1);
    return context;
  }

 private:
  Certificate make(const char* name, EVP_PKEY* key, const std::string& names, long expires_in) const {
    Certificate made(X509_new());
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), std::rand());
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -86400);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), expires_in);
    X509_set_pubkey(made.get(), key);
    X509_NAME* subject = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1,
                               -1, 0);
    X509_set_issuer_name(made.get(), certificate_ ? X509_get_subject_name(certificate_.get()) : subject);
    extend(made.get(), NID_basic_constraints, certificate_ ? "critical,CA:FALSE" : "critical,CA:TRUE");
    if (!names.empty()) extend(made.get(), NID_subject_alt_name, names.c_str());
    EXPECT_GT(X509_sign(made.get(), key_.get(), EVP_sha256()), 0);
    return made;
  }
  static void extend(X509* certificate, int what, const char* value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
    ASSERT_NE(extension, nullptr) << value;
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  Key key_;
  Certificate certificate_;
  std::string file_;
};

}  // namespace sluice::http
