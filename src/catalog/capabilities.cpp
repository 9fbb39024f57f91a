#include "catalog/capabilities.hpp"

#include <algorithm>

namespace sluice::catalog {

bool Capabilities::accepts_effort(std::string_view effort) const {
  return std::ranges::find(efforts, effort) != efforts.end();
}

}  // namespace sluice::catalog
