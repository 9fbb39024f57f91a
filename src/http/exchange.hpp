#pragma once
// Exchange: one request of a client and its answer, as a handler sees them.

#include "base/result.hpp"
#include "base/task.hpp"
#include "http/head.hpp"
#include "http/stream.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::http {

/// The client's end of a connection.
struct Peer {
  std::string address;  ///< without port; IPv6 without brackets
  bool loopback = false;
  std::size_t listener = 0;  ///< which of the server's addresses it came to
};

/// A field of an answer; the texts must live until it is sent.
struct OutField {
  std::string_view name, value;
};

/// Lives on a connection; valid until the handler's task ends. A handler answers exactly once: respond(), or
/// begin_stream() and what follows. If it does not, the connection is closed.
class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const RequestHead& head() const = 0;
  virtual const Fields& fields() const = 0;
  virtual const Peer& peer() const = 0;
  virtual EventLoop& loop() = 0;
  /// When the first byte of the request was seen.
  virtual TimePoint began() const = 0;

  /// The whole body; the view is valid until the exchange ends. Fails with request_too_large, with
  /// invalid_request where the framing is broken, with request_timeout, or with client_gone.
  virtual Task<Result<std::string_view>> read_body(std::size_t max_bytes) = 0;
  /// Views of the body end here; the memory of a large one is given back.
  virtual void release_body() = 0;

  /// Sends a whole answer. Content-Length, Date and Connection are added.
  virtual Task<Result<>> respond(int status, std::span<const OutField> fields,
                                 std::span<const std::string_view> body) = 0;

  /// Prepares a streamed answer: the head goes out with the first write.
  virtual void begin_stream(int status, std::span<const OutField> fields) = 0;
  /// Sends bytes at once; suspended while the client does not take them. Fails with client_gone.
  virtual Task<Result<>> write(std::string_view bytes) = 0;
  /// Sends `bytes` and the end of the answer.
  virtual Task<Result<>> end_stream(std::string_view bytes) = 0;
  /// For a handler that plays a broken server: sends bytes as they are, outside any framing, behind what is
  /// due of the answer so far. Fails with client_gone.
  virtual Task<Result<>> write_raw(std::string_view bytes) = 0;
  /// Likewise: what is not sent is lost, and the connection ends with a reset when the handler returns.
  virtual void reset_connection() = 0;
  /// Whether some of the answer has been sent: its status cannot be changed any more.
  virtual bool answer_begun() const = 0;

  /// True once the client has closed its connection, or the server cuts it off.
  virtual bool client_gone() const = 0;
  /// Called when the client closes its connection before the answer is complete, or the server cuts it off;
  /// at once if that has happened. A client that only ends its sending side counts as gone, too: what it
  /// asked for is expensive, and nothing tells it from one that has left. Null to stop that.
  virtual void on_client_gone(void (*action)(void*), void* context) = 0;

  /// For the log.
  virtual std::uint64_t bytes_in() const = 0;
  virtual std::uint64_t bytes_out() const = 0;
};

/// An answer to a request that never reached the handler, or that the handler failed on.
struct RefusalAnswer {
  std::vector<std::pair<std::string, std::string>> fields;  ///< as Exchange::respond() takes them
  std::string body;
};

/// What a server does with requests. One per core: its tasks never run on another thread.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Task<> serve(Exchange& exchange) = 0;
  /// How to say what the HTTP layer refuses by itself (malformed requests, time-outs) with `status`.
  virtual RefusalAnswer describe_refusal(int status, std::string_view why) = 0;
  /// An exception left serve(), or the connection's own code: a bug, to be logged. The client gets 500 if no
  /// answer had begun.
  virtual void on_exception(std::string_view /*what*/) {}
  /// The system gives no further connection; told at most once a second.
  virtual void on_accept_failure(std::size_t /*listener*/, std::string_view /*why*/) {}
};

std::string_view reason_phrase(int status);

}  // namespace sluice::http
