#pragma once
// Deadlines: timers that are set anew with every read and write and hardly ever fire, so setting one is a
// store.
//
// They hang in a coarse wheel: one that is moved to a later time stays where it is, and is moved when its old
// time comes.

#include <array>
#include <bitset>
#include <chrono>
#include <cstdint>

namespace sluice::http {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

/// `wait` from `from` on; the end of time if that is beyond it, as a wait that shall never end may be
/// written.
constexpr TimePoint after(TimePoint from, std::chrono::milliseconds wait) {
  using std::chrono::milliseconds;
  return wait >= std::chrono::duration_cast<milliseconds>(TimePoint::max() - from) ? TimePoint::max()
                                                                                   : from + wait;
}

class DeadlineWheel;

/// Calls back once its time has come, up to one tick late. Setting it anew or clearing it is cheap. Must not
/// outlive its wheel. Belongs to one thread.
class Deadline {
 public:
  /// May destroy the deadline, or set it anew.
  using Action = void (*)(void* context);

  Deadline(DeadlineWheel& wheel, Action action, void* context)
      : wheel_(wheel), action_(action), context_(context) {}
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() { unlink(); }

  void set(TimePoint when);
  void clear() { when_ = TimePoint::max(); }
  bool is_set() const { return when_ != TimePoint::max(); }

 private:
  friend class DeadlineWheel;
  void unlink();

  DeadlineWheel& wheel_;
  Action action_;
  void* context_;
  TimePoint when_ = TimePoint::max();
  std::int64_t linked_tick_ = -1;  ///< tick of the slot it hangs in; -1 if in none
  Deadline* previous_ = nullptr;
  Deadline* next_ = nullptr;
};

/// A ring of slots, one per tick; what is more than one turn ahead waits in the last slot and is hung again.
class DeadlineWheel {
 public:
  static constexpr std::chrono::milliseconds tick{25};
  static constexpr std::size_t slots = 1024;

  explicit DeadlineWheel(TimePoint now) : started_(now) {}
  DeadlineWheel(const DeadlineWheel&) = delete;
  DeadlineWheel& operator=(const DeadlineWheel&) = delete;

  /// Calls what is due.
  void advance(TimePoint now);
  /// When advance() has something to do; TimePoint::max() if never.
  TimePoint next() const;

 private:
  friend class Deadline;
  void link(Deadline& deadline);
  std::int64_t tick_of(TimePoint when) const;
  static std::size_t slot_of(std::int64_t tick_number) {
    return static_cast<std::size_t>(tick_number) % slots;
  }

  TimePoint started_;
  std::int64_t handled_tick_ = 0;
  std::array<Deadline*, slots> heads_{};
  std::bitset<slots> used_;
};

}  // namespace sluice::http
