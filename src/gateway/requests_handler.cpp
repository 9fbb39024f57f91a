#include "base/text.hpp"
#include "gateway/authenticate.hpp"
#include "gateway/endpoints.hpp"
#include "store/row_json.hpp"

#include <memory>
#include <optional>

namespace sluice::gateway {
namespace {

using Found = Result<std::optional<store::RequestRow>>;

/// Waits for the store's thread and comes back to this one.
struct LookUp {
  Core& core;
  std::string id;
  std::shared_ptr<std::optional<Found>> found = std::make_shared<std::optional<Found>>();

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    core.shared.store.find(id, [loop = &core.loop, found = found, waiting](Found answer) {
      found->emplace(std::move(answer));
      loop->post([waiting] { waiting.resume(); });
    });
  }
  void await_resume() const noexcept {}
};

Error unknown_request(const std::string& id) {
  return {ErrorCode::not_found, "there is no record of a request '" + id + "'"};
}

}  // namespace

Task<> serve_request(Core& core, http::Exchange& exchange, Rest rest) {
  auto caller = authenticate(core, exchange);
  if (!caller) {
    co_await reply_failure(exchange, caller.error());
    co_return;
  }
  const std::string id = decode_percent(rest);
  // A client can have its answer, and ask here on another connection, a moment before the row is queued.
  constexpr int tries = 5;
  for (int i = 0; i < tries; ++i) {
    LookUp look_up{core, id};
    co_await look_up;
    const Found& found = **look_up.found;
    if (!found) {
      co_await reply_failure(exchange, found.error());
      co_return;
    }
    if (*found && (*found)->key == caller->name) {
      std::string body;
      store::append_json(body, **found);
      co_await reply_json(exchange, 200, body);
      co_return;
    }
    if (*found) break;  // somebody else's: not to be told from one that does not exist
    co_await core.loop.sleep(std::chrono::milliseconds(20));
  }
  const Error error = unknown_request(id);
  co_await reply_failure(exchange, error);
}

}  // namespace sluice::gateway
