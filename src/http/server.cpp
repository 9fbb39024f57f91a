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
  TimePoint next_report;  ///< failures are told no sooner
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
    : loop_(loop),
      handler_(handler),
      limits_(limits),
      drain_deadline_(loop.deadlines(), &Server::cut_off, this) {}

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
  // Accepted sockets inherit these.
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &max_unsent, sizeof max_unsent);
  if (bind(fd, address.get(), address.length) != 0) return broken("bind");
  if (::listen(fd, SOMAXCONN) != 0) return broken("listen on");
  Address bound;
  bound.length = sizeof bound.storage;
  getsockname(fd, reinterpret_cast<sockaddr*>(&bound.storage), &bound.length);
  listeners_.push_back(std::make_unique<Listener>(loop_, fd, listener));
  return bound;
}

void Server::start() {
  for (auto& listener : listeners_) {
    ++accepting_;
    detach(accept_loop(*listener));
  }
}

Task<> Server::accept_loop(Listener& listener) {
  while (!draining_) {
    co_await Acceptable(listener.socket);
    if (!draining_) co_await accept_waiting(listener);
  }
  --accepting_;
  end_drain();
}

Task<> Server::accept_waiting(Listener& listener) {
  listener.socket.clear_deadline();
  for (unsigned turns = 1; !draining_; ++turns) {
    const Accepted accepted = accept_one(listener);
    if (accepted != Accepted::one) {
      listener.socket.not_readable();
      // What waits makes no further event, so a failure is tried again after a while.
      if (accepted == Accepted::failed) listener.socket.set_deadline(accept_pause);
      co_return;
    }
    if (turns % fairness_turns == 0) co_await loop_.yield();
  }
}

Server::Accepted Server::accept_one(Listener& listener) {
  Address address;
  address.length = sizeof address.storage;
  const int fd = accept4(listener.socket.fd(), reinterpret_cast<sockaddr*>(&address.storage), &address.length,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    const int why = errno;
    if (why == EAGAIN || why == EWOULDBLOCK) return Accepted::none_waiting;
    // A client that gave up while it waited is no reason to stop.
    if (why == ECONNABORTED || why == EINTR) return Accepted::one;
    report(listener, system_message(why));
    return (why == EMFILE || why == ENFILE) && shed(listener) ? Accepted::one : Accepted::failed;
  }
  if (connections_ >= limits_.max_connections) {
    close(fd);
    return Accepted::one;
  }
  adopt(fd, peer_of(address, listener.index));
  return Accepted::one;
}

/// False: another thread has taken the descriptor that the spare gave free.
bool Server::shed(Listener& listener) {
  if (listener.spare >= 0) close(listener.spare);
  const int fd = accept(listener.socket.fd(), nullptr, nullptr);
  if (fd >= 0) close(fd);
  listener.spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
  return fd >= 0;
}

void Server::report(Listener& listener, std::string_view why) {
  if (loop_.now() < listener.next_report) return;
  listener.next_report = loop_.now() + seconds(1);
  handler_.on_accept_failure(listener.index, why);
}

void Server::adopt(int fd, Peer peer) {
  std::unique_ptr<ServerConnection> connection;
  try {
    connection = std::make_unique<ServerConnection>(loop_, fd, std::move(peer), handler_, limits_);
  } catch (const std::exception& failure) {  // no memory, or no room in epoll; the descriptor is closed
    handler_.on_exception(failure.what());
    return;
  }
  connection->next = first_;
  if (first_) first_->previous = connection.get();
  first_ = connection.get();
  ++connections_;
  detach(serve(std::move(connection)));
}

Task<> Server::serve(std::unique_ptr<ServerConnection> connection) {
  try {
    co_await connection->run();
  } catch (const std::exception& bug) {
    handler_.on_exception(bug.what());
  }
  if (connection->previous) {
    connection->previous->next = connection->next;
  } else {
    first_ = connection->next;
  }
  if (connection->next) connection->next->previous = connection->previous;
  --connections_;
  connection.reset();
  end_drain();
}

void Server::drain(void (*done)(void*), void* context) {
  draining_ = true;
  for (auto& listener : listeners_) listener->socket.cancel();
  listeners_.clear();
  for (ServerConnection* connection = first_; connection;) {
    ServerConnection* const following = connection->next;
    connection->drain();  // an idle one is gone when this returns
    connection = following;
  }
  drain_deadline_.set(after(loop_.now(), limits_.drain));
  drained_ = done;
  drained_context_ = context;
  end_drain();
}

/// Says that the drain is over, once it is. The server may be gone when this returns.
void Server::end_drain() {
  if (draining_ && connections_ == 0 && accepting_ == 0 && drained_)
    std::exchange(drained_, nullptr)(drained_context_);
}

void Server::cut_off(void* self) {
  for (ServerConnection* connection = static_cast<Server*>(self)->first_; connection;) {
    ServerConnection* const following = connection->next;
    connection->abort();
    connection = following;
  }
}

}  // namespace sluice::http
