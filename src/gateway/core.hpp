#pragma once
// Core: what one worker thread has to serve requests with. Nothing in it is shared with another thread but
// what is immutable.

#include "catalog/region.hpp"
#include "gateway/access_token.hpp"
#include "gateway/routes.hpp"
#include "http/client.hpp"
#include "http/event_loop.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "policy/authenticate.hpp"
#include "policy/retry_budget.hpp"
#include "policy/target_health.hpp"
#include "store/writer.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace sluice::gateway {

/// The same for all cores; immutable while the gateway runs.
struct Shared {
  const Routes& routes;
  const policy::Authenticator& authenticator;
  observe::Metrics& metrics;
  store::Writer& store;
  std::vector<std::optional<catalog::Region>> listener_regions;  ///< by Peer::listener
  std::size_t max_body_bytes = std::size_t{32} << 20;
  std::size_t max_answer_bytes = std::size_t{64} << 20;  ///< a provider's whole answer; images are large
  bool echo_request = false;                             ///< answers repeat the request without its messages
  std::chrono::milliseconds total_deadline =
      http::Deadlines{}.total;                   ///< of a request, all attempts together
  std::chrono::milliseconds keep_alive{15'000};  ///< silence of a stream after which a comment is sent
};

struct Core {
  http::EventLoop& loop;
  const Shared& shared;
  observe::LogChannel& log;
  observe::Counters& counters;
  store::RowChannel& rows;
  std::vector<std::unique_ptr<http::Client>> clients = {};  ///< by Provider::index
  std::vector<std::unique_ptr<AccessToken>> tokens = {};    ///< by Provider::index; null where none is needed
  std::vector<policy::TargetHealth> health = {};            ///< by Target::index
  std::vector<policy::RetryBudget> retry_budgets = {};      ///< by Provider::index

  /// nullptr if the provider needs none.
  AccessToken* token_of(const Provider& provider) const {
    return provider.index < tokens.size() ? tokens[provider.index].get() : nullptr;
  }
  std::optional<catalog::Region> region_of(const http::Exchange& exchange) const {
    return shared.listener_regions[exchange.peer().listener];
  }
};

}  // namespace sluice::gateway
