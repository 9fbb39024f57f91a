#pragma once
// Counting, and how operators read it.
//
// Every thread counts into a block of its own with plain stores; a scrape adds the blocks up. What there is
// to count stands in metric_table.hpp.

#include "observe/metric_table.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::observe {

/// What one thread counts. Only that thread writes; any thread may read.
class alignas(64) Counters {
 public:
  /// A gauge goes down by a negative `amount`.
  void add(Metric metric, std::int64_t amount = 1) {
    increase(values_[static_cast<std::size_t>(metric)], amount);
  }
  void set(Metric gauge, std::int64_t value) {
    values_[static_cast<std::size_t>(gauge)].store(value, std::memory_order_relaxed);
  }
  void observe(Histogram histogram, std::chrono::microseconds value);

  std::int64_t value(Metric metric) const {
    return values_[static_cast<std::size_t>(metric)].load(std::memory_order_relaxed);
  }
  /// How many values fell into bucket `index`: above bound `index - 1`, up to bound `index`.
  std::int64_t bucket(Histogram histogram, std::size_t index) const {
    return histograms_[static_cast<std::size_t>(histogram)].buckets[index].load(std::memory_order_relaxed);
  }
  /// All values together, in microseconds.
  std::int64_t sum(Histogram histogram) const {
    return histograms_[static_cast<std::size_t>(histogram)].sum.load(std::memory_order_relaxed);
  }

 private:
  using Cell = std::atomic<std::int64_t>;
  /// Not an atomic addition: there is one writer, and a locked instruction costs twenty times as much.
  static void increase(Cell& cell, std::int64_t amount) {
    cell.store(cell.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }

  struct Buckets {
    std::array<Cell, max_bounds + 1> buckets{};
    Cell sum{0};
  };
  std::array<Cell, metric_table.size()> values_{};
  std::array<Buckets, histogram_table.size()> histograms_{};
};

/// All threads' blocks. Thread-safe.
class Metrics {
 public:
  /// A block for the calling thread's use; it lives as long as this object.
  Counters& open_counters();
  std::int64_t total(Metric metric) const;
  /// The Prometheus text exposition format, version 0.0.4.
  std::string prometheus_text() const;

 private:
  mutable std::mutex mutex_;  ///< of the list, not of the counting
  std::vector<std::unique_ptr<Counters>> blocks_;
};

/// Content-Type of prometheus_text().
inline constexpr std::string_view prometheus_content_type = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace sluice::observe
