// Worst cases: none takes more than linear time, or memory without bounds.

#include "json/repair/repair.hpp"
#include "json/repair/stream.hpp"
#include "json/repair/testing/canonical.hpp"
#include "json/repair/testing/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>

namespace sluice::json::repair {
namespace {

#if defined(__OPTIMIZE__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
constexpr bool release = true;
#else
constexpr bool release = false;  // times say nothing, and the texts are smaller
#endif

/// Processor time: other programs may be running.
double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double milliseconds(const std::string& text, std::expected<Repaired, Reason>* result = nullptr,
                    std::string* buffer = nullptr) {
  std::string local;
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double begin = now();
    auto repaired = whole(text, buffer ? *buffer : local);
    best = std::min(best, now() - begin);
    if (result) *result = std::move(repaired);
  }
  return best;
}

std::size_t size_of(const Stress& stress) {
  return release ? stress.count : stress.count / 16;
}

class Worst : public testing::Test {
 protected:
  void SetUp() override {
    if (vectors_folder().empty()) GTEST_SKIP() << "no shared vectors; set SLUICE_SHARED";
  }
};

TEST_F(Worst, StaysInsideItsLimit) {
  for (const Stress& stress : stress_cases()) {
    SCOPED_TRACE(stress.id);
    const std::string text = stress.text(size_of(stress));
    std::expected<Repaired, Reason> result;
    std::string buffer;
    const double taken = milliseconds(text, &result, &buffer);
    if (release) EXPECT_LE(taken, stress.limit_ms);
    if (stress.expect == "error") EXPECT_FALSE(result);
    if (stress.expect == "value") EXPECT_TRUE(result);
    if (stress.expect == "identical") EXPECT_TRUE(result && result->json == text);
    if (result) EXPECT_TRUE(canonical_strict(result->json));
  }
}

TEST_F(Worst, TakesLinearTime) {
  if (!release) GTEST_SKIP() << "times mean something in a release build only";
  for (const Stress& stress : stress_cases()) {
    const std::size_t unit = stress.unit.size() + stress.suffix_unit.size();
    const std::size_t some = (std::size_t{256} << 10) / unit;
    const double once = milliseconds(stress.text(some)), often = milliseconds(stress.text(8 * some));
    EXPECT_LE(often, 8 * 2 * once + 3) << stress.id;
  }
}

TEST_F(Worst, StreamsInLinearTimeToo) {
  for (const Stress& stress : stress_cases()) {
    const std::string text = stress.text(size_of(stress));
    const double begin = now();
    Stream stream;
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += 64)
      stream.feed(std::string_view(text).substr(at, 64), out);
    const auto result = stream.finish(out);
    const double taken = now() - begin;
    if (release) EXPECT_LE(taken, 4 * stress.limit_ms) << stress.id;
    if (result) EXPECT_TRUE(canonical_strict(out)) << stress.id;
  }
}

TEST(Limits, AreKept) {
  std::string buffer;
  const std::string large(max_bytes + 1, ' ');
  EXPECT_EQ(whole(large, buffer).error(), Reason::too_large);
  EXPECT_TRUE(whole("[" + std::string(max_bytes - 2, ' ') + "]", buffer));
  const auto nested = [](std::size_t depth, std::string_view fault) {
    return std::string(depth, '[') + std::string(fault) + std::string(depth, ']');
  };
  EXPECT_TRUE(whole(nested(512, ""), buffer));
  EXPECT_TRUE(whole(nested(512, "1,"), buffer));
  EXPECT_EQ(whole(nested(513, ""), buffer).error(), Reason::too_deep);
  EXPECT_EQ(whole(nested(513, "1,"), buffer).error(), Reason::too_deep);
}

}  // namespace
}  // namespace sluice::json::repair
