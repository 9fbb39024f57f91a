#pragma once
// ServerThread: a server of tests, on a loop and thread of its own.

#include "http/server.hpp"
#include "http/testing/raw_client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sluice::http {

/// A server with the given behaviour, on a loop and thread of its own. Drains when it is destroyed.
class ServerThread final : Handler {
 public:
  /// Called on the server's thread; what it captures must outlive the server.
  using Behaviour = std::function<Task<>(Exchange&)>;

  explicit ServerThread(Behaviour behaviour, ServerLimits limits = {})
      : behaviour_(std::move(behaviour)), limits_(limits), server_(loop_, *this, limits_) {
    auto bound = server_.listen(*parse_listen_address("127.0.0.1:0"), 0);
    EXPECT_TRUE(bound);
    port_ = ntohs(reinterpret_cast<const sockaddr_in&>(bound->storage).sin_port);
    server_.start();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~ServerThread() {
    drain().wait();
    loop_.stop();
    thread_.join();
  }

  std::uint16_t port() const { return port_; }
  RawClient connect() const { return RawClient(port_); }
  EventLoop& loop() { return loop_; }

  /// Runs on the server's thread and waits for the result.
  template <class F>
  auto on_loop(F action) -> decltype(action()) {
    std::packaged_task<decltype(action())()> task(std::move(action));
    auto result = task.get_future();
    loop_.post([&task] { task(); });
    return result.get();
  }
  std::size_t connections() {
    return on_loop([this] { return server_.connections(); });
  }
  /// Waits until there are so many.
  bool reaches(std::size_t connections_wanted) {
    const auto last = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (std::chrono::steady_clock::now() < last)
      if (connections() == connections_wanted) return true;
    return false;
  }
  /// Ready when the drain is over. Only the first call drains.
  std::shared_future<void> drain() {
    if (!drained_.valid()) {
      drained_ = drained_promise_.get_future().share();
      on_loop([this] {
        server_.drain([](void* promise) { static_cast<std::promise<void>*>(promise)->set_value(); },
                      &drained_promise_);
      });
    }
    return drained_;
  }
  /// What on_exception() was told, so far.
  std::vector<std::string> exceptions() {
    return on_loop([this] { return exceptions_; });
  }

 private:
  Task<> serve(Exchange& exchange) override { return behaviour_(exchange); }
  RefusalAnswer describe_refusal(int, std::string_view why) override {
    return {.fields = {}, .body = std::string(why)};
  }
  void on_exception(std::string_view what) override { exceptions_.emplace_back(what); }

  Behaviour behaviour_;
  const ServerLimits limits_;
  EventLoop loop_;
  Server server_;
  std::uint16_t port_ = 0;
  std::promise<void> drained_promise_;
  std::shared_future<void> drained_;
  std::vector<std::string> exceptions_;
  std::thread thread_;
};

/// Answers with the method, path and body that came.
inline Task<> answer_echo(Exchange& exchange) {
  auto body = co_await exchange.read_body(std::size_t{8} << 20);
  if (!body) {
    const std::string_view why = body.error().message();
    co_await exchange.respond(body.error().traits().http_status, {}, std::span(&why, 1));
    co_return;
  }
  const std::string text = std::string(exchange.head().method_name) + " " +
                           std::string(exchange.head().path) + " " + std::string(*body);
  const std::string_view piece = text;
  co_await exchange.respond(200, {}, std::span(&piece, 1));
}

}  // namespace sluice::http
