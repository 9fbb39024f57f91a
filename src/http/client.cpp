#include "http/client.hpp"

#include "http/client_connection.hpp"
#include "http/resolver_wait.hpp"

#include <algorithm>
#include <cerrno>
#include <netinet/tcp.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sluice::http {

// ---- the response
// -------------------------------------------------------------------------------------------

ClientResponse::ClientResponse(Client& client, std::unique_ptr<ClientConnection> connection)
    : client_(&client), connection_(std::move(connection)) {}
ClientResponse::ClientResponse(ClientResponse&&) noexcept = default;
ClientResponse::~ClientResponse() {
  if (connection_) client_->keep(std::move(connection_));
}

int ClientResponse::status() const {
  return connection_->head.status;
}
const Fields& ClientResponse::fields() const {
  return connection_->fields();
}
const ClientTimes& ClientResponse::times() const {
  return connection_->times;
}
bool ClientResponse::reused() const {
  return connection_->reused;
}
const Address& ClientResponse::address() const {
  return connection_->address;
}
std::uint64_t ClientResponse::bytes_received() const {
  return connection_->bytes_received();
}
Task<Result<BodyPiece>> ClientResponse::read(milliseconds quiet) {
  return connection_->read_body(quiet);
}

Task<Result<std::string>> ClientResponse::read_all(std::size_t max_bytes) {
  std::string body;
  if (connection_->head.framing == BodyFraming::length)
    body.reserve(
        static_cast<std::size_t>(std::min<std::uint64_t>(connection_->head.content_length, 1 << 20)));
  while (true) {
    const auto part = co_await connection_->read_body(milliseconds::max());
    if (!part) co_return fail(part.error().clone());
    if (part->state == BodyPiece::State::end) co_return body;
    if (body.size() + part->bytes.size() > max_bytes)
      co_return fail(ErrorCode::upstream_protocol,
                     "the provider's answer is larger than " + std::to_string(max_bytes) + " bytes");
    body.append(part->bytes);
  }
}

// ---- the client
// ---------------------------------------------------------------------------------------------

Client::Client(EventLoop& loop, Resolver& resolver, Url origin, const ClientLimits& limits)
    : loop_(loop), resolver_(resolver), origin_(std::move(origin)), limits_(limits) {
  head_tail_ = "host: " + origin_.authority() + "\r\n\r\n";
}

Client::~Client() = default;

Result<std::unique_ptr<Client>> Client::create(EventLoop& loop, Resolver& resolver, Url origin,
                                               const ClientLimits& limits, const std::string& ca_file) {
  std::unique_ptr<Client> client(new Client(loop, resolver, std::move(origin), limits));
  if (client->origin_.tls) {
    auto tls = TlsClientContext::create(client->origin_.host, ca_file);
    if (!tls) return fail(tls);
    client->tls_ = std::move(*tls);
  }
  return client;
}

Task<Result<ClientResponse>> Client::send(ClientRequest request, const Deadlines& deadlines,
                                          Cancellation* cancellation) {
  const TimePoint started = Clock::now();
  const TimePoint last = after(started, deadlines.total);
  if (cancellation && cancellation->cancelled())
    co_return fail(ErrorCode::client_gone, "cancelled before the provider was asked");
  auto connection = take_idle();
  for (bool fresh = !connection;; fresh = true) {
    if (!connection) {
      auto made = co_await connect(deadlines, last, cancellation);
      if (!made) co_return fail(made);
      connection = std::move(*made);
    }
    connection->begin(deadlines, started, last, cancellation);
    connection->reused = !fresh;
    auto done = co_await exchange(*connection, request);
    if (done) co_return ClientResponse(*this, std::move(connection));
    const bool stale =
        !fresh && connection->was_stale() && done.error().code() == ErrorCode::upstream_truncated;
    connection.reset();
    if (!stale || (cancellation && cancellation->cancelled())) co_return fail(done);
    idle_.clear();  // its neighbours are no younger
  }
}

Task<Result<>> Client::exchange(ClientConnection& connection, const ClientRequest& request) {
  auto sent = co_await connection.send(request, origin_, head_tail_);
  if (sent) co_return co_await connection.read_head();
  if (sent.error().code() != ErrorCode::upstream_truncated) co_return fail(sent);
  // A server that refuses a request (413, 401) may close before it has read all of it: what it said is here.
  auto early = co_await connection.read_head();
  if (!early) co_return fail(sent);
  connection.head.keep_alive = false;
  co_return Result<>();
}

std::unique_ptr<ClientConnection> Client::take_idle() {
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->reusable()) return connection;
  }
  return nullptr;
}

void Client::keep(std::unique_ptr<ClientConnection> connection) {
  if (connection->finish() && idle_.size() < limits_.max_idle) idle_.push_back(std::move(connection));
}

void Client::drop_idle(ClientConnection* connection) {
  std::erase_if(idle_, [&](const auto& kept) { return kept.get() == connection; });
}

/// Addresses of the origin; a literal at once, else what the resolver said within the last minute.
Task<Result<std::vector<Address>>> Client::addresses(TimePoint until, Cancellation* cancellation) {
  if (auto literal = parse_literal(origin_.host, origin_.port)) {
    std::vector<Address> one{*literal};
    co_return one;
  }
  if (!known_.empty() && loop_.now() < known_until_) co_return known_;
  ResolverWait wait(loop_, resolver_, {origin_.host, origin_.port, until, cancellation});
  auto found = co_await wait;
  if (found) {
    known_ = *found;
    known_until_ = loop_.now() + seconds(60);
  } else if (!known_.empty() && found.error().code() != ErrorCode::client_gone) {
    known_until_ = loop_.now() + seconds(5);
    co_return known_;  // a resolver that is down is no reason to forget what worked
  }
  co_return found;
}

Task<Result<std::unique_ptr<ClientConnection>>> Client::connect(const Deadlines& deadlines, TimePoint last,
                                                                Cancellation* cancellation) {
  const TimePoint until = std::min(last, after(Clock::now(), deadlines.connect));
  auto found = co_await addresses(until, cancellation);
  if (!found) co_return fail(found);
  Error why(ErrorCode::upstream_unreachable, "cannot resolve " + origin_.host);
  for (const Address& address : *found) {
    if (cancellation && cancellation->cancelled())
      co_return fail(ErrorCode::client_gone, "cancelled before the provider was asked");
    auto connection = co_await connect_to(address, until, cancellation);
    if (connection) co_return connection;
    why = std::move(connection.error());
    if (why.code() == ErrorCode::client_gone || loop_.now() >= until) break;
  }
  co_return fail(std::move(why));
}

Task<Result<std::unique_ptr<ClientConnection>>> Client::connect_to(const Address& address, TimePoint until,
                                                                   Cancellation* cancellation) {
  const auto unreachable = [&](const std::string& why) {
    return fail(ErrorCode::upstream_unreachable,
                "cannot connect to " + origin_.host + " (" + to_string(address) + "): " + why);
  };
  const int fd = socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) co_return unreachable(std::generic_category().message(errno));
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd, address.get(), address.length) != 0 && errno != EINPROGRESS) {
    const std::string why = std::generic_category().message(errno);
    close(fd);
    co_return unreachable(why);
  }
  auto connection = std::make_unique<ClientConnection>(*this, fd, address);
  connection->obey(cancellation);
  connection->stream.socket().set_deadline(until);
  IoResult io = co_await connection->stream.connected();
  if (io.status == IoStatus::ok && tls_) {
    connection->stream.socket().set_deadline(until);
    io = co_await connection->stream.handshake(*tls_);
  }
  switch (io.status) {
    case IoStatus::ok:
      co_return connection;
    case IoStatus::expired:
      co_return unreachable("it took too long");
    case IoStatus::cancelled:
      co_return fail(ErrorCode::client_gone, "cancelled while the provider was called");
    case IoStatus::end:
      co_return unreachable("it closed the connection");
    case IoStatus::failed:
      break;
  }
  co_return unreachable(connection->stream.failure());
}

}  // namespace sluice::http
