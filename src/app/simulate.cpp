#include "app/simulate.hpp"

#include "app/check_free.hpp"
#include "app/stop_signals.hpp"
#include "http/server.hpp"
#include "simulate/simulator.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

namespace sluice::app {
namespace {

/// What stalls on purpose is not waited for long.
constexpr std::chrono::seconds drain_time{5};

/// A simulator with a listening socket, on a thread of its own from start() on.
class SimulatorService {
 public:
  explicit SimulatorService(std::optional<simulate::Replay> replay)
      : limits_{.drain = drain_time},
        simulator_({.pace = simulate::demo_pace}, std::move(replay)),
        server_(loop_, simulator_, limits_) {}

  Result<http::Address> start(const http::Address& address) {
    if (auto free = check_free(address); !free) return fail(free);
    auto bound = server_.listen(address, 0);
    if (!bound) return bound;
    server_.start();
    thread_ = std::thread([this] { loop_.run(); });
    return bound;
  }

  /// Lets what runs end; a second signal, or `drain_time`, cuts it off.
  bool stop(StopSignals& signals) {
    std::atomic<bool> drained = false;
    loop_.post([this, &drained] {
      server_.drain([](void* flag) { static_cast<std::atomic<bool>*>(flag)->store(true); }, &drained);
    });
    bool forced = false;
    while (!drained && !forced) forced = signals.came_within(std::chrono::milliseconds(10));
    loop_.stop();
    thread_.join();
    return !forced;
  }

 private:
  http::EventLoop loop_;
  http::ServerLimits limits_;
  simulate::Simulator simulator_;
  http::Server server_;
  std::thread thread_;
};

int complain(const Error& error) {
  std::fprintf(stderr, "sluice: %s\n", error.message().c_str());
  return 1;
}

}  // namespace

int simulate(const SimulateOptions& options) {
  StopSignals signals;
  std::optional<simulate::Replay> replay;
  if (options.replay) {
    auto loaded = simulate::Replay::load(*options.replay);
    if (!loaded) return complain(loaded.error());
    std::fprintf(stderr, "%zu recordings from %s\n", loaded->size(), options.replay->c_str());
    replay = std::move(*loaded);
  }
  SimulatorService service(std::move(replay));
  const auto bound = service.start(options.listen);
  if (!bound) return complain(bound.error());
  std::fprintf(stderr, "simulating providers on http://%s\n", to_string(*bound).c_str());
  signals.wait();
  return service.stop(signals) ? 0 : 1;
}

}  // namespace sluice::app
