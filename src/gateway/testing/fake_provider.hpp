#pragma once
// For tests: a provider whose answers a test scripts, behind a real server.

#include "http/exchange.hpp"

#include <coroutine>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::gateway::testing {

class FakeProvider final : public http::Handler {
 public:
  using Script = std::function<Task<>(http::Exchange&)>;
  struct Asked {
    std::string path, body, authorization, api_key;
  };

  /// How requests are answered; must outlive the answers.
  Script script;
  std::vector<Asked> asked;
  /// Requests whose asker left before the answer was complete.
  int left = 0;

  /// In a script: suspends until the asker has left.
  struct Leaving {
    http::Exchange& exchange;
    FakeProvider& provider;
    bool await_ready() const { return exchange.client_gone(); }
    void await_suspend(std::coroutine_handle<> waiting) { provider.waiting_ = waiting; }
    void await_resume() const {}
  };
  Leaving asker_leaves(http::Exchange& exchange) { return {exchange, *this}; }

  Task<> serve(http::Exchange& exchange) override;
  http::RefusalAnswer describe_refusal(int, std::string_view why) override {
    return {.fields = {}, .body = std::string(why)};
  }

 private:
  static void on_left(void* self);

  http::EventLoop* loop_ = nullptr;
  std::coroutine_handle<> waiting_;
};

/// A whole answer.
Task<> send_json(http::Exchange& exchange, int status, std::string_view body,
                 std::vector<http::OutField> further = {});
/// A stream of server-sent events, each piece in a write of its own.
Task<> send_events(http::Exchange& exchange, std::vector<std::string_view> pieces);

}  // namespace sluice::gateway::testing
