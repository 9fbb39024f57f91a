#pragma once
// ClientConnection: one connection to an upstream, and the exchange that runs on it.

#include "http/client.hpp"

namespace sluice::http {

/// Belongs to its loop's thread. Between exchanges it lies in its Client's idle list.
class ClientConnection {
 public:
  ClientConnection(Client& client, int fd, const Address& address);
  ~ClientConnection();

  /// Lets `cancellation`, which may be null, end what is waited for here.
  void obey(Cancellation* cancellation);
  /// Prepares for a new exchange.
  void begin(const Deadlines& deadlines, TimePoint started, TimePoint last, Cancellation* cancellation);
  /// Writes the request. `head_storage` holds its head until it is sent.
  Task<Result<>> send(const ClientRequest& request, const Url& origin, std::string_view head_tail);
  /// Reads informational responses and the final head.
  Task<Result<>> read_head();
  Task<Result<BodyPiece>> read_body(milliseconds quiet);

  /// Lets go of the exchange, watching for the server to close. True if the connection may be kept.
  bool finish();
  bool reusable();
  /// After a failure: whether the server had closed before the request came, and so cannot have served it.
  bool was_stale() const { return received_ == 0 && Clock::now() - written_ < stale_connection; }

  Stream stream;
  Address address;
  ResponseHead head;
  ClientTimes times;
  bool reused = false;
  const Fields& fields() const { return parser_.fields(); }
  std::uint64_t bytes_received() const { return received_; }

 private:
  friend class Client;
  Result<BodyPiece> decode(std::span<char> bytes);
  Error failure(IoResult io, std::string_view doing) const;
  void release();
  std::uint32_t elapsed(TimePoint now) const;
  static void idle_over(void* self);

  Client& client_;
  HeadParser parser_;
  std::string input_;  ///< head of the response; afterwards what came with it of the body, until it is read
  std::size_t body_at_ = 0;
  ChunkedDecoder chunked_;
  std::uint64_t left_ = 0;  ///< of a body with a length
  bool complete_ = false;
  bool sound_ = false;  ///< framing is intact so far
  std::uint64_t received_ = 0;

  milliseconds first_byte_{0}, idle_{0};
  TimePoint started_, last_, written_, last_byte_;
  unsigned reads_ = 0;
  Cancellation* cancellation_ = nullptr;
  Deadline idle_deadline_;
};

}  // namespace sluice::http
