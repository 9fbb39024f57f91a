// Limits of time and number: what a server grants its clients, and how it ends.

#include "http/server.hpp"

#include "http/testing/server_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <poll.h>
#include <sys/resource.h>
#include <vector>

namespace sluice::http {
namespace {

using Seconds = std::chrono::duration<double>;

const std::string simple = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

class Stopwatch {
 public:
  Seconds elapsed() const { return Clock::now() - start_; }

 private:
  TimePoint start_ = Clock::now();
};

TEST(ServerLimits, EndsHeadsThatNeverEnd) {
  ServerLimits limits;
  limits.head_deadline = milliseconds(150);
  ServerThread server(answer_echo, limits);
  RawClient client = server.connect();
  Stopwatch watch;
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\n"));
  // Bytes that trickle in do not prolong it.
  while (client.send("x: y\r\n") && watch.elapsed() < Seconds(0.1)) usleep(10'000);
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 408);
  EXPECT_TRUE(client.is_closed());
  EXPECT_LT(watch.elapsed(), Seconds(1.5));
}

TEST(ServerLimits, ClosesIdleConnectionsInSilence) {
  ServerLimits limits;
  limits.idle = milliseconds(100);
  limits.first_request = milliseconds(150);
  ServerThread server(answer_echo, limits);
  RawClient silent = server.connect();
  RawClient kept = server.connect();
  EXPECT_EQ(kept.ask(simple).status, 200);
  EXPECT_EQ(kept.receive_all(), "");
  EXPECT_EQ(silent.receive_all(), "");
  EXPECT_TRUE(server.reaches(0));
}

TEST(ServerLimits, EndsBodiesThatNeverEnd) {
  ServerLimits limits;
  limits.body_progress = milliseconds(100);
  limits.body_deadline = milliseconds(300);
  ServerThread server(answer_echo, limits);
  for (const std::string head :
       {"Content-Length: 1000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3e8\r\n"}) {
    RawClient stalled = server.connect();
    ASSERT_TRUE(stalled.send("POST / HTTP/1.1\r\nHost: a\r\n" + head + "some"));
    EXPECT_EQ(stalled.answer().status, 408);
    EXPECT_TRUE(stalled.is_closed());

    RawClient trickling = server.connect();
    Stopwatch watch;
    ASSERT_TRUE(trickling.send("POST / HTTP/1.1\r\nHost: a\r\n" + head));
    pollfd answered{.fd = trickling.fd(), .events = POLLIN, .revents = 0};
    while (watch.elapsed() < Seconds(5) && poll(&answered, 1, 20) == 0) trickling.send("x");
    EXPECT_EQ(trickling.answer().status, 408);
    EXPECT_GE(watch.elapsed(), Seconds(0.3));
    EXPECT_LT(watch.elapsed(), Seconds(2));
  }
}

TEST(ServerLimits, DeadlinesOfOnePhaseDoNotReachIntoTheNext) {
  // A handler takes longer than any deadline of the head or the body before it.
  ServerLimits limits;
  limits.head_deadline = limits.body_progress = limits.body_deadline = limits.first_request =
      milliseconds(50);
  ServerThread server(
      [](Exchange& exchange) -> Task<> {
        co_await exchange.read_body(100);
        co_await exchange.loop().sleep(milliseconds(250));
        EXPECT_FALSE(exchange.client_gone());
        exchange.begin_stream(200, {});
        co_await exchange.write("late ");
        co_await exchange.loop().sleep(milliseconds(100));
        co_await exchange.end_stream("end");
      },
      limits);
  RawClient client = server.connect();
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"));
  ASSERT_TRUE(client.send("body"));
  EXPECT_EQ(client.answer().body, "late end");
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

TEST(ServerLimits, AClientThatReadsNothingHoldsTheHandlerNotTheMemory) {
  ServerLimits limits;
  limits.write_progress = milliseconds(200);
  std::atomic<std::size_t> taken = 0;
  std::promise<ErrorCode> ended;
  ServerThread server(
      [&](Exchange& exchange) -> Task<> {
        const std::string chunk(64 * 1024, 'x');
        exchange.begin_stream(200, {});
        while (true) {
          auto written = co_await exchange.write(chunk);
          if (!written) {
            ended.set_value(written.error().code());
            co_return;
          }
          taken += chunk.size();
        }
      },
      limits);
  RawClient client(server.port(), 16 * 1024);
  const std::size_t before = resident_bytes();
  Stopwatch watch;
  ASSERT_TRUE(client.send(simple));
  EXPECT_EQ(ended.get_future().get(), ErrorCode::client_gone);
  EXPECT_GE(watch.elapsed(), Seconds(0.2));
  EXPECT_LT(taken, 1U << 20) << "the kernel's buffers are bounded, too";
  EXPECT_LT(resident_bytes(), before + (16U << 20));
  EXPECT_TRUE(server.reaches(0));
}

TEST(ServerLimits, ASlowReaderIsWaitedForAsLongAsItReads) {
  ServerLimits limits;
  limits.write_progress = milliseconds(300);
  ServerThread server(
      [](Exchange& exchange) -> Task<> {
        const std::string body(4 << 20, 'x');
        const std::string_view piece = body;
        co_await exchange.respond(200, {}, std::span(&piece, 1));
      },
      limits);
  RawClient client(server.port(), 16 * 1024);
  Stopwatch watch;
  ASSERT_TRUE(client.send(simple));
  client.receive_until("\r\n\r\n");
  std::size_t got = 0;
  while (watch.elapsed() < Seconds(0.8)) {
    got += client.receive(32 * 1024).size();
    usleep(20'000);
  }
  got += client.receive((4U << 20) - got).size();
  EXPECT_EQ(got, 4U << 20);
}

TEST(Server, RefusesConnectionsBeyondItsCap) {
  ServerLimits limits;
  limits.max_connections = 3;
  ServerThread server(answer_echo, limits);
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.connect());
    EXPECT_EQ(clients.back().ask(simple).status, 200);
  }
  RawClient beyond = server.connect();
  EXPECT_EQ(beyond.receive_all(), "");
  clients.pop_back();
  ASSERT_TRUE(server.reaches(2));
  RawClient after = server.connect();
  EXPECT_EQ(after.ask(simple).status, 200);
}

TEST(Server, DrainsIdleConnectionsAtOnceAndWaitsForRunningOnes) {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  ServerThread server([&](Exchange& exchange) -> Task<> {
    if (exchange.head().path == "/idle") {
      co_await answer_echo(exchange);
      co_return;
    }
    exchange.begin_stream(200, {});
    co_await exchange.write("begun ");
    while (released.wait_for(milliseconds(0)) != std::future_status::ready)
      co_await exchange.loop().sleep(milliseconds(1));
    co_await exchange.end_stream("ended");
  });
  RawClient idle = server.connect();
  EXPECT_EQ(idle.ask("GET /idle HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  RawClient fresh = server.connect();
  RawClient streaming = server.connect();
  ASSERT_TRUE(streaming.send(simple));
  const std::string begun = streaming.receive_until("begun ");
  ASSERT_TRUE(server.reaches(3));

  const auto drained = server.drain();
  EXPECT_EQ(idle.receive_all(), "");
  EXPECT_EQ(fresh.receive_all(), "");
  EXPECT_FALSE(server.connect().connected()) << "nobody listens any more";
  EXPECT_EQ(drained.wait_for(milliseconds(0)), std::future_status::timeout);
  release.set_value();
  EXPECT_TRUE(streaming.receive_all().ends_with("ended\r\n0\r\n\r\n"));
  streaming.hang_up();
  drained.wait();
}

TEST(Server, SaysThatAConnectionEndsOnceItDrains) {
  std::promise<void> seen;
  std::atomic<bool> draining = false;
  ServerThread server([&](Exchange& exchange) -> Task<> {
    seen.set_value();
    while (!draining) co_await exchange.loop().sleep(milliseconds(1));
    co_await answer_echo(exchange);
  });
  RawClient client = server.connect();
  ASSERT_TRUE(client.send(simple + simple));
  seen.get_future().wait();
  server.drain();
  draining = true;
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("connection: close"));
  EXPECT_EQ(client.receive_all(), "") << "the second request was not taken";
}

TEST(Server, CutsOffWhatOutlastsTheDrain) {
  ServerLimits limits;
  limits.drain = milliseconds(100);
  std::atomic<bool> told = false;
  ServerThread server(
      [&](Exchange& exchange) -> Task<> {
        exchange.begin_stream(200, {});
        const std::string chunk(64 * 1024, 'x');
        while (co_await exchange.write(chunk)) {
        }
        told = exchange.client_gone();
      },
      limits);
  RawClient client(server.port(), 16 * 1024);
  ASSERT_TRUE(client.send(simple));
  EXPECT_EQ(client.receive(1000).size(), 1000U);
  server.drain().wait();
  EXPECT_TRUE(told);
}

/// A server in a process of its own with few descriptors: its clients take them all.
[[noreturn]] void run_out_of_descriptors() {
  ServerThread server(answer_echo);
  RawClient early = server.connect();
  if (early.ask(simple).status != 200) _exit(2);
  const int highest = dup(0);
  rlimit few{.rlim_cur = static_cast<rlim_t>(highest) + 10, .rlim_max = static_cast<rlim_t>(highest) + 10};
  close(highest);
  setrlimit(RLIMIT_NOFILE, &few);
  {
    std::vector<RawClient> clients;
    while (true) {
      clients.push_back(server.connect());
      if (!clients.back().connected()) break;
    }
    const std::clock_t cpu = std::clock();
    usleep(300'000);
    if (std::clock() - cpu > CLOCKS_PER_SEC / 10) _exit(3);  // it spins
    if (early.ask(simple).status != 200) _exit(4);           // it has stopped
  }
  for (int tries = 0; tries < 100; ++tries) {
    RawClient late = server.connect();
    if (late.connected() && late.send(simple) && late.receive(8) == "HTTP/1.1") _exit(0);
    usleep(10'000);
  }
  _exit(5);  // it accepts no more
}

TEST(ServerDeathTest, OutlivesAShortageOfDescriptors) {
#if __has_feature(undefined_behavior_sanitizer)
  GTEST_SKIP() << "the sanitizer needs descriptors itself, to look at objects";
#endif
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(run_out_of_descriptors(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace sluice::http
