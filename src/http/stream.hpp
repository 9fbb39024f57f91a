#pragma once
// Stream: bytes over a socket, in the clear or through TLS. Awaiting an operation allocates nothing.

#include "http/socket.hpp"
#include "http/tls.hpp"

#include <coroutine>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/uio.h>

namespace sluice::http {

enum class IoStatus : std::uint8_t {
  ok,
  end,        ///< the peer sends no more
  expired,    ///< the deadline of the socket passed
  cancelled,  ///< Stream::cancel() was called
  failed,     ///< the connection is broken; Stream::failure() says how
};

struct IoResult {
  IoStatus status;
  std::size_t bytes;
};

class Stream {
 public:
  Stream(EventLoop& loop, int fd) : socket_(loop, fd) {}
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  Socket& socket() { return socket_; }
  const Socket& socket() const { return socket_; }
  EventLoop& loop() { return socket_.loop(); }
  bool is_tls() const { return tls_ != nullptr; }

  class Read;
  class Write;
  class Connect;
  class Handshake;

  /// Reads what there is, at least one byte, as much as fits.
  Read read(std::span<char> into);
  /// Writes all of the pieces; `pieces` is used up on the way. The deadline is `progress` from now, starts
  /// anew whenever some bytes were taken, and is never later than `last`.
  Write write(std::span<iovec> pieces, std::chrono::milliseconds progress, TimePoint last = TimePoint::max());
  /// Waits until a non-blocking connect has succeeded or failed.
  Connect connected();
  /// Makes this a TLS stream, as a client.
  Handshake handshake(TlsClientContext& context);

  /// Whether there are bytes of the peer's, or its end, that nobody has read. A TLS record without content,
  /// as a session ticket, is none.
  bool has_unread();

  void cancel() { socket_.cancel(); }
  const std::string& failure() const { return failure_; }

 private:
  enum class Step : std::uint8_t { done, wants_read, wants_write };

  Step read_once(std::span<char> into, IoResult& result);
  Step write_once(std::span<iovec>& pieces, IoResult& result);
  Step read_tls(std::span<char> into, IoResult& result);
  Step write_tls(std::span<iovec>& pieces, IoResult& result);
  Step handshake_once(IoResult& result);
  Step tls_step(int returned, IoResult& result);
  void fail_with(std::string why, IoResult& result);

  /// Waits as `step` says; false if the wait is over before it began.
  bool wait_for(Step step, SocketWait& wait);

  Socket socket_;
  ssl_st* tls_ = nullptr;
  std::string failure_;
};

/// What the operations have in common: an attempt, and waiting between attempts.
class StreamOperation : public SocketWait {
 public:
  explicit StreamOperation(Stream& stream) : stream_(stream) {}
  bool await_suspend(std::coroutine_handle<> h) {
    waiting = h;
    return true;
  }
  IoResult await_resume() const { return result_; }

 protected:
  ~StreamOperation() = default;
  static IoStatus status_of(Wake wake) {
    return wake == Wake::expired ? IoStatus::expired : IoStatus::cancelled;
  }

  Stream& stream_;
  IoResult result_{IoStatus::ok, 0};
};

class Stream::Read final : public StreamOperation {
 public:
  Read(Stream& stream, std::span<char> into) : StreamOperation(stream), into_(into) {}
  bool await_ready() { return attempt(Wake::ready); }
  bool attempt(Wake wake) override;

 private:
  std::span<char> into_;
};

class Stream::Write final : public StreamOperation {
 public:
  Write(Stream& stream, std::span<iovec> pieces, std::chrono::milliseconds progress, TimePoint last)
      : StreamOperation(stream), pieces_(pieces), progress_(progress), last_(last) {}
  bool await_ready() { return attempt(Wake::ready); }
  bool attempt(Wake wake) override;

 private:
  std::span<iovec> pieces_;
  std::chrono::milliseconds progress_;
  TimePoint last_;
  bool waited_ = false;
};

class Stream::Connect final : public StreamOperation {
 public:
  explicit Connect(Stream& stream) : StreamOperation(stream) {}
  bool await_ready() { return attempt(Wake::ready); }
  bool attempt(Wake wake) override;
};

class Stream::Handshake final : public StreamOperation {
 public:
  explicit Handshake(Stream& stream) : StreamOperation(stream) {}
  bool await_ready() { return attempt(Wake::ready); }
  bool attempt(Wake wake) override;
};

inline Stream::Read Stream::read(std::span<char> into) {
  return {*this, into};
}
inline Stream::Write Stream::write(std::span<iovec> pieces, std::chrono::milliseconds progress,
                                   TimePoint last) {
  return {*this, pieces, progress, last};
}
inline Stream::Connect Stream::connected() {
  return Connect(*this);
}

inline iovec piece(std::string_view text) {
  return {const_cast<char*>(text.data()), text.size()};
}

}  // namespace sluice::http
