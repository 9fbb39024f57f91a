#pragma once
// Client: requests to one origin from one core, over kept connections.

#include "base/result.hpp"
#include "base/task.hpp"
#include "http/cancellation.hpp"
#include "http/chunked.hpp"
#include "http/head.hpp"
#include "http/limits.hpp"
#include "http/resolver.hpp"
#include "http/stream.hpp"
#include "http/url.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::http {

class Client;
class ClientConnection;

struct ClientRequest {
  std::string_view method = "POST";
  std::string_view path;    ///< behind the origin's own path, with query
  std::string_view fields;  ///< complete lines, `name: value\r\n` each; Host and Content-Length are added
  std::span<const std::string_view> body;
};

/// Microseconds from the start of the request; 0 where the step did not happen.
struct ClientTimes {
  std::uint32_t connected = 0;  ///< connection there, be it a kept one
  std::uint32_t sent = 0;
  std::uint32_t first_byte = 0;
};

/// A piece of a body.
struct BodyPiece {
  enum class State : std::uint8_t {
    data,   ///< `bytes` is not empty
    end,    ///< the body is complete
    quiet,  ///< nothing came for a while; read on
  };
  State state;
  std::string_view bytes;  ///< decoded; valid until the next suspension
};

/// A response, its head read. The body is pulled; destroying it before the end closes the connection, which
/// is how a provider learns that nobody listens any more.
class ClientResponse {
 public:
  ClientResponse(ClientResponse&&) noexcept;
  ClientResponse& operator=(ClientResponse&&) = delete;
  ~ClientResponse();

  int status() const;
  const Fields& fields() const;
  const ClientTimes& times() const;
  /// True if an idle connection served it.
  bool reused() const;
  const Address& address() const;

  /// The next piece of the body. BodyPiece::quiet after `quiet` without a byte. Fails with upstream_timeout,
  /// upstream_truncated, upstream_protocol or client_gone (cancelled).
  Task<Result<BodyPiece>> read(milliseconds quiet = milliseconds::max());
  /// The whole body. Fails with upstream_protocol if it is larger than `max_bytes`.
  Task<Result<std::string>> read_all(std::size_t max_bytes);
  std::uint64_t bytes_received() const;

 private:
  friend class Client;
  ClientResponse(Client& client, std::unique_ptr<ClientConnection> connection);
  Client* client_;
  std::unique_ptr<ClientConnection> connection_;
};

/// Belongs to its loop's thread and outlives its responses.
class Client {
 public:
  /// `ca_file`: trusted certificates instead of the system's; empty for those.
  static Result<std::unique_ptr<Client>> create(EventLoop& loop, Resolver& resolver, Url origin,
                                                const ClientLimits& limits, const std::string& ca_file);
  ~Client();

  /// Sends a request and reads the head of its response. A kept connection that turns out to have been closed
  /// before the request came is replaced, by a fresh one. An answer that comes before the server has read all
  /// of the request, and closes, is an answer. `deadlines` and `cancellation` also govern the body; the
  /// latter may be null. What the request views must live until it returns. Fails with upstream_unreachable,
  /// upstream_timeout, upstream_protocol, upstream_truncated or client_gone (cancelled).
  Task<Result<ClientResponse>> send(ClientRequest request, const Deadlines& deadlines,
                                    Cancellation* cancellation);

  const Url& origin() const { return origin_; }
  std::size_t idle_connections() const { return idle_.size(); }

 private:
  friend class ClientResponse;
  friend class ClientConnection;
  Client(EventLoop& loop, Resolver& resolver, Url origin, const ClientLimits& limits);

  std::unique_ptr<ClientConnection> take_idle();
  void keep(std::unique_ptr<ClientConnection> connection);
  void drop_idle(ClientConnection* connection);
  Task<Result<std::vector<Address>>> addresses(TimePoint until, Cancellation* cancellation);
  Task<Result<>> exchange(ClientConnection& connection, const ClientRequest& request);
  Task<Result<std::unique_ptr<ClientConnection>>> connect(const Deadlines& deadlines, TimePoint last,
                                                          Cancellation* cancellation);
  Task<Result<std::unique_ptr<ClientConnection>>> connect_to(const Address& address, TimePoint until,
                                                             Cancellation* cancellation);

  EventLoop& loop_;
  Resolver& resolver_;
  Url origin_;
  std::string head_tail_;  ///< Host field and what every request ends its head with
  const ClientLimits& limits_;
  std::unique_ptr<TlsClientContext> tls_;
  std::vector<Address> known_;  ///< last answer of the resolver
  TimePoint known_until_;
  std::vector<std::unique_ptr<ClientConnection>> idle_;  ///< most recently used last
};

}  // namespace sluice::http
