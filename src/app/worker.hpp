#pragma once
// Worker: one thread with its event loop, its server and everything that a request needs there.

#include "base/result.hpp"
#include "gateway/gateway.hpp"
#include "http/resolver.hpp"
#include "http/server.hpp"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace sluice::app {

/// What all workers are made from; outlives them.
struct WorkerSetup {
  const gateway::Shared& shared;
  http::Resolver& resolver;
  observe::Log& log;
  const http::ServerLimits& server_limits;
  const http::ClientLimits& client_limits;
};

class Worker {
 public:
  static Result<std::unique_ptr<Worker>> create(const WorkerSetup& setup);
  ~Worker();

  /// Binds; call before start(). Returns the address bound.
  Result<http::Address> listen(const http::Address& address, std::size_t listener);
  void start();
  /// Lets running requests end, then the thread. Any thread.
  void drain();
  /// Ends the thread at once. Any thread.
  void stop();
  bool finished() const { return finished_.load(std::memory_order_acquire); }

 private:
  explicit Worker(const WorkerSetup& setup);
  /// Null where the provider needs none.
  Result<std::unique_ptr<gateway::AccessToken>> make_token(const WorkerSetup& setup,
                                                           const gateway::Provider& provider);

  http::EventLoop loop_;
  std::unique_ptr<gateway::Gateway> gateway_;
  std::unique_ptr<http::Server> server_;
  std::atomic<bool> finished_ = false;
  std::thread thread_;
};

}  // namespace sluice::app
