#include "app/serve.hpp"

#include "app/build_routes.hpp"
#include "app/check_free.hpp"
#include "app/configure.hpp"
#include "app/demo.hpp"
#include "app/stop_signals.hpp"
#include "app/worker.hpp"
#include "store/store.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <sched.h>
#include <vector>

namespace sluice::app {
namespace {

std::string store_url(const StoreConfig& store) {
  switch (store.kind) {
    case StoreConfig::Kind::memory:
      return "memory";
    case StoreConfig::Kind::sqlite:
      return "sqlite:" + store.path;
    case StoreConfig::Kind::postgres:
      return std::string(store.url.reveal());
  }
  return "memory";
}

std::size_t usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

Result<policy::KeyRing> key_ring_of(const Config& config) {
  std::vector<policy::NamedKey> keys;
  for (const KeyConfig& key : config.keys) keys.push_back({key.name, key.secret});
  return policy::KeyRing::build(keys);
}

/// Everything that runs, in the order in which it is built; taken down in reverse.
class Service {
 public:
  explicit Service(Config config)
      : config_(std::move(config)), log_({.level = config_.log.level, .json = config_.log.json}) {}

  Result<> start();
  /// Returns when a signal has come and what was running has ended. 0, or 1 if it had to be cut off.
  int run(StopSignals& signals);

 private:
  Result<> start_simulator();
  Result<> listen();
  void announce();

  Config config_;
  observe::Metrics metrics_;
  observe::Log log_;
  std::optional<catalog::Catalog> built_in_;
  std::optional<catalog::Families> families_;
  std::unique_ptr<Demo> simulator_;
  std::optional<gateway::Routes> routes_;
  std::optional<policy::Authenticator> authenticator_;
  std::unique_ptr<store::Writer> store_;
  http::Resolver resolver_;
  http::ServerLimits server_limits_;
  http::ClientLimits client_limits_;
  std::optional<gateway::Shared> shared_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<http::Address> bound_;
};

Result<> Service::start() {
  auto built_in = catalog::built_in_catalog();
  if (!built_in) return fail(built_in);
  built_in_ = std::move(*built_in);
  auto families = catalog::built_in_families();
  if (!families) return fail(families);
  families_ = std::move(*families);
  auto store = store::open_store(store_url(config_.store));
  if (!store) return fail(store);
  store_ = std::make_unique<store::Writer>(std::move(*store), log_, metrics_.open_counters());
  if (auto started = start_simulator(); !started) return started;

  routes_.emplace(build_routes(config_, *built_in_, *families_,
                               simulator_ ? std::optional(simulator_->url()) : std::nullopt));
  auto keys = key_ring_of(config_);
  if (!keys) return fail(keys);
  authenticator_.emplace(std::move(*keys));
  std::vector<std::optional<catalog::Region>> regions;
  for (const ListenConfig& listener : config_.listen) regions.push_back(listener.region);
  shared_.emplace(gateway::Shared{.routes = *routes_,
                                  .authenticator = *authenticator_,
                                  .metrics = metrics_,
                                  .store = *store_,
                                  .listener_regions = std::move(regions),
                                  .max_body_bytes = config_.limits.max_body_bytes,
                                  .echo_request = config_.echo_request});
  server_limits_.max_body = config_.limits.max_body_bytes;
  if (auto listening = listen(); !listening) return listening;
  for (auto& worker : workers_) worker->start();
  announce();
  return {};
}

Result<> Service::start_simulator() {
  if (!config_.demo) return {};
  auto simulator = Demo::start();
  if (!simulator) return fail(simulator);
  simulator_ = std::move(*simulator);
  return {};
}

Result<> Service::listen() {
  const WorkerSetup setup{*shared_, resolver_, log_, server_limits_, client_limits_};
  const std::size_t cores = usable_cores();
  server_limits_.max_connections /= cores;
  for (const ListenConfig& listener : config_.listen)
    if (auto free = check_free(listener.address); !free) return free;
  for (std::size_t i = 0; i < cores; ++i) {
    auto worker = Worker::create(setup);
    if (!worker) return fail(worker);
    for (std::size_t k = 0; k < config_.listen.size(); ++k) {
      // Port 0 is any port for the first worker, and that port for the others.
      auto bound = (*worker)->listen(i == 0 ? config_.listen[k].address : bound_[k], k);
      if (!bound) return fail(bound);
      if (i == 0) bound_.push_back(*bound);
    }
    workers_.push_back(std::move(*worker));
  }
  return {};
}

void Service::announce() {
  using observe::Level;
  for (std::size_t k = 0; k < bound_.size(); ++k) {
    const auto& region = config_.listen[k].region;
    log_.say(Level::info,
             "listening on http://" + to_string(bound_[k]) +
                 (region ? " for the region " + std::string(catalog::name(*region)) : std::string()));
  }
  if (config_.demo)
    log_.say(Level::warn,
             "demo mode: answers are simulated. Set a provider's key (OPENAI_API_KEY, ANTHROPIC_API_KEY, "
             "GEMINI_API_KEY, ...) or give a configuration for real ones");
  if (config_.keys.empty())
    log_.say(Level::warn, "no client keys are configured: only clients on this machine are served");
}

int Service::run(StopSignals& signals) {
  signals.wait();
  log_.say(observe::Level::info, "stopping: running requests may end; a second signal stops at once");
  for (auto& worker : workers_) worker->drain();
  bool forced = false;
  const auto all_finished = [&] {
    return std::ranges::all_of(workers_, [](const auto& w) { return w->finished(); });
  };
  while (!all_finished() && !forced) forced = signals.came_within(std::chrono::milliseconds(10));
  workers_.clear();
  store_->stop();
  log_.say(observe::Level::info, forced ? "stopped by a second signal" : "stopped");
  log_.stop();
  return forced ? 1 : 0;
}

}  // namespace

int serve(const ServeOptions& options) {
  StopSignals signals;
  auto config = configure(options, process_environment());
  if (!config) {
    std::fprintf(stderr, "%s\n", config.error().message().c_str());
    return 1;
  }
  Service service(std::move(*config));
  if (auto started = service.start(); !started) {
    std::fprintf(stderr, "sluice: %s\n", started.error().message().c_str());
    return 1;
  }
  return service.run(signals);
}

}  // namespace sluice::app
