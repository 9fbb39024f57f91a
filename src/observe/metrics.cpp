#include "observe/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace sluice::observe {
namespace {

using Blocks = std::vector<std::unique_ptr<Counters>>;

std::int64_t total_of(const Blocks& blocks, Metric metric) {
  std::int64_t total = 0;
  for (const auto& block : blocks) total += block->value(metric);
  return total;
}

void append_header(std::string& out, std::string_view name, std::string_view help, std::string_view type) {
  fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

void append_sample(std::string& out, const MetricTraits& row, std::int64_t value) {
  out.append(row.family.name);
  if (!row.label.empty()) out.append("{").append(row.label).append("}");
  fmt::format_to(std::back_inserter(out), " {}\n", value);
}

/// Exact, however large: microseconds are never turned into floating point.
void append_seconds(std::string& out, std::int64_t microseconds) {
  fmt::format_to(std::back_inserter(out), "{}.{:06}", microseconds / 1'000'000, microseconds % 1'000'000);
}

/// A bound as it is written by hand: `0.01`, `2.5`, `10.0`.
std::string bound_text(std::int64_t microseconds) {
  std::string text;
  append_seconds(text, microseconds);
  const auto last = text.find_last_not_of('0');
  text.resize(text[last] == '.' ? last + 2 : last + 1);
  return text;
}

void append_histogram(std::string& out, const HistogramTraits& row, const Blocks& blocks) {
  append_header(out, row.name, row.help, "histogram");
  std::int64_t so_far = 0;
  for (std::size_t bucket = 0; bucket <= row.bounds.size(); ++bucket) {
    for (const auto& block : blocks) so_far += block->bucket(row.histogram, bucket);
    const std::string bound = bucket < row.bounds.size() ? bound_text(row.bounds[bucket]) : "+Inf";
    fmt::format_to(std::back_inserter(out), "{}_bucket{{le=\"{}\"}} {}\n", row.name, bound, so_far);
  }
  std::int64_t sum = 0;
  for (const auto& block : blocks) sum += block->sum(row.histogram);
  fmt::format_to(std::back_inserter(out), "{}_sum ", row.name);
  append_seconds(out, sum);
  fmt::format_to(std::back_inserter(out), "\n{}_count {}\n", row.name, so_far);
}

}  // namespace

void Counters::observe(Histogram histogram, std::chrono::microseconds value) {
  const auto& bounds = histogram_table[static_cast<std::size_t>(histogram)].bounds;
  // Clocks may step back; a sum that shrinks would look like a restart to Prometheus.
  const std::int64_t microseconds = std::max<std::int64_t>(value.count(), 0);
  const auto bucket = std::ranges::lower_bound(bounds, microseconds) - bounds.begin();
  Buckets& own = histograms_[static_cast<std::size_t>(histogram)];
  increase(own.buckets[static_cast<std::size_t>(bucket)], 1);
  increase(own.sum, microseconds);
}

Counters& Metrics::open_counters() {
  const std::scoped_lock lock(mutex_);
  return *blocks_.emplace_back(std::make_unique<Counters>());
}

std::int64_t Metrics::total(Metric metric) const {
  const std::scoped_lock lock(mutex_);
  return total_of(blocks_, metric);
}

std::string Metrics::prometheus_text() const {
  const std::scoped_lock lock(mutex_);
  std::string out;
  out.reserve(8192);
  const MetricFamily* family = nullptr;
  for (const MetricTraits& row : metric_table) {
    const bool gauge = row.family.type == MetricFamily::Type::gauge;
    if (&row.family != family)
      append_header(out, row.family.name, row.family.help, gauge ? "gauge" : "counter");
    family = &row.family;
    append_sample(out, row, total_of(blocks_, row.metric));
  }
  for (const HistogramTraits& row : histogram_table) append_histogram(out, row, blocks_);
  return out;
}

}  // namespace sluice::observe
