#include "http/resolver.hpp"

#include "http/limits.hpp"
#include "http/resolver_wait.hpp"
#include "http/testing/client_fixture.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace sluice::http {
namespace {

/// Lookups that wait until they are let go.
struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  int asked = 0;
  bool open = false;

  void pass() {
    std::unique_lock lock(mutex);
    ++asked;
    changed.notify_all();
    changed.wait(lock, [this] { return open; });
  }
  void let_go() {
    const std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }
  void wait_for(int count) {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(5), [&] { return asked >= count; }));
  }
};

std::shared_ptr<Gate> gate;

/// `slow...` waits at the gate, `bad...` has no address, all others are 127.0.0.1.
Resolver::Found look_up(const std::string& host, std::uint16_t port) {
  if (const auto here = gate; host.starts_with("slow")) here->pass();
  if (host.starts_with("bad"))
    return fail(ErrorCode::upstream_unreachable, "cannot resolve " + host + ": no");
  return std::vector<Address>{*parse_literal("127.0.0.1", port)};
}

class ResolverTest : public ClientTest {
 protected:
  ResolverTest() { gate = std::make_shared<Gate>(); }
  ~ResolverTest() override { gate->let_go(); }

  Task<Resolver::Found> find(const std::string& host, milliseconds within = seconds(5),
                             Cancellation* cancellation = nullptr) {
    ResolverWait wait(loop_, resolver_, {host, 80, Clock::now() + within, cancellation});
    co_return co_await wait;
  }
  Task<> find_and_count(std::string host) {
    if (co_await find(host)) ++found_;
  }

  Resolver resolver_{look_up};
  int found_ = 0;
};

TEST_F(ResolverTest, FindsAddressesAndSaysWhyNot) {
  run([&]() -> Task<> {
    const auto good = co_await find("good");
    EXPECT_TRUE(good && to_string(good->front()) == "127.0.0.1:80");
    const auto bad = co_await find("bad");
    EXPECT_FALSE(bad);
    if (!bad) EXPECT_EQ(bad.error().message(), "cannot resolve bad: no");
  });
}

TEST_F(ResolverTest, ASlowNameHoldsUpNoOther) {
  run([&]() -> Task<> {
    for (std::size_t i = 0; i + 1 < max_lookups; ++i) detach(find_and_count("slow" + std::to_string(i)));
    gate->wait_for(static_cast<int>(max_lookups) - 1);
    EXPECT_TRUE(co_await find("good"));
    EXPECT_EQ(found_, 0);
    gate->let_go();
    while (found_ + 1 < static_cast<int>(max_lookups)) co_await loop_.sleep(milliseconds(1));
  });
}

TEST_F(ResolverTest, LooksANameUpOnceForAllWhoAsk) {
  run([&]() -> Task<> {
    for (int i = 0; i < 10; ++i) detach(find_and_count("slow"));
    gate->wait_for(1);
    for (int i = 0; i < 10; ++i) detach(find_and_count("slow"));
    gate->let_go();
    while (found_ < 20) co_await loop_.sleep(milliseconds(1));
  });
  EXPECT_EQ(gate->asked, 1);
}

TEST_F(ResolverTest, AWaitEndsWithItsDeadline) {
  run([&]() -> Task<> {
    const auto late = co_await find("slow", milliseconds(50));
    EXPECT_FALSE(late);
    if (!late) EXPECT_EQ(late.error().message(), "cannot resolve slow: it took too long");
    gate->let_go();
    EXPECT_TRUE(co_await find("good")) << "the late answer hits nobody";
  });
}

TEST_F(ResolverTest, AWaitEndsWhenCancelled) {
  Cancellation cancellation;
  run([&]() -> Task<> {
    detach([](EventLoop& loop, Cancellation& it) -> Task<> {
      co_await loop.sleep(milliseconds(20));
      it.cancel();
    }(loop_, cancellation));
    const auto gone = co_await find("slow", seconds(5), &cancellation);
    EXPECT_FALSE(gone);
    if (!gone) EXPECT_EQ(gone.error().code(), ErrorCode::client_gone);
  });
}

TEST_F(ResolverTest, IsDestroyedWithoutWaitingForALookup) {
  const auto start = Clock::now();
  {
    Resolver resolver(look_up);
    resolver.resolve("slow", 80, loop_,
                     [](const Resolver::Found&) { ADD_FAILURE() << "nobody is there any more"; });
    gate->wait_for(1);
  }
  EXPECT_LT(Clock::now() - start, seconds(2));
  gate->let_go();
  run([&]() -> Task<> { co_await loop_.sleep(milliseconds(5)); });
}

TEST_F(ResolverTest, TheConnectDeadlineHoldsForTheNameToo) {
  deadlines_.connect = milliseconds(50);
  auto client = Client::create(loop_, resolver_, *parse_url("http://slow.example"), limits_, "");
  run([&]() -> Task<> {
    const Outcome outcome = co_await ask(**client);
    EXPECT_EQ(outcome.code, ErrorCode::upstream_unreachable);
    EXPECT_EQ(outcome.why, "cannot resolve slow.example: it took too long");
  });
}

}  // namespace
}  // namespace sluice::http
