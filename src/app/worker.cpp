#include "app/worker.hpp"

namespace sluice::app {

Worker::Worker(const WorkerSetup& setup) {
  observe::Counters& counters = setup.shared.metrics.open_counters();
  gateway_ =
      std::make_unique<gateway::Gateway>(gateway::Core{.loop = loop_,
                                                       .shared = setup.shared,
                                                       .log = setup.log.open_channel(counters),
                                                       .counters = counters,
                                                       .rows = setup.shared.store.open_channel(counters)});
  server_ = std::make_unique<http::Server>(loop_, *gateway_, setup.server_limits);
}

Result<std::unique_ptr<Worker>> Worker::create(const WorkerSetup& setup) {
  std::unique_ptr<Worker> worker(new Worker(setup));
  for (const auto& provider : setup.shared.routes.providers()) {
    auto client = http::Client::create(worker->loop_, setup.resolver, provider->base, setup.client_limits,
                                       provider->ca_file);
    if (!client) return fail(std::move(client.error()).within("provider " + provider->name));
    worker->gateway_->core().clients.push_back(std::move(*client));
    auto token = worker->make_token(setup, *provider);
    if (!token) return fail(std::move(token.error()).within("provider " + provider->name));
    worker->gateway_->core().tokens.push_back(std::move(*token));
  }
  return worker;
}

Result<std::unique_ptr<gateway::AccessToken>> Worker::make_token(const WorkerSetup& setup,
                                                                 const gateway::Provider& provider) {
  if (!provider.token_source) return nullptr;
  auto client = http::Client::create(loop_, setup.resolver, provider.token_source->server(),
                                     setup.client_limits, provider.ca_file);
  if (!client) return fail(client);
  return std::make_unique<gateway::AccessToken>(loop_, *provider.token_source, std::move(*client));
}

Worker::~Worker() {
  if (thread_.joinable()) {
    stop();
    thread_.join();
  }
}

Result<http::Address> Worker::listen(const http::Address& address, std::size_t listener) {
  return server_->listen(address, listener);
}

void Worker::start() {
  thread_ = std::thread([this] {
    server_->start();
    loop_.run();
    finished_.store(true, std::memory_order_release);
  });
}

void Worker::drain() {
  loop_.post(
      [this] { server_->drain([](void* loop) { static_cast<http::EventLoop*>(loop)->stop(); }, &loop_); });
}

void Worker::stop() {
  loop_.stop();
}

}  // namespace sluice::app
