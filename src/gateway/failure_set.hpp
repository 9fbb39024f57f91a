#pragma once
// FailureSet: failures at which something else is to be tried.

#include "base/error.hpp"

#include <bitset>

namespace sluice::gateway {

class FailureSet {
 public:
  /// Those that another target may not share.
  static FailureSet usual() {
    FailureSet set;
    for (const ErrorTraits& row : error_table)
      if (row.retry_elsewhere) set.add(row.code);
    return set;
  }
  void add(ErrorCode code) { codes_.set(static_cast<std::size_t>(code)); }
  bool contains(ErrorCode code) const { return codes_.test(static_cast<std::size_t>(code)); }
  bool empty() const { return codes_.none(); }

 private:
  std::bitset<error_table.size()> codes_;
};

}  // namespace sluice::gateway
