#pragma once
// AccessToken: one core's OAuth token for a provider on Google Cloud, fetched when it is needed and renewed
// before it expires.

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "gateway/service_account.hpp"
#include "http/client.hpp"
#include "http/event_loop.hpp"

#include <coroutine>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace sluice::gateway {

/// Who gives out tokens.
struct TokenSource {
  /// Without one the metadata server of the machine is asked, for the account that the machine runs as.
  std::optional<ServiceAccount> account;
  http::Url metadata_server;

  const http::Url& server() const { return account ? account->token_url : metadata_server; }
};

/// Belongs to its loop's thread.
class AccessToken {
 public:
  /// `source` must outlive it; `client` is one to source.server().
  AccessToken(http::EventLoop& loop, const TokenSource& source, std::unique_ptr<http::Client> client)
      : loop_(loop), source_(source), client_(std::move(client)) {}
  AccessToken(const AccessToken&) = delete;
  AccessToken& operator=(const AccessToken&) = delete;

  /// Returns once there is a token that is good for a while. Of several that ask at once, one fetches and the
  /// others wait for what it gets; none waits while the old one still is good. Fails with upstream_auth.
  Task<Result<>> ready();
  /// Empty before ready() has succeeded.
  const Secret& text() const { return text_; }
  /// The provider has refused it: the next one who asks gets a new one.
  void forget() { good_until_ = renew_at_ = 0; }

 private:
  class Fetch;
  struct Wait;

  std::int64_t now() const { return static_cast<std::int64_t>(loop_.unix_milliseconds() / 1000); }
  Task<Result<>> renew();
  Task<Result<std::string>> fetch();
  Result<> take(std::string_view answer, std::int64_t asked_at);

  http::EventLoop& loop_;
  const TokenSource& source_;
  std::unique_ptr<http::Client> client_;
  Secret text_;
  std::int64_t good_until_ = 0, renew_at_ = 0;  ///< unix seconds
  bool fetching_ = false;
  std::optional<Error> failure_;  ///< of the last fetch
  std::vector<std::coroutine_handle<>> waiting_;
};

}  // namespace sluice::gateway
