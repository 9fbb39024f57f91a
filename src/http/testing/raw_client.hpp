#pragma once
// RawClient: a client of tests that sends bytes as they are, and reads answers only as far as it must.

#include <gtest/gtest.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace sluice::http {

inline sockaddr_in loopback_port(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// A blocking connection to 127.0.0.1. What takes longer than five seconds is a failure of the test.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0)
      : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const sockaddr_in address = loopback_port(port);
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) hang_up();
  }
  RawClient(RawClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), pending_(std::move(other.pending_)) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() { hang_up(); }

  bool connected() const { return fd_ >= 0; }
  /// False if the peer does not take all of it.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void end_sending() { shutdown(fd_, SHUT_WR); }
  void hang_up() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

  /// Exactly `bytes` bytes, or fewer where the connection ends.
  std::string receive(std::size_t bytes) {
    while (pending_.size() < bytes && receive_some()) {
    }
    return take(std::min(bytes, pending_.size()));
  }
  /// Everything up to and including `end`; what there is where the connection ends before.
  std::string receive_until(std::string_view end) {
    while (pending_.find(end) == std::string::npos && receive_some()) {
    }
    const auto at = pending_.find(end);
    return take(at == std::string::npos ? pending_.size() : at + end.size());
  }
  /// Everything until the connection ends. `reset` tells how it ended.
  std::string receive_all(bool* reset = nullptr) {
    while (receive_some()) {
    }
    if (reset) *reset = reset_;
    return take(pending_.size());
  }
  bool is_closed() { return pending_.empty() && !receive_some() && !timed_out_; }

  struct Answer {
    int status = 0;  ///< 0 if none came
    std::string head, body;
    bool complete = false;
    bool has(std::string_view field) const {
      return head.find("\r\n" + std::string(field) + "\r\n") != std::string::npos;
    }
  };
  /// The next answer, its body by Content-Length or chunked. `bodiless`: to HEAD.
  Answer answer(bool bodiless = false) {
    Answer answer;
    answer.head = receive_until("\r\n\r\n");
    if (!answer.head.ends_with("\r\n\r\n") || !answer.head.starts_with("HTTP/1.1 ")) return answer;
    answer.status = std::stoi(answer.head.substr(9, 3));
    if (bodiless || answer.status < 200 || answer.status == 204) {
      answer.complete = true;
    } else if (answer.has("transfer-encoding: chunked")) {
      receive_chunked(answer);
    } else if (const auto at = answer.head.find("\r\ncontent-length: "); at != std::string::npos) {
      const std::size_t length = std::stoul(answer.head.substr(at + 18));
      answer.body = receive(length);
      answer.complete = answer.body.size() == length;
    } else {
      answer.body = receive_all();
      answer.complete = true;
    }
    return answer;
  }
  Answer ask(std::string_view request) {
    EXPECT_TRUE(send(request));
    return answer();
  }
  int fd() const { return fd_; }

 private:
  bool receive_some() {
    char buffer[65536];
    const ssize_t n = recv(fd_, buffer, sizeof buffer, 0);
    if (n < 0) {
      reset_ = errno == ECONNRESET;
      timed_out_ = errno == EAGAIN;
      EXPECT_FALSE(timed_out_) << "nothing came for five seconds";
    }
    if (n <= 0) return false;
    pending_.append(buffer, static_cast<std::size_t>(n));
    return true;
  }
  void receive_chunked(Answer& answer) {
    while (true) {
      const std::string line = receive_until("\r\n");
      if (!line.ends_with("\r\n")) return;
      const std::size_t size = std::stoul(line, nullptr, 16);
      const std::string chunk = receive(size + 2);
      if (!chunk.ends_with("\r\n")) return;
      answer.body += chunk.substr(0, size);
      if (size == 0) break;
    }
    answer.complete = true;
  }
  std::string take(std::size_t bytes) {
    std::string taken = pending_.substr(0, bytes);
    pending_.erase(0, bytes);
    return taken;
  }

  int fd_;
  std::string pending_;
  bool reset_ = false;
  bool timed_out_ = false;
};

}  // namespace sluice::http
