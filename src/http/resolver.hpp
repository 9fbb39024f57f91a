#pragma once
// Resolver: names to addresses, on a thread of its own because the system's resolver blocks.

#include "base/result.hpp"
#include "http/address.hpp"
#include "http/event_loop.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sluice::http {

/// One for the process. Honours /etc/hosts and nsswitch.conf, as getaddrinfo does.
class Resolver {
 public:
  using Answer = std::function<void(Result<std::vector<Address>>)>;

  Resolver();
  /// Questions that are still open are never answered.
  ~Resolver();

  /// Calls `answer` on the loop's thread. Any thread may ask.
  void resolve(std::string host, std::uint16_t port, EventLoop& loop, Answer answer);

 private:
  struct Question {
    std::string host;
    std::uint16_t port;
    EventLoop* loop;
    Answer answer;
  };

  void work();

  std::mutex mutex_;
  std::condition_variable asked_;
  std::deque<Question> questions_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sluice::http
