#pragma once
// TargetHealth: how a target has been doing, as one core saw it: whether to ask it at all, and how busy and
// how quick it is compared with others.
//
// A circuit breaker over a sliding window, half-open probes, slow start, and a moving average of the time to
// the first token that forgets peaks slowly. Only failures of the target itself may be told to it.

#include <array>
#include <chrono>
#include <cstdint>

namespace sluice::policy {

/// Belongs to one core. Times are those of a steady clock, given by the caller.
class TargetHealth {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// False while the breaker is open, while a probe of it is under way, and while the target rests.
  bool available(Time now) const;
  /// An attempt begins. Balanced by one of the three below.
  void begin(Time now);
  /// The answer has begun, or is complete. `first_token` is the time until then.
  void succeeded(Time now, Duration first_token);
  void failed(Time now);
  /// It ended without telling anything about the target: the client left, or asked for something wrong.
  void ended();

  /// The provider asked to be left alone for a while; capped, so that no single answer takes it away for
  /// long.
  void rest(Time now, Duration wait);

  /// What a further request is expected to cost there: the lower the better. A target that just came back
  /// looks expensive for a while.
  double cost(Time now, double weight) const;
  bool is_open(Time now) const { return open_ && now < retry_at_; }
  std::uint32_t in_flight() const { return in_flight_; }

 private:
  struct Slot {
    std::int64_t number = -1;  ///< which slice of time it counts
    std::uint32_t good = 0, bad = 0;
  };
  Slot& slot(Time now);
  bool window_is_bad(Time now) const;
  void open(Time now);

  std::array<Slot, 10> window_;
  double first_token_s_ = 0;  ///< 0: not known yet
  Time measured_at_, rests_until_, retry_at_, closed_at_;
  std::uint32_t in_flight_ = 0, failures_in_a_row_ = 0, times_opened_ = 0;
  bool open_ = false, probing_ = false;
};

}  // namespace sluice::policy
