#pragma once
// Demo: the simulator inside this process, on a thread and a loopback port of its own.

#include "base/result.hpp"
#include "http/server.hpp"
#include "http/url.hpp"
#include "simulate/simulator.hpp"

#include <memory>
#include <thread>

namespace sluice::app {

class Demo {
 public:
  static Result<std::unique_ptr<Demo>> start();
  /// Cuts running answers off.
  ~Demo();

  /// Where it listens.
  const http::Url& url() const { return url_; }

 private:
  Demo();

  http::EventLoop loop_;
  http::ServerLimits limits_;
  simulate::Simulator simulator_;
  http::Server server_;
  http::Url url_;
  std::thread thread_;
};

}  // namespace sluice::app
