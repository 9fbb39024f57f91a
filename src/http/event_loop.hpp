#pragma once
// EventLoop: one core's epoll, timers and scratch memory. Everything that is not marked otherwise belongs to
// the loop's thread.
//
// Sockets are registered once, edge-triggered, for both directions and for the peer's hang-up, so a request
// costs no epoll_ctl call and a client that leaves is noticed without a pending read. Deadlines live in a
// coarse wheel: setting one is a store.

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

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

class Socket;
class EventLoop;

/// Calls back once its time has come, up to one tick late. Setting it anew or clearing it is cheap. Must not
/// outlive its loop.
class Deadline {
 public:
  using Action = void (*)(void* context);

  Deadline(EventLoop& loop, Action action, void* context) : loop_(loop), action_(action), context_(context) {}
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() { unlink(); }

  void set(TimePoint when);
  void clear() { when_ = TimePoint::max(); }
  bool is_set() const { return when_ != TimePoint::max(); }

 private:
  friend class EventLoop;
  void unlink();

  EventLoop& loop_;
  Action action_;
  void* context_;
  TimePoint when_ = TimePoint::max();
  std::int64_t linked_tick_ = -1;  ///< tick of the slot it hangs in; -1 if in none
  Deadline* previous_ = nullptr;
  Deadline* next_ = nullptr;
};

class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Handles events until stop(). Call on the thread that owns the loop from then on.
  void run();
  /// Makes run() return. Any thread.
  void stop();
  /// Runs `action` on the loop's thread, soon. Any thread. Not for request paths: it allocates and locks.
  void post(std::function<void()> action);

  /// Time at the start of this turn: good enough for deadlines, and free.
  TimePoint now() const { return now_; }
  /// Milliseconds since 1970 at the start of this turn.
  std::uint64_t unix_milliseconds() const;
  /// `Date` field value (RFC 9110 section 5.6.7), renewed once a second.
  std::string_view http_date();

  /// Resumes at `when`, to the millisecond.
  auto sleep_until(TimePoint when) {
    struct Awaiter {
      EventLoop& loop;
      TimePoint when;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> h) { loop.sleepers_.emplace(when, h); }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this, when};
  }
  auto sleep(std::chrono::nanoseconds duration) { return sleep_until(Clock::now() + duration); }
  /// Lets the others have their turn.
  auto yield() {
    struct Awaiter {
      EventLoop& loop;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> h) { loop.yielded_.push_back(h); }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this};
  }

  /// Memory for one read: what is in it is lost at the next suspension of whoever uses it.
  std::span<char> scratch() { return {scratch_.get(), scratch_size_}; }
  /// Text to compose one write in; the same rule.
  std::string& scratch_text() {
    scratch_text_.clear();
    return scratch_text_;
  }

 private:
  friend class Socket;
  friend class Deadline;

  static constexpr std::chrono::milliseconds tick{25};
  static constexpr std::size_t slots = 1024;

  struct Registration {
    Socket* socket;
  };

  Registration* add(int fd, Socket* socket);
  void remove(int fd, Registration* registration);
  void link(Deadline& deadline);
  std::int64_t tick_of(TimePoint when) const;
  int wait_milliseconds() const;
  void dispatch(int timeout_milliseconds);
  void run_posted();
  void run_sleepers();
  void run_deadlines();

  int epoll_ = -1;
  int wakeup_ = -1;
  bool stopped_ = false;
  TimePoint now_;
  TimePoint started_;
  std::int64_t handled_tick_ = 0;
  std::size_t linked_deadlines_ = 0;
  std::vector<Deadline*> wheel_;
  std::multimap<TimePoint, std::coroutine_handle<>> sleepers_;
  std::vector<std::coroutine_handle<>> yielded_;
  std::vector<std::unique_ptr<Registration>> removed_;

  std::mutex posted_mutex_;
  std::vector<std::function<void()>> posted_;

  std::size_t scratch_size_;
  std::unique_ptr<char[]> scratch_;
  std::string scratch_text_;
  std::string date_;
  std::uint64_t date_second_ = 0;
};

}  // namespace sluice::http
