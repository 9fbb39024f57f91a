#include "http/server.hpp"

#include <cerrno>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sluice::http {

/// A listening socket, and a spare descriptor: when the process has none left, closing the spare lets one
/// connection be accepted and refused instead of staying in the kernel's queue for ever.
struct Server::Listener {
  Listener(EventLoop& loop, int fd, std::size_t number)
      : socket(loop, fd), index(number), spare(open("/dev/null", O_RDONLY | O_CLOEXEC)) {}
  ~Listener() {
    if (spare >= 0) close(spare);
  }
  Socket socket;
  std::size_t index;
  int spare;
};

namespace {

std::string system_message(int error) {
  return std::generic_category().message(error);
}

/// Waits until a listening socket has something to accept.
struct Acceptable final : SocketWait {
  explicit Acceptable(Socket& listening) : socket(listening) {}
  bool await_ready() const { return socket.readable() || socket.cancelled(); }
  void await_suspend(std::coroutine_handle<> h) {
    waiting = h;
    socket.wait_readable(*this);
  }
  void await_resume() const {}
  bool attempt(Wake) override { return true; }
  Socket& socket;
};

}  // namespace

Server::Server(EventLoop& loop, Handler& handler, const ServerLimits& limits)
    : loop_(loop), handler_(handler), limits_(limits), drain_deadline_(loop, &Server::cut_off, this) {}

Server::~Server() = default;

Result<Address> Server::listen(const Address& address, std::size_t listener) {
  const int fd = socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const auto broken = [&](std::string_view what) {
    const std::string why = system_message(errno);
    if (fd >= 0) close(fd);
    return fail(ErrorCode::internal, "cannot " + std::string(what) + " " + to_string(address) + ": " + why);
  };
  if (fd < 0) return broken("open a socket for");
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // accepted sockets inherit it
  if (bind(fd, address.get(), address.length) != 0) return broken("bind");
  if (::listen(fd, SOMAXCONN) != 0) return broken("listen on");
  Address bound;
  bound.length = sizeof bound.storage;
  getsockname(fd, reinterpret_cast<sockaddr*>(&bound.storage), &bound.length);
  listeners_.push_back(std::make_unique<Listener>(loop_, fd, listener));
  return bound;
}

void Server::start() {
  for (auto& listener : listeners_) detach(accept_loop(*listener));
}

Task<> Server::accept_loop(Listener& listener) {
  int turns = 0;
  while (!draining_) {
    co_await Acceptable(listener.socket);
    if (draining_ || listener.socket.cancelled()) break;
    while (accept_one(listener)) {
      if (++turns % fairness_turns == 0) co_await loop_.yield();
      if (draining_) break;
    }
  }
}

/// False: nothing more to accept for now.
bool Server::accept_one(Listener& listener) {
  Address address;
  address.length = sizeof address.storage;
  const int fd = accept4(listener.socket.fd(), reinterpret_cast<sockaddr*>(&address.storage), &address.length,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    if (errno == EMFILE || errno == ENFILE) {
      shed(listener);
      return true;
    }
    // A client that gave up while it waited is no reason to stop.
    if (errno == ECONNABORTED || errno == EINTR) return true;
    listener.socket.not_readable();
    return false;
  }
  if (connections_ >= limits_.max_connections) {
    close(fd);
    return true;
  }
  adopt(fd, peer_of(address, listener.index));
  return true;
}

void Server::shed(Listener& listener) {
  if (listener.spare >= 0) close(listener.spare);
  const int fd = accept(listener.socket.fd(), nullptr, nullptr);
  if (fd >= 0) {
    close(fd);
  } else {
    listener.socket.not_readable();
  }
  listener.spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void Server::adopt(int fd, Peer peer) {
  auto connection = std::make_unique<ServerConnection>(loop_, fd, std::move(peer), handler_, limits_);
  connection->next = first_;
  if (first_) first_->previous = connection.get();
  first_ = connection.get();
  ++connections_;
  detach(serve(std::move(connection)));
}

Task<> Server::serve(std::unique_ptr<ServerConnection> connection) {
  co_await connection->run();
  if (connection->previous) {
    connection->previous->next = connection->next;
  } else {
    first_ = connection->next;
  }
  if (connection->next) connection->next->previous = connection->previous;
  --connections_;
  connection.reset();
  if (draining_ && connections_ == 0 && drained_) std::exchange(drained_, nullptr)(drained_context_);
}

void Server::drain(void (*done)(void*), void* context) {
  draining_ = true;
  drained_ = done;
  drained_context_ = context;
  for (auto& listener : listeners_) listener->socket.cancel();
  listeners_.clear();
  for (ServerConnection* connection = first_; connection;) {
    ServerConnection* const following = connection->next;
    connection->drain();  // an idle one is gone when this returns
    connection = following;
  }
  if (connections_ == 0) {
    if (drained_) std::exchange(drained_, nullptr)(drained_context_);
    return;
  }
  drain_deadline_.set(loop_.now() + limits_.drain);
}

void Server::cut_off(void* self) {
  for (ServerConnection* connection = static_cast<Server*>(self)->first_; connection;) {
    ServerConnection* const following = connection->next;
    connection->abort();
    connection = following;
  }
}

}  // namespace sluice::http
