#pragma once
// What must hold, and cuts of an input into pieces.

#include "base/hash.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::fuzz {

/// Ends the program, which libFuzzer takes for a finding, unless `rule` holds.
inline void check(bool rule, std::string_view what, std::string_view detail = {}) {
  if (rule) return;
  std::fprintf(stderr, "broken: %.*s\n%.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(detail.size()), detail.data());
  std::abort();
}

/// Numbers that follow from an input alone, so that a finding repeats itself.
class Choices {
 public:
  explicit Choices(std::string_view input) : state_(fnv1a(input)) {}
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

 private:
  std::uint64_t state_;
};

/// Pieces that join to `input`: few long ones, many short ones, or single bytes. Each is a copy of its own,
/// so that a view that is kept for too long is seen.
inline std::vector<std::string> cut(std::string_view input, Choices& choices) {
  const std::size_t longest = std::size_t{1} << choices.below(14);
  std::vector<std::string> pieces;
  while (!input.empty()) {
    const std::size_t size = std::min(input.size(), 1 + choices.below(longest));
    pieces.emplace_back(input.substr(0, size));
    input.remove_prefix(size);
  }
  return pieces;
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace sluice::fuzz
