#pragma once
// ServerConnection: reads requests from one client connection, lets the handler answer them, writes the
// answers.

#include "http/chunked.hpp"
#include "http/exchange.hpp"
#include "http/limits.hpp"

#include <optional>
#include <string>

namespace sluice::http {

/// Belongs to its loop's thread. run() once; destroy it afterwards.
class ServerConnection final : public Exchange {
 public:
  ServerConnection(EventLoop& loop, int fd, Peer peer, Handler& handler, const ServerLimits& limits);

  /// Serves requests until the connection is to be closed.
  Task<> run();
  /// No further request is taken: closes at once if idle, else when the running one is answered.
  void drain();
  /// Ends the running request too.
  void abort() { stream_.cancel(); }

  // Neighbours in the server's list.
  ServerConnection* previous = nullptr;
  ServerConnection* next = nullptr;

  const RequestHead& head() const override { return head_; }
  const Fields& fields() const override { return parser_.fields(); }
  const Peer& peer() const override { return peer_; }
  EventLoop& loop() override { return stream_.loop(); }
  TimePoint began() const override { return began_; }
  Task<Result<std::string_view>> read_body(std::size_t max_bytes) override;
  void release_body() override {
    body_view_ = {};
    body_ = {};
  }
  Task<Result<>> respond(int status, std::span<const OutField> fields,
                         std::span<const std::string_view> body) override;
  void begin_stream(int status, std::span<const OutField> fields) override;
  Task<Result<>> write(std::string_view bytes) override;
  Task<Result<>> end_stream(std::string_view bytes) override;
  Task<Result<>> write_raw(std::string_view bytes) override;
  void reset_connection() override;
  bool answer_begun() const override { return answer_ != Answer::none; }
  bool client_gone() const override {
    return gone_ || stream_.socket().hung_up() || stream_.socket().cancelled();
  }
  void on_client_gone(void (*action)(void*), void* context) override;
  std::uint64_t bytes_in() const override { return bytes_in_; }
  std::uint64_t bytes_out() const override { return bytes_out_; }

 private:
  enum class Answer : std::uint8_t { none, prepared, begun, complete };
  enum class BodyState : std::uint8_t { unread, complete, failed };

  Task<bool> read_head();
  Task<> answer_one();
  Task<> refuse(Refusal refusal);
  Task<Result<>> read_length_body();
  Task<Result<>> read_chunked_body(std::size_t max_bytes);
  Task<Result<>> send_continue();
  bool leaves_body() const;
  Task<bool> discard_body();
  Task<> close_gracefully();
  Task<Result<>> send(std::span<iovec> pieces);
  void append_head(std::string& out, int status, std::span<const OutField> fields,
                   std::optional<std::size_t> length);
  void next_request();
  std::string_view arrived() const { return std::string_view(input_).substr(start_); }

  Stream stream_;
  Peer peer_;
  Handler& handler_;
  const ServerLimits& limits_;

  std::string input_;      ///< what has arrived; empty while idle
  std::size_t start_ = 0;  ///< offset in input_ of the current request
  std::string
      following_;  ///< what came behind a chunked body: it may not move the head that the handler views
  HeadParser parser_;
  RequestHead head_;
  TimePoint began_;
  std::string body_;  ///< where the body did not arrive together with the head
  std::string_view body_view_;
  std::size_t body_end_ = 0;  ///< offset in input_ behind the request, as far as it is there
  BodyState body_state_ = BodyState::unread;
  ChunkedDecoder chunked_;

  Answer answer_ = Answer::none;
  std::string answer_head_;  ///< of a stream, until its first write
  bool keep_alive_ = true;
  bool draining_ = false;
  bool idle_ = true;
  bool gone_ = false;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
};

}  // namespace sluice::http
