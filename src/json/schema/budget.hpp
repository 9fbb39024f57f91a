#pragma once
// Budget: how much work a check of one document may still do.

#include <cstdint>

namespace sluice::json::schema {

/// Counts steps of roughly equal cost. Once too many were wanted it stays exhausted.
class Budget {
 public:
  explicit Budget(std::uint64_t steps) : left_(steps) {}

  /// Whether there were that many left.
  bool spend(std::uint64_t steps) {
    if (steps > left_) [[unlikely]] {
      exhaust();
      return false;
    }
    left_ -= steps;
    return true;
  }
  /// Nothing more may be done.
  void exhaust() {
    left_ = 0;
    exhausted_ = true;
  }
  bool exhausted() const { return exhausted_; }

 private:
  std::uint64_t left_;
  bool exhausted_ = false;
};

}  // namespace sluice::json::schema
