#pragma once
// Pause: time that passes while a client waits, and ends when it leaves.

#include "http/exchange.hpp"

#include <chrono>
#include <coroutine>

namespace sluice::simulate {

/// Resumes once `duration` is over, or the client has left; ask the exchange which. Long pauses may be late
/// by a tick of the loop's deadlines. One at a time per exchange, whose on_client_gone() it uses.
class Pause {
 public:
  Pause(http::Exchange& exchange, std::chrono::milliseconds duration)
      : exchange_(exchange),
        duration_(duration),
        deadline_(exchange.loop().deadlines(), &Pause::wake, this) {}

  bool await_ready() const { return exchange_.client_gone(); }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    deadline_.set(http::Clock::now() + duration_);
    exchange_.on_client_gone(&Pause::wake, this);
  }
  void await_resume() { exchange_.on_client_gone(nullptr, nullptr); }

 private:
  static void wake(void* self) {
    auto& pause = *static_cast<Pause*>(self);
    pause.deadline_.clear();
    pause.exchange_.on_client_gone(nullptr, nullptr);
    pause.waiting_.resume();
  }

  http::Exchange& exchange_;
  std::chrono::milliseconds duration_;
  std::coroutine_handle<> waiting_;
  http::Deadline deadline_;
};

}  // namespace sluice::simulate
