#include "http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

namespace sluice::http {

Result<std::unique_ptr<TlsClientContext>> TlsClientContext::create(std::string host,
                                                                   const std::string& ca_file) {
  std::unique_ptr<TlsClientContext> made(new TlsClientContext);
  made->host_ = std::move(host);
  SSL_CTX* context = made->context_ = SSL_CTX_new(TLS_client_method());
  if (!context) return fail(ErrorCode::internal, "OpenSSL: " + tls_error());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  // Idle and streaming connections give their 34 KB of record buffers back; a write may be retried from
  // another address and may be partial.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  const int trusted = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context)
                                      : SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr);
  if (trusted != 1)
    return fail(ErrorCode::internal, "cannot load trusted certificates " + ca_file + ": " + tls_error());
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_set_app_data(context, made.get());
  SSL_CTX_sess_set_new_cb(context, &TlsClientContext::keep_session);
  return made;
}

TlsClientContext::~TlsClientContext() {
  SSL_SESSION_free(session_);
  SSL_CTX_free(context_);
}

int TlsClientContext::keep_session(ssl_st* ssl, ssl_session_st* session) {
  auto* self = static_cast<TlsClientContext*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  SSL_SESSION_free(self->session_);
  self->session_ = session;
  return 1;  // the reference is ours now
}

ssl_st* TlsClientContext::open(int fd) {
  SSL* ssl = SSL_new(context_);
  if (!ssl) return nullptr;
  const bool literal_address =
      host_.find(':') != std::string::npos || host_.find_first_not_of("0123456789.") == std::string::npos;
  const int named = literal_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host_.c_str())
                                    : SSL_set1_host(ssl, host_.c_str());
  // RFC 6066 section 3: no address literals in SNI.
  const int announced = literal_address ? 1 : static_cast<int>(SSL_set_tlsext_host_name(ssl, host_.c_str()));
  if (named != 1 || announced != 1 || SSL_set_fd(ssl, fd) != 1) {
    SSL_free(ssl);
    return nullptr;
  }
  if (session_) SSL_set_session(ssl, session_);
  SSL_set_connect_state(ssl);
  return ssl;
}

std::string tls_error() {
  std::string text;
  while (const unsigned long code = ERR_get_error()) {
    std::array<char, 256> line;
    ERR_error_string_n(code, line.data(), line.size());
    if (text.empty()) text = ERR_reason_error_string(code) ? ERR_reason_error_string(code) : line.data();
  }
  return text.empty() ? "unknown TLS failure" : text;
}

}  // namespace sluice::http
