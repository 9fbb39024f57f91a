#include "dialect/repeated_change.hpp"

#include <fmt/format.h>

namespace sluice::dialect {

void RepeatedChange::report(chat::Changes& changes) const {
  if (count_ == 0) return;
  const std::string elsewhere = count_ == 1 ? "" : fmt::format(" (here and at {} more places)", count_ - 1);
  changes.add(kind_, first_, std::string(reason_) + elsewhere);
}

}  // namespace sluice::dialect
