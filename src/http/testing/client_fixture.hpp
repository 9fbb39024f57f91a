#pragma once
// What tests of the client share: a loop that runs until the test's coroutine is through.

#include "http/client.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <memory>
#include <string>

namespace sluice::http {

class ClientTest : public testing::Test {
 protected:
  ClientTest() { std::signal(SIGPIPE, SIG_IGN); }

  std::unique_ptr<Client> client_of(const std::string& url, const std::string& ca_file = "") {
    auto client = Client::create(loop_, resolver_, *parse_url(url), limits_, ca_file);
    EXPECT_TRUE(client) << client.error().message();
    return std::move(*client);
  }
  std::unique_ptr<Client> client_of(std::uint16_t port) {
    return client_of("http://127.0.0.1:" + std::to_string(port));
  }

  /// Runs the loop until `body` is through.
  void run(const std::function<Task<>()>& body) {
    detach(drive(body));
    loop_.run();
  }
  Task<> drive(const std::function<Task<>()>& body) {
    co_await body();
    loop_.stop();
  }

  /// What a request came to: the body, or the error.
  struct Outcome {
    int status = 0;
    std::string body;
    ErrorCode code = ErrorCode::internal;  ///< of a failure
    std::string why;
    bool reused = false;
  };
  Task<Outcome> ask(Client& client, std::string_view body = "", Cancellation* cancellation = nullptr) {
    auto response =
        co_await client.send({.path = "/p", .body = std::span(&body, 1)}, deadlines_, cancellation);
    if (!response) co_return failed(response.error());
    auto whole = co_await response->read_all(std::size_t{64} << 20);
    Outcome outcome = whole ? Outcome{.body = std::move(*whole)} : failed(whole.error());
    outcome.status = response->status();
    outcome.reused = response->reused();
    co_return outcome;
  }
  static Outcome failed(const Error& error) { return {.code = error.code(), .why = error.message()}; }

  EventLoop loop_;
  ClientLimits limits_;
  Deadlines deadlines_;
  Resolver resolver_;
};

}  // namespace sluice::http
