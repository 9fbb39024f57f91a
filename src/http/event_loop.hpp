#pragma once
// EventLoop: one core's epoll, timers and scratch memory. Everything that is not marked otherwise belongs to
// the loop's thread.
//
// Sockets are registered once, edge-triggered, for both directions and for the peer's hang-up, so a request
// costs no epoll_ctl call and a client that leaves is noticed without a pending read.

#include "http/deadline.hpp"

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

class Socket;

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

  /// Where deadlines of this loop's thread hang.
  DeadlineWheel& deadlines() { return deadlines_; }

  /// Memory for one read: what is in it is lost at the next suspension of whoever uses it.
  std::span<char> scratch() { return {scratch_.get(), scratch_size_}; }
  /// Text to compose one write in; the same rule.
  std::string& scratch_text() {
    scratch_text_.clear();
    return scratch_text_;
  }

 private:
  friend class Socket;

  struct Registration {
    Socket* socket;
  };

  Registration* add(int fd, Socket* socket);
  void remove(int fd, Registration* registration);
  int wait_milliseconds() const;
  void dispatch(int timeout_milliseconds);
  void run_posted();
  void run_sleepers();

  int epoll_ = -1;
  int wakeup_ = -1;
  bool stopped_ = false;
  TimePoint now_;
  DeadlineWheel deadlines_;
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
