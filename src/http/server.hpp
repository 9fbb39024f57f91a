#pragma once
// Server: one core's listening sockets and client connections.
//
// Each core has a Server with sockets of its own on the same addresses (SO_REUSEPORT); the kernel spreads the
// connections, and nothing is shared.

#include "base/result.hpp"
#include "base/task.hpp"
#include "http/address.hpp"
#include "http/connection.hpp"
#include "http/limits.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sluice::http {

class Server {
 public:
  /// `loop`, `handler` and `limits` must outlive it. Belongs to the loop's thread once the loop runs.
  Server(EventLoop& loop, Handler& handler, const ServerLimits& limits);
  ~Server();

  /// Binds and listens; requests wait in the kernel until start(). `listener` is what Peer::listener will
  /// say. Port 0 asks for any free one. Returns the address bound.
  Result<Address> listen(const Address& address, std::size_t listener);
  /// Begins to accept.
  void start();
  /// Accepts no more, lets running requests end, then calls `done` (at once if there are none), which may
  /// destroy the server. What still runs at `limits.drain` is cut off.
  void drain(void (*done)(void*), void* context);

  std::size_t connections() const { return connections_; }

 private:
  struct Listener;
  enum class Accepted : std::uint8_t { one, none_waiting, failed };

  Task<> accept_loop(Listener& listener);
  Task<> accept_waiting(Listener& listener);
  Task<> serve(std::unique_ptr<ServerConnection> connection);
  static void cut_off(void* self);
  Accepted accept_one(Listener& listener);
  bool shed(Listener& listener);
  void report(Listener& listener, std::string_view why);
  void adopt(int fd, Peer peer);
  void end_drain();

  EventLoop& loop_;
  Handler& handler_;
  const ServerLimits& limits_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  ServerConnection* first_ = nullptr;
  std::size_t connections_ = 0;
  std::size_t accepting_ = 0;  ///< accept loops that have not ended
  bool draining_ = false;
  void (*drained_)(void*) = nullptr;
  void* drained_context_ = nullptr;
  Deadline drain_deadline_;
};

}  // namespace sluice::http
