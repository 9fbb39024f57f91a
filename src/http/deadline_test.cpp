#include "http/deadline.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <vector>

namespace sluice::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds revolution = DeadlineWheel::tick * static_cast<int>(DeadlineWheel::slots);

/// A wheel whose time the test makes.
class DeadlineTest : public testing::Test {
 protected:
  /// Goes on to `when`, in steps as a loop would that sleeps until next().
  void go_to(milliseconds when) {
    const TimePoint end = start_ + when;
    while (now_ < end) {
      now_ = std::min(end, std::max(wheel_.next(), now_));
      wheel_.advance(now_);
      ++turns_;
    }
  }

  const TimePoint start_ = Clock::now();
  TimePoint now_ = start_;
  DeadlineWheel wheel_{start_};
  int turns_ = 0;
};

struct Alarm {
  Alarm(DeadlineWheel& wheel, const TimePoint& time) : now(time), deadline(wheel, &Alarm::ring, this) {}
  static void ring(void* self) {
    auto& alarm = *static_cast<Alarm*>(self);
    ++alarm.rings;
    alarm.rang_at = alarm.now;
    if (const auto action = alarm.then) action();
  }
  const TimePoint& now;
  Deadline deadline;
  int rings = 0;
  TimePoint rang_at;
  std::function<void()> then;
};

TEST_F(DeadlineTest, FiresOnceNeverEarlyAndAtMostATickLate) {
  std::mt19937 random(7);
  std::vector<std::unique_ptr<Alarm>> alarms;
  std::vector<TimePoint> due;
  for (int i = 0; i < 500; ++i) {
    alarms.push_back(std::make_unique<Alarm>(wheel_, now_));
    due.push_back(start_ + std::chrono::microseconds(random() % 200'000'000));  // up to eight revolutions
    alarms.back()->deadline.set(due.back());
  }
  go_to(201s);
  for (std::size_t i = 0; i < alarms.size(); ++i) {
    EXPECT_EQ(alarms[i]->rings, 1) << i;
    EXPECT_GE(alarms[i]->rang_at, due[i]) << i;
    EXPECT_LE(alarms[i]->rang_at, due[i] + DeadlineWheel::tick) << i;
    EXPECT_FALSE(alarms[i]->deadline.is_set()) << i;
  }
  EXPECT_EQ(wheel_.next(), TimePoint::max());
}

TEST_F(DeadlineTest, MovesLaterAndEarlierAndAway) {
  Alarm later(wheel_, now_), earlier(wheel_, now_), cleared(wheel_, now_), again(wheel_, now_);
  later.deadline.set(start_ + 30ms);
  later.deadline.set(start_ + 130ms);
  earlier.deadline.set(start_ + 10s);
  earlier.deadline.set(start_ + 30ms);
  cleared.deadline.set(start_ + 30ms);
  cleared.deadline.clear();
  again.deadline.set(start_ + 100ms);
  again.deadline.clear();
  again.deadline.set(start_ + 60ms);
  go_to(20s);
  EXPECT_EQ(later.rings, 1);
  EXPECT_EQ(later.rang_at, start_ + 150ms);
  EXPECT_EQ(earlier.rings, 1);
  EXPECT_EQ(earlier.rang_at, start_ + 50ms);
  EXPECT_EQ(cleared.rings, 0);
  EXPECT_EQ(again.rings, 1);
  EXPECT_EQ(again.rang_at, start_ + 75ms);
}

TEST_F(DeadlineTest, WaitsBeyondARevolution) {
  Alarm near(wheel_, now_), far(wheel_, now_), farther(wheel_, now_), never(wheel_, now_);
  near.deadline.set(start_ + 50ms);
  far.deadline.set(start_ + 50ms + revolution);
  farther.deadline.set(start_ + 50ms + 3 * revolution);
  never.deadline.set(TimePoint::max());
  go_to(revolution);
  EXPECT_EQ(near.rings, 1);
  EXPECT_EQ(far.rings + farther.rings, 0);
  go_to(4 * revolution);
  EXPECT_EQ(far.rang_at, start_ + 50ms + revolution);
  EXPECT_EQ(farther.rang_at, start_ + 50ms + 3 * revolution);
  EXPECT_EQ(never.rings, 0);
  EXPECT_LT(turns_, 20) << "the loop slept";
}

TEST_F(DeadlineTest, CatchesUpAfterALongPause) {
  std::vector<std::unique_ptr<Alarm>> alarms;
  for (int i = 0; i < 100; ++i) {
    alarms.push_back(std::make_unique<Alarm>(wheel_, now_));
    alarms.back()->deadline.set(start_ + i * (revolution / 40));
  }
  Alarm far(wheel_, now_);
  far.deadline.set(start_ + 10 * revolution);
  now_ = start_ + 5 * revolution + 7ms;
  wheel_.advance(now_);
  for (const auto& alarm : alarms) EXPECT_EQ(alarm->rings, 1);
  EXPECT_EQ(far.rings, 0);
  go_to(11 * revolution);
  EXPECT_EQ(far.rang_at, start_ + 10 * revolution);
}

TEST_F(DeadlineTest, MayBeSetAnewByItsOwnCall) {
  Alarm repeating(wheel_, now_);
  repeating.then = [&] {
    if (repeating.rings < 3) repeating.deadline.set(now_);
  };
  repeating.deadline.set(start_ - 1s);
  go_to(1s);
  EXPECT_EQ(repeating.rings, 3);
  EXPECT_EQ(repeating.rang_at, start_ + 75ms);
}

TEST_F(DeadlineTest, MayBeDestroyedWithItsNeighbourByItsOwnCall) {
  auto one = std::make_unique<Alarm>(wheel_, now_);
  auto other = std::make_unique<Alarm>(wheel_, now_);
  Alarm last(wheel_, now_);
  int destroyed = 0;
  one->then = other->then = [&] {
    ++destroyed;
    one.reset();
    other.reset();
  };
  for (Alarm* alarm : {&last, one.get(), other.get()}) alarm->deadline.set(start_ + 20ms);
  go_to(1s);
  EXPECT_EQ(destroyed, 1);
  EXPECT_EQ(last.rings, 1);
}

TEST(After, EndsWithTime) {
  const TimePoint now = Clock::now();
  EXPECT_EQ(after(now, milliseconds::max()), TimePoint::max());
  EXPECT_EQ(after(now, std::chrono::hours(24 * 365 * 1000)), TimePoint::max());
  EXPECT_EQ(after(now, 5s), now + 5s);
  EXPECT_EQ(after(now, -5s), now - 5s);
}

}  // namespace
}  // namespace sluice::http
