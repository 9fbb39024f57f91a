#include "observe/spsc_ring.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace sluice::observe {
namespace {

TEST(SpscRing, KeepsTheOrder) {
  SpscRing<std::string> ring(4);
  EXPECT_TRUE(ring.try_push("a"));
  EXPECT_TRUE(ring.try_push(3, 'b'));
  EXPECT_EQ(ring.try_pop(), "a");
  EXPECT_EQ(*ring.front(), "bbb");
  ring.pop();
  EXPECT_EQ(ring.front(), nullptr);
  EXPECT_EQ(ring.try_pop(), std::nullopt);
}

TEST(SpscRing, RefusesWhatDoesNotFitAndLeavesItAlone) {
  SpscRing<std::unique_ptr<int>> ring(3);
  ASSERT_EQ(ring.capacity(), 4U);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(ring.try_push(std::make_unique<int>(i)));
  auto fifth = std::make_unique<int>(5);
  EXPECT_FALSE(ring.try_push(std::move(fifth)));
  ASSERT_TRUE(fifth);
  EXPECT_EQ(**ring.try_pop(), 0);
  EXPECT_TRUE(ring.try_push(std::move(fifth)));
  EXPECT_FALSE(fifth);
}

TEST(SpscRing, DestroysWhatIsStillInside) {
  auto shared = std::make_shared<int>(1);
  {
    SpscRing<std::shared_ptr<int>> ring(8);
    for (int round = 0; round < 3; ++round) {
      for (int i = 0; i < 8; ++i) ring.try_push(shared);
      EXPECT_EQ(shared.use_count(), 9);
      for (int i = 0; i < 5; ++i) EXPECT_TRUE(ring.try_pop());
      EXPECT_EQ(shared.use_count(), 4);
      while (ring.front()) ring.pop();
    }
    ring.try_push(shared);
  }
  EXPECT_EQ(shared.use_count(), 1);
}

TEST(SpscRing, HandsEveryValueOverOnceBetweenTwoThreads) {
  constexpr std::uint64_t values = 200'000;
  SpscRing<std::unique_ptr<std::uint64_t>> ring(64);
  std::jthread producer([&ring] {
    for (std::uint64_t i = 0; i < values; ++i) {
      auto value = std::make_unique<std::uint64_t>(i);
      while (!ring.try_push(std::move(value))) std::this_thread::yield();
    }
  });
  for (std::uint64_t expected = 0; expected < values;) {
    if (auto value = ring.try_pop()) {
      ASSERT_EQ(**value, expected++);
    } else {
      std::this_thread::yield();
    }
  }
  EXPECT_EQ(ring.front(), nullptr);
}

}  // namespace
}  // namespace sluice::observe
