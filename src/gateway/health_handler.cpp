#include "gateway/endpoints.hpp"

#include <array>

namespace sluice::gateway {

Task<> serve_health(Core&, http::Exchange& exchange, Rest) {
  co_await reply_json(exchange, 200, R"({"status":"ok"})");
}

/// Ready once it serves: a gateway that drains accepts no connection that could ask.
Task<> serve_ready(Core& core, http::Exchange& exchange, Rest) {
  if (core.shared.routes.providers().empty()) {
    co_await reply_json(exchange, 503, R"({"status":"no provider is configured"})");
    co_return;
  }
  co_await reply_json(exchange, 200, R"({"status":"ready"})");
}

Task<> serve_metrics(Core& core, http::Exchange& exchange, Rest) {
  const std::string text = core.shared.metrics.prometheus_text();
  const std::array fields{http::OutField{"content-type", observe::prometheus_content_type}};
  const std::array pieces{std::string_view(text)};
  co_await exchange.respond(200, fields, pieces);
}

}  // namespace sluice::gateway
