#include "policy/target_health.hpp"

#include "policy/backoff.hpp"
#include "policy/retry_budget.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Health : public testing::Test {
 protected:
  void ask(bool good) {
    health_.begin(now_);
    if (good) {
      health_.succeeded(now_, milliseconds(100));
    } else {
      health_.failed(now_);
    }
  }
  void ask(int times, bool good) {
    for (int i = 0; i < times; ++i) ask(good);
  }

  TargetHealth health_;
  TargetHealth::Time now_{seconds(1000)};
};

TEST_F(Health, OneFailureClosesNothing) {
  ask(1, false);
  EXPECT_TRUE(health_.available(now_));
}

TEST_F(Health, FiveFailuresInARowDo) {
  ask(4, false);
  ask(true);
  ask(4, false);
  EXPECT_TRUE(health_.available(now_));
  ask(false);
  EXPECT_FALSE(health_.available(now_));
}

TEST_F(Health, HalfOfManyFailingDoes) {
  for (int i = 0; i < 9; ++i) {
    ask(true);
    ask(false);
  }
  EXPECT_TRUE(health_.available(now_));
  ask(true);
  ask(false);
  EXPECT_FALSE(health_.available(now_));
}

TEST_F(Health, OldFailuresAreForgotten) {
  for (int i = 0; i < 9; ++i) {
    ask(true);
    ask(false);
  }
  now_ += seconds(40);
  ask(3, false);
  EXPECT_TRUE(health_.available(now_));
}

TEST_F(Health, AProbeAtATimeFindsOutWhetherItIsWellAgain) {
  ask(5, false);
  now_ += seconds(3);
  EXPECT_TRUE(health_.available(now_));
  health_.begin(now_);
  EXPECT_FALSE(health_.available(now_)) << "one probe is under way";
  health_.failed(now_);
  EXPECT_FALSE(health_.available(now_));
  now_ += seconds(3);
  EXPECT_FALSE(health_.available(now_)) << "the second time it takes longer";
  now_ += seconds(2);
  ask(true);
  EXPECT_TRUE(health_.available(now_));
}

TEST_F(Health, AProbeThatSaysNothingMakesRoomForAnother) {
  ask(5, false);
  now_ += seconds(3);
  health_.begin(now_);
  health_.ended();
  EXPECT_TRUE(health_.available(now_));
}

TEST_F(Health, ComesBackSlowly) {
  TargetHealth other;
  ask(true);
  other.begin(now_);
  other.succeeded(now_, milliseconds(100));
  EXPECT_DOUBLE_EQ(health_.cost(now_, 1), other.cost(now_, 1));
  ask(5, false);
  now_ += seconds(3);
  ask(true);
  EXPECT_GT(health_.cost(now_, 1), 5 * other.cost(now_, 1));
  now_ += seconds(31);
  EXPECT_NEAR(health_.cost(now_, 1), other.cost(now_, 1), 0.01);
}

TEST_F(Health, RestsAWhileAndNoLonger) {
  health_.rest(now_, seconds(2));
  EXPECT_FALSE(health_.available(now_ + seconds(1)));
  EXPECT_TRUE(health_.available(now_ + seconds(3)));
  health_.rest(now_, std::chrono::hours(24));
  EXPECT_TRUE(health_.available(now_ + seconds(31))) << "no answer takes a target away for a day";
}

TEST_F(Health, WhatIsBusyOrSlowOrSmallCostsMore) {
  ask(true);
  const double quiet = health_.cost(now_, 1);
  EXPECT_GT(health_.cost(now_, 0.5), quiet);
  health_.begin(now_);
  EXPECT_GT(health_.cost(now_, 1), quiet);
  health_.succeeded(now_ + seconds(5), seconds(5));
  EXPECT_GT(health_.cost(now_ + seconds(5), 1), quiet);
}

TEST(RetryBudget, KeepsAttemptsBelowSixFifthsWhenEverythingFails) {
  RetryBudget budget;
  RetryBudget::Time now{seconds(1000)};
  int attempts = 0;
  for (int request = 0; request < 1000; ++request) {
    budget.first_attempt();
    ++attempts;
    attempts += budget.take(now) ? 1 : 0;
    now += milliseconds(1);
  }
  EXPECT_LE(attempts, 1200);
  EXPECT_GT(attempts, 1000);
}

TEST(RetryBudget, NeverRefusesWhatSucceeds) {
  RetryBudget budget;
  const RetryBudget::Time now{seconds(1000)};
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(budget.take(now));
    budget.succeeded();
  }
}

TEST(RetryBudget, FillsWithTime) {
  RetryBudget budget;
  RetryBudget::Time now{seconds(1000)};
  while (budget.take(now)) {
  }
  EXPECT_TRUE(budget.take(now + seconds(3)));
}

TEST(WaitBefore, IsHalfASecondFirstAndRandomLater) {
  EXPECT_EQ(wait_before(0, std::nullopt, seconds(60), 7), milliseconds(500));
  for (std::uint64_t random = 0; random < 5000; random += 7) {
    const auto wait = wait_before(2, std::nullopt, seconds(60), random);
    ASSERT_TRUE(wait);
    EXPECT_GT(*wait, milliseconds(0));
    EXPECT_LE(*wait, milliseconds(2000));
  }
}

TEST(WaitBefore, FollowsTheProviderAsLongAsAnybodyWaits) {
  EXPECT_EQ(wait_before(0, seconds(3), seconds(60), 0), seconds(3));
  EXPECT_EQ(wait_before(0, milliseconds(20), seconds(60), 0), milliseconds(500));
  EXPECT_EQ(wait_before(0, seconds(6), seconds(60), 0), std::nullopt);
  EXPECT_EQ(wait_before(0, seconds(3), seconds(2), 0), std::nullopt) << "the deadline comes first";
}

}  // namespace
}  // namespace sluice::policy
