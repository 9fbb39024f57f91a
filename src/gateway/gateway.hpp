#pragma once
// gateway: the life of a request. Reads straight down: chat_handler.cpp names every stage.
//
// Gateway is one core's handler: it finds the endpoint and lets it answer. To add one: a row in its table.

#include "gateway/core.hpp"
#include "http/exchange.hpp"

namespace sluice::gateway {

class Gateway final : public http::Handler {
 public:
  explicit Gateway(Core core) : core_(std::move(core)) {
    core_.health.resize(core_.shared.routes.target_count());
    core_.retry_budgets.resize(core_.shared.routes.providers().size());
  }

  Task<> serve(http::Exchange& exchange) override;
  http::RefusalAnswer describe_refusal(int status, std::string_view why) override;
  void on_exception(std::string_view what) override;
  void on_accept_failure(std::size_t listener, std::string_view why) override;

  Core& core() { return core_; }

 private:
  Core core_;
};

}  // namespace sluice::gateway
