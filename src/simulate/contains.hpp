#pragma once
// std::ranges::contains (C++23), which the standard library in use does not have yet.

#include <algorithm>
#include <functional>

namespace sluice::simulate {

template <class Range, class Value, class Projection = std::identity>
constexpr bool contains(const Range& range, const Value& value, Projection projection = {}) {
  return std::ranges::find(range, value, projection) != std::ranges::end(range);
}

}  // namespace sluice::simulate
