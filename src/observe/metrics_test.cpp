#include "observe/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

namespace sluice::observe {
namespace {

using std::chrono::microseconds;
using testing::HasSubstr;

TEST(Metrics, AddsUpTheBlocksOfAllThreads) {
  Metrics metrics;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&metrics] {
        Counters& counters = metrics.open_counters();
        for (int n = 0; n < 50'000; ++n) {
          counters.add(Metric::requests_ok);
          counters.add(Metric::tokens_output, 7);
          counters.add(Metric::requests_in_flight, n % 2 == 0 ? 1 : -1);
          counters.observe(Histogram::gateway_overhead, microseconds(n % 300));
        }
        counters.add(Metric::requests_in_flight);
      });
    for (int n = 0; n < 20; ++n) EXPECT_THAT(metrics.prometheus_text(), HasSubstr("sluice_requests_total"));
  }
  EXPECT_EQ(metrics.total(Metric::requests_ok), 150'000);
  EXPECT_EQ(metrics.total(Metric::tokens_output), 1'050'000);
  EXPECT_EQ(metrics.total(Metric::requests_in_flight), 3);
  EXPECT_THAT(metrics.prometheus_text(), HasSubstr("sluice_gateway_overhead_seconds_count 150000\n"));
}

TEST(Metrics, BucketsAreCumulativeAndTheirBoundsInclusive) {
  Metrics metrics;
  Counters& counters = metrics.open_counters();
  for (int value : {-5, 25, 26, 50, 204'800, 204'801, 9'000'000})
    counters.observe(Histogram::gateway_overhead, microseconds(value));
  const std::string text = metrics.prometheus_text();
  EXPECT_THAT(text, HasSubstr("# TYPE sluice_gateway_overhead_seconds histogram\n"
                              "sluice_gateway_overhead_seconds_bucket{le=\"0.000025\"} 2\n"
                              "sluice_gateway_overhead_seconds_bucket{le=\"0.00005\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("sluice_gateway_overhead_seconds_bucket{le=\"0.2048\"} 5\n"
                              "sluice_gateway_overhead_seconds_bucket{le=\"+Inf\"} 7\n"
                              "sluice_gateway_overhead_seconds_sum 9.409702\n"
                              "sluice_gateway_overhead_seconds_count 7\n"));
  EXPECT_THAT(text, HasSubstr("sluice_request_duration_seconds_bucket{le=\"0.01\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("sluice_time_to_first_token_seconds_bucket{le=\"10.0\"} 0\n"));
}

/// Every line of the exposition format 0.0.4: each family is described once, before its samples, and its
/// samples stand together; no series occurs twice.
TEST(Metrics, TextIsTheExpositionFormat) {
  Metrics metrics;
  metrics.open_counters().add(Metric::upstream_timeout, 3);
  metrics.open_counters().set(Metric::store_rows_pending, 12);
  const std::regex sample(
      R"(([a-z_]+?)(_bucket|_sum|_count)?(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[0-9.]+)");
  std::map<std::string, std::string> types;
  std::set<std::string> series;
  std::string family;
  std::istringstream lines(metrics.prometheus_text());
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, std::regex("# HELP ([a-z_]+) .+[.]"))) {
      family = match[1];
      EXPECT_FALSE(types.contains(family)) << line;
    } else if (std::regex_match(line, match, std::regex("# TYPE ([a-z_]+) (counter|gauge|histogram)"))) {
      EXPECT_EQ(match[1], family);
      types[family] = match[2];
    } else {
      ASSERT_TRUE(std::regex_match(line, match, sample)) << line;
      EXPECT_EQ(types.at(family) == "histogram" ? match[1].str() : match[1].str() + match[2].str(), family)
          << line;
      EXPECT_EQ(types.at(family) == "counter", family.ends_with("_total")) << line;
      EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << line;
    }
  }
  EXPECT_TRUE(series.contains(R"(sluice_bytes_total{side="client",direction="in"})"));
  EXPECT_THAT(metrics.prometheus_text(), HasSubstr("sluice_upstream_errors_total{kind=\"timeout\"} 3\n"));
  EXPECT_THAT(metrics.prometheus_text(), HasSubstr("sluice_store_rows_pending 12\n"));
}

TEST(Metrics, EveryErrorAndStatusHasItsSeries) {
  EXPECT_EQ(upstream_error_of(ErrorCode::upstream_rate_limited), Metric::upstream_rate_limited);
  EXPECT_EQ(upstream_error_of(ErrorCode::upstream_truncated), Metric::upstream_truncated);
  EXPECT_EQ(upstream_error_of(ErrorCode::internal), Metric::upstream_error);
  EXPECT_EQ(responses_of(200), Metric::responses_2xx);
  EXPECT_EQ(responses_of(304), Metric::responses_3xx);
  EXPECT_EQ(responses_of(499), Metric::responses_4xx);
  EXPECT_EQ(responses_of(503), Metric::responses_5xx);
}

}  // namespace
}  // namespace sluice::observe
