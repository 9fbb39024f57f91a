#include "http/event_loop.hpp"

#include "base/task.hpp"
#include "http/socket.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <fcntl.h>
#include <functional>
#include <memory>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

namespace sluice::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

class EventLoopTest : public testing::Test {
 protected:
  /// Runs the loop until `body` is through.
  void run(const std::function<Task<>()>& body) {
    detach(drive(body));
    loop_.run();
  }
  Task<> drive(const std::function<Task<>()>& body) {
    co_await body();
    loop_.stop();
  }

  EventLoop loop_;
};

TEST_F(EventLoopTest, SleepersWakeInOrder) {
  std::vector<int> order;
  std::vector<TimePoint> woke(6);
  const TimePoint start = Clock::now();
  const auto sleeper = [&](int number, milliseconds until) -> Task<> {
    co_await loop_.sleep_until(start + until);
    woke[static_cast<std::size_t>(number)] = Clock::now();
    order.push_back(number);
  };
  const std::array delays{50ms, 10ms, 30ms, 10ms, 0ms, -20ms};
  for (int i = 0; i < 6; ++i) detach(sleeper(i, delays[static_cast<std::size_t>(i)]));
  run([&]() -> Task<> { co_await loop_.sleep(100ms); });
  EXPECT_EQ(order, (std::vector<int>{5, 4, 1, 3, 2, 0}));
  for (std::size_t i = 0; i < woke.size(); ++i) EXPECT_GE(woke[i] - start, delays[i]);
}

TEST_F(EventLoopTest, WhoSleepsForNothingAgainAndAgainStarvesNobody) {
  bool over = false;
  const auto restless = [&]() -> Task<> {
    while (!over) co_await loop_.sleep(0ns);
  };
  detach(restless());
  int rings = 0;
  Deadline deadline(loop_.deadlines(), [](void* count) { ++*static_cast<int*>(count); }, &rings);
  deadline.set(Clock::now() + 10ms);
  run([&]() -> Task<> {
    while (rings == 0) co_await loop_.yield();
    over = true;
    co_await loop_.sleep(1ms);
  });
  EXPECT_EQ(rings, 1);
}

TEST_F(EventLoopTest, YieldLetsOthersRun) {
  std::vector<int> order;
  const auto worker = [&](int number) -> Task<> {
    for (int i = 0; i < 3; ++i) {
      order.push_back(number);
      co_await loop_.yield();
    }
  };
  run([&]() -> Task<> {
    detach(worker(1));
    detach(worker(2));
    co_await loop_.sleep(5ms);
  });
  EXPECT_EQ(order, (std::vector<int>{1, 2, 1, 2, 1, 2}));
}

TEST_F(EventLoopTest, RunsWhatOtherThreadsPost) {
  std::atomic<int> handled = 0;
  const auto loop_thread = std::this_thread::get_id();
  std::vector<std::thread> others;
  for (int t = 0; t < 4; ++t)
    others.emplace_back([&] {
      for (int i = 0; i < 250; ++i)
        loop_.post([&] {
          EXPECT_EQ(std::this_thread::get_id(), loop_thread);
          // The last one stops the loop, from within it.
          if (++handled == 1000) loop_.stop();
        });
    });
  loop_.run();
  for (std::thread& other : others) other.join();
  EXPECT_EQ(handled, 1000);
}

TEST_F(EventLoopTest, DatesAreOfTheFixedForm) {
  const std::string date(loop_.http_date());
  ASSERT_EQ(date.size(), 29U) << date;
  EXPECT_EQ(date.substr(3, 2), ", ");
  EXPECT_EQ(date.substr(25), " GMT");
}

// ---- sockets
// -----------------------------------------------------------------------------------------------

struct Pair {
  Pair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0); }
  std::array<int, 2> fds{};
};

/// Waits in one direction and says how the wait ended.
struct Wait final : SocketWait {
  Wait(Socket& s, bool reads) : socket(s), for_reading(reads) {}
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    waiting = h;
    for_reading ? socket.wait_readable(*this) : socket.wait_writable(*this);
  }
  Wake await_resume() const { return ended; }
  bool attempt(Wake wake) override {
    ended = wake;
    return true;
  }
  Socket& socket;
  bool for_reading;
  Wake ended = Wake::ready;
};

TEST_F(EventLoopTest, AWaitBegunByWhoWasWokenIsNotWokenByTheSameDeadline) {
  Pair pair;
  auto socket = std::make_unique<Socket>(loop_, pair.fds[0]);
  std::vector<std::pair<int, Wake>> ended;
  const auto reader = [&]() -> Task<> {
    ended.emplace_back(1, co_await Wait(*socket, true));
    socket->set_deadline(60ms);
    ended.emplace_back(2, co_await Wait(*socket, false));
  };
  const TimePoint start = Clock::now();
  run([&]() -> Task<> {
    co_await loop_.sleep(1ms);  // the socket's first event, that it is writable, is over
    socket->not_writable();
    socket->set_deadline(20ms);
    detach(reader());
    while (ended.size() < 2) co_await loop_.sleep(5ms);
  });
  EXPECT_EQ(ended, (std::vector<std::pair<int, Wake>>{{1, Wake::expired}, {2, Wake::expired}}));
  EXPECT_GE(Clock::now() - start, 80ms);
  socket.reset();
  close(pair.fds[1]);
}

TEST_F(EventLoopTest, CancellingEndsBothWaitsAndEveryLaterOne) {
  Pair pair;
  auto socket = std::make_unique<Socket>(loop_, pair.fds[0]);
  std::vector<Wake> ended;
  const auto waiter = [&](bool reads) -> Task<> { ended.push_back(co_await Wait(*socket, reads)); };
  run([&]() -> Task<> {
    detach(waiter(true));
    detach(waiter(false));
    socket->cancel();
    co_return;
  });
  EXPECT_EQ(ended, (std::vector<Wake>{Wake::cancelled, Wake::cancelled}));
  EXPECT_TRUE(socket->cancelled());
  socket.reset();
  close(pair.fds[1]);
}

TEST_F(EventLoopTest, AHangUpIsToldToWhoDoesNotRead) {
  Pair pair;
  auto socket = std::make_unique<Socket>(loop_, pair.fds[0]);
  int told = 0;
  const auto note = [](void* count) { ++*static_cast<int*>(count); };
  socket->on_hang_up(note, &told);
  run([&]() -> Task<> {
    co_await loop_.sleep(1ms);
    EXPECT_EQ(told, 0);
    shutdown(pair.fds[1], SHUT_WR);
    while (told == 0) co_await loop_.sleep(1ms);
    EXPECT_TRUE(socket->hung_up());
    EXPECT_FALSE(socket->broken());
    close(pair.fds[1]);
    while (!socket->broken()) co_await loop_.sleep(1ms);
  });
  EXPECT_EQ(told, 2);
  socket.reset();
}

TEST_F(EventLoopTest, ADescriptorThatCannotBeWatchedIsClosed) {
  // A regular file cannot be watched by epoll.
  FILE* temporary = std::tmpfile();
  const int fd = dup(fileno(temporary));
  EXPECT_THROW(Socket(loop_, fd), std::system_error);
  EXPECT_EQ(fcntl(fd, F_GETFD), -1);
  std::fclose(temporary);
}

}  // namespace
}  // namespace sluice::http
