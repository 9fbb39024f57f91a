#include "gateway/testing/fake_provider.hpp"

#include <array>

namespace sluice::gateway::testing {

void FakeProvider::on_left(void* self) {
  auto& provider = *static_cast<FakeProvider*>(self);
  ++provider.left;
  if (const auto waiting = std::exchange(provider.waiting_, {}))
    provider.loop_->post([waiting] { waiting.resume(); });
}

Task<> FakeProvider::serve(http::Exchange& exchange) {
  loop_ = &exchange.loop();
  auto body = co_await exchange.read_body(std::size_t{64} << 20);
  asked.push_back({.path = std::string(exchange.head().path),
                   .body = std::string(body ? *body : std::string_view()),
                   .authorization = std::string(exchange.fields().get("authorization")),
                   .api_key = std::string(exchange.fields().get("x-api-key"))});
  exchange.on_client_gone(&FakeProvider::on_left, this);
  co_await script(exchange);
  exchange.on_client_gone(nullptr, nullptr);
}

Task<> send_json(http::Exchange& exchange, int status, std::string_view body,
                 std::vector<http::OutField> further) {
  further.push_back({"content-type", "application/json"});
  const std::array pieces{body};
  co_await exchange.respond(status, further, pieces);
}

Task<> send_events(http::Exchange& exchange, std::vector<std::string_view> pieces) {
  const std::array fields{http::OutField{"content-type", "text/event-stream"}};
  exchange.begin_stream(200, fields);
  for (std::string_view piece : pieces) {
    co_await exchange.write(piece);
    co_await exchange.loop().yield();
  }
  co_await exchange.end_stream("");
}

}  // namespace sluice::gateway::testing
