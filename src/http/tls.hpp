#pragma once
// TLS contexts. OpenSSL stays behind this header and stream.cpp. It writes with write(2): the process must
// ignore SIGPIPE.

#include "base/result.hpp"

#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;
struct ssl_session_st;

namespace sluice::http {

/// What connections to one origin share: verification and the sessions to resume. One per core and origin, as
/// sessions are kept without a lock.
class TlsClientContext {
 public:
  /// Verifies against the system's certificates, or those in `ca_file` if it is not empty. The name must
  /// match `host`. TLS 1.2 at least.
  static Result<std::unique_ptr<TlsClientContext>> create(std::string host, const std::string& ca_file);
  ~TlsClientContext();

  /// A client's end of a connection on `fd`, set up to resume the last session. Null if OpenSSL has no
  /// memory.
  ssl_st* open(int fd);

 private:
  TlsClientContext() = default;
  static int keep_session(ssl_st* ssl, ssl_session_st* session);

  ssl_ctx_st* context_ = nullptr;
  ssl_session_st* session_ = nullptr;
  std::string host_;
};

/// OpenSSL's reason for the last failure on this thread, as text.
std::string tls_error();

}  // namespace sluice::http
