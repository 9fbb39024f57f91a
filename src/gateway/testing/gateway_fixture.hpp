#pragma once
// For tests: a gateway with everything real but its providers, on one loop with a client of it.

#include "gateway/gateway.hpp"
#include "gateway/testing/fake_provider.hpp"
#include "http/server.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::gateway::testing {

/// What a client got.
struct Reply {
  int status = 0;
  std::map<std::string, std::string> fields;
  std::string body;
  std::optional<Error> error;  ///< the body did not end properly, or there was no answer
};

/// Models `gpt`, `claude` and `gemini`, each by the fake provider in that dialect; `unserved` is known and
/// has no provider. Keys `sk-alice` and `sk-bob`.
class GatewayFixture : public ::testing::Test {
 protected:
  using Body = std::function<Task<>(http::Client&)>;

  /// Runs a test as a task; a test that hangs fails.
  void run(FakeProvider::Script script, Body body);

  /// Asks, and reads all of the answer.
  static Task<Reply> ask(http::Client& client, std::string_view json, std::string_view key = "sk-alice");
  static Task<Reply> send(http::Client& client, std::string_view method, std::string_view path,
                          std::string_view fields, std::string_view body);
  /// The row of a request, as GET /v1/requests/{id} tells it.
  static Task<Reply> row(http::Client& client, const Reply& of, std::string_view key = "sk-alice");

  FakeProvider provider_;
  http::ServerLimits server_limits_;
  http::ClientLimits client_limits_;
  http::Deadlines provider_deadlines_;
  std::chrono::milliseconds keep_alive_{15'000};
  std::size_t max_body_bytes_ = 64 * 1024;
  std::size_t max_answer_bytes_ = std::size_t{1} << 20;
  std::optional<catalog::Region> listener_region_;
  http::EventLoop loop_;
  http::Resolver resolver_;
  observe::Metrics metrics_;
  std::size_t idle_provider_connections_ = 0;  ///< at the end of run()

 private:
  Routes routes(const http::Url& provider);
  Task<> drive(http::Server& gateway, http::Server& provider, http::Client& client, Body body);
  static void give_up(void* self);

  catalog::Catalog known_;
  catalog::Capabilities capabilities_;
};

}  // namespace sluice::gateway::testing
