#pragma once
// Socket: a non-blocking descriptor in an event loop, and what waits for it.

#include "http/event_loop.hpp"

#include <coroutine>
#include <cstdint>

namespace sluice::http {

/// How a wait ended.
enum class Wake : std::uint8_t { ready, expired, cancelled };

/// Something that waits for a socket. Lives in the frame of the coroutine that waits.
class SocketWait {
 public:
  /// Tries again. True: it is done and `waiting` is to be resumed. False: it still waits (and has said so).
  virtual bool attempt(Wake wake) = 0;
  std::coroutine_handle<> waiting;

 protected:
  ~SocketWait() = default;
};

/// Owns the descriptor. Belongs to its loop's thread. At most one wait per direction.
class Socket {
 public:
  Socket(EventLoop& loop, int fd);
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();

  EventLoop& loop() { return loop_; }
  int fd() const { return fd_; }

  /// Whether the last attempt in that direction left something to do at once.
  bool readable() const { return readable_; }
  bool writable() const { return writable_; }
  /// The kernel has nothing more for now; the next event will tell.
  void not_readable() { readable_ = hung_up_; }
  void not_writable() { writable_ = false; }
  void wait_readable(SocketWait& wait) { reader_ = &wait; }
  void wait_writable(SocketWait& wait) { writer_ = &wait; }

  /// The peer closed its sending side, or the connection is broken.
  bool hung_up() const { return hung_up_; }
  /// The connection is broken both ways (reset, or closed entirely).
  bool broken() const { return broken_; }
  /// Called once per change when the peer hangs up or the connection breaks while nobody reads, and by
  /// cancel(); may be null. It may destroy the socket.
  void on_hang_up(void (*action)(void*), void* context) {
    hang_up_action_ = action;
    hang_up_context_ = context;
  }

  /// Waits end with Wake::expired when it passes. One for both directions.
  void set_deadline(TimePoint when) { deadline_.set(when); }
  void set_deadline(std::chrono::milliseconds from_now) { deadline_.set(after(loop_.now(), from_now)); }
  void clear_deadline() { deadline_.clear(); }

  /// This wait and every later one ends with Wake::cancelled. May resume coroutines before it returns.
  void cancel();
  bool cancelled() const { return cancelled_; }

 private:
  friend class EventLoop;
  void handle(std::uint32_t events);
  void wake(SocketWait*& slot, Wake wake);
  void wake_both(Wake wake);
  static void expire(void* self);

  EventLoop& loop_;
  int fd_;
  bool readable_ = false;
  bool writable_ = false;
  bool hung_up_ = false;
  bool broken_ = false;
  bool cancelled_ = false;
  SocketWait* reader_ = nullptr;
  SocketWait* writer_ = nullptr;
  void (*hang_up_action_)(void*) = nullptr;
  void* hang_up_context_ = nullptr;
  EventLoop::Registration* registration_;
  Deadline deadline_;
};

}  // namespace sluice::http
