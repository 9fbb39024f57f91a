#pragma once
// ScriptedServer: a blocking server for tests of the client, that sends what a script says, over TCP or TLS.

#include "http/testing/raw_client.hpp"

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sluice::http {

/// One connection, as a script sees it.
class ScriptedConnection {
 public:
  ScriptedConnection(int fd, SSL* tls, std::size_t number) : fd_(fd), tls_(tls), number_(number) {}

  /// How many connections came before this one.
  std::size_t number() const { return number_; }
  /// A request with its body by Content-Length; empty once the client has left.
  std::string request() {
    while (pending_.find("\r\n\r\n") == std::string::npos)
      if (!receive_some()) return {};
    const std::size_t head = pending_.find("\r\n\r\n") + 4;
    const auto length_at = pending_.find("content-length: ");
    const std::size_t size = head + (length_at < head ? std::stoul(pending_.substr(length_at + 16)) : 0);
    while (pending_.size() < size)
      if (!receive_some()) return {};
    std::string request = pending_.substr(0, size);
    pending_.erase(0, size);
    return request;
  }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto n = tls_ ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                          : static_cast<int>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  /// Until the client closes its side.
  void wait_for_end() {
    while (receive_some()) {
    }
  }
  void reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  /// TLS: says goodbye, as a server should that closes.
  void say_goodbye() { SSL_shutdown(tls_); }
  bool resumed() const { return SSL_session_reused(tls_) == 1; }
  int fd() const { return fd_; }

 private:
  bool receive_some() {
    char buffer[65536];
    const auto n =
        tls_ ? SSL_read(tls_, buffer, sizeof buffer) : static_cast<int>(recv(fd_, buffer, sizeof buffer, 0));
    if (n <= 0) return false;
    pending_.append(buffer, static_cast<std::size_t>(n));
    return true;
  }

  int fd_;
  SSL* tls_;
  std::size_t number_;
  std::string pending_;
};

/// A thread per connection; the script runs on it, and the connection closes when it returns.
class ScriptedServer {
 public:
  using Script = std::function<void(ScriptedConnection&)>;

  /// `tls`: a server's context, or null. Not owned.
  explicit ScriptedServer(Script script, SSL_CTX* tls = nullptr) : script_(std::move(script)), tls_(tls) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback_port(0);
    socklen_t length = sizeof address;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(listen(listener_, 64), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~ScriptedServer() {
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (int fd : open_) shutdown(fd, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    close(listener_);
  }
  std::uint16_t port() const { return port_; }
  /// Connections taken so far.
  std::size_t connections() const { return connections_; }

 private:
  void accept_all() {
    while (!stopping_) {
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      const std::lock_guard lock(mutex_);
      open_.push_back(fd);
      threads_.emplace_back([this, fd, number = connections_++] { serve(fd, number); });
    }
  }
  void serve(int fd, std::size_t number) {
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    SSL* tls = nullptr;
    bool good = true;
    if (tls_) {
      tls = SSL_new(tls_);
      SSL_set_fd(tls, fd);
      good = SSL_accept(tls) == 1;
    }
    if (good) {
      ScriptedConnection connection(fd, tls, number);
      script_(connection);
    }
    const std::lock_guard lock(mutex_);
    std::erase(open_, fd);
    SSL_free(tls);
    close(fd);
  }

  Script script_;
  SSL_CTX* tls_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> connections_ = 0;
  std::mutex mutex_;  ///< open_
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace sluice::http
