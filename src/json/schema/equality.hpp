#pragma once
// When two JSON values are the same to JSON Schema: numbers by their value, strings by their characters,
// objects without regard to the order of members.

#include "json/document.hpp"
#include "json/schema/budget.hpp"

#include <cstdint>

namespace sluice::json::schema {

/// False also where the budget ends.
bool equal(Value a, Value b, Budget& budget);

/// Equal for equal values.
std::uint64_t hash(Value value, Budget& budget);

/// Two equal elements of an array, by their indices.
struct Twins {
  std::size_t first, second;
};
/// The first element that repeats an earlier one; nothing if all differ or the budget ends.
std::optional<Twins> find_twins(Value array, Budget& budget);

}  // namespace sluice::json::schema
