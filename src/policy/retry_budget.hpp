#pragma once
// RetryBudget: how many further attempts a provider may be asked for, so that its bad minute is not made
// worse by ours.

#include <algorithm>
#include <chrono>

namespace sluice::policy {

/// A token bucket per core and provider. Every first attempt and every success fill it a little, so does
/// time; every further attempt takes one token. With everything failing the attempts stay below 1.2 per
/// request, while a lone failure is always retried, and a provider that answers is never refused.
class RetryBudget {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void first_attempt() { add(per_request); }
  /// A further attempt that succeeds has cost nothing.
  void succeeded() { add(1); }
  /// False if there is none left.
  bool take(Time now) {
    if (filled_at_ != Time()) add(per_second * std::chrono::duration<double>(now - filled_at_).count());
    filled_at_ = now;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  static constexpr double most = 10, per_request = 0.1, per_second = 0.5;
  void add(double tokens) { tokens_ = std::min(most, tokens_ + tokens); }

  double tokens_ = most;
  Time filled_at_;
};

}  // namespace sluice::policy
