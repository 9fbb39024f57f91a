#include "app/demo.hpp"

namespace sluice::app {

Demo::Demo() : simulator_({.pace = simulate::demo_pace}), server_(loop_, simulator_, limits_) {
  limits_.idle = std::chrono::hours(1);  // its only client keeps connections as long as it likes
}

Demo::~Demo() {
  if (!thread_.joinable()) return;
  loop_.stop();
  thread_.join();
}

Result<std::unique_ptr<Demo>> Demo::start() {
  std::unique_ptr<Demo> demo(new Demo);
  auto any_port = http::parse_listen_address("127.0.0.1:0");
  if (!any_port) return fail(any_port);
  auto bound = demo->server_.listen(*any_port, 0);
  if (!bound) return fail(std::move(bound.error()).within("the simulator"));
  auto url = http::parse_url("http://" + to_string(*bound));
  if (!url) return fail(url);
  demo->url_ = std::move(*url);
  demo->server_.start();
  demo->thread_ = std::thread([loop = &demo->loop_] { loop->run(); });
  return demo;
}

}  // namespace sluice::app
