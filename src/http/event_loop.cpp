#include "http/event_loop.hpp"

#include "http/limits.hpp"
#include "http/socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace sluice::http {

EventLoop::EventLoop()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wakeup_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      now_(Clock::now()),
      deadlines_(now_),
      scratch_size_(scratch_bytes),
      scratch_(new char[scratch_bytes]) {
  if (epoll_ < 0 || wakeup_ < 0) throw std::system_error(errno, std::generic_category(), "epoll");
  epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, wakeup_, &event) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

EventLoop::~EventLoop() {
  close(wakeup_);
  close(epoll_);
}

EventLoop::Registration* EventLoop::add(int fd, Socket* socket) {
  auto* registration = new Registration{socket};
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.ptr = registration}};
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) {
    delete registration;
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
  return registration;
}

/// Events of this turn may still name the registration, so it is freed when the turn is over.
void EventLoop::remove(int fd, Registration* registration) {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
  registration->socket = nullptr;
  removed_.emplace_back(registration);
}

void EventLoop::run() {
  while (!stopped_) {
    dispatch(wait_milliseconds());
    run_posted();
    run_sleepers();
    deadlines_.advance(now_);
    removed_.clear();
  }
}

void EventLoop::stop() {
  post([this] { stopped_ = true; });
}

void EventLoop::post(std::function<void()> action) {
  {
    const std::lock_guard lock(posted_mutex_);
    posted_.push_back(std::move(action));
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wakeup_, &one, sizeof one);
}

int EventLoop::wait_milliseconds() const {
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  if (!yielded_.empty()) return 0;
  TimePoint next = deadlines_.next();
  if (!sleepers_.empty()) next = std::min(next, sleepers_.begin()->first);
  if (next == TimePoint::max()) return -1;
  const auto wait = ceil<milliseconds>(next - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, 60'000));
}

void EventLoop::dispatch(int timeout_milliseconds) {
  std::array<epoll_event, 256> events;
  const int count = epoll_wait(epoll_, events.data(), events.size(), timeout_milliseconds);
  now_ = Clock::now();
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    if (event.data.ptr == nullptr) {
      std::uint64_t ignored = 0;
      [[maybe_unused]] const auto got = read(wakeup_, &ignored, sizeof ignored);
      continue;
    }
    if (Socket* socket = static_cast<Registration*>(event.data.ptr)->socket) socket->handle(event.events);
  }
}

void EventLoop::run_posted() {
  if (!yielded_.empty()) {
    auto yielded = std::move(yielded_);
    yielded_.clear();
    for (auto handle : yielded) handle.resume();
  }
  std::vector<std::function<void()>> posted;
  {
    const std::lock_guard lock(posted_mutex_);
    posted.swap(posted_);
  }
  for (auto& action : posted) action();
}

void EventLoop::run_sleepers() {
  if (sleepers_.empty()) return;
  // Who sleeps for nothing, again and again, must not keep the loop here.
  const TimePoint now = Clock::now();
  while (!sleepers_.empty() && sleepers_.begin()->first <= now) {
    const auto handle = sleepers_.begin()->second;
    sleepers_.erase(sleepers_.begin());
    handle.resume();
  }
}

std::uint64_t EventLoop::unix_milliseconds() const {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(
      duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

std::string_view EventLoop::http_date() {
  const std::uint64_t second = unix_milliseconds() / 1000;
  if (second != date_second_) {
    date_second_ = second;
    const auto time = static_cast<std::time_t>(second);
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::array<char, 40> text;
    // The names are English whatever the locale: RFC 9110 section 5.6.7.
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const int length = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                     days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                                     months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                                     parts.tm_hour, parts.tm_min, parts.tm_sec);
    date_.assign(text.data(), static_cast<std::size_t>(length));
  }
  return date_;
}

}  // namespace sluice::http
