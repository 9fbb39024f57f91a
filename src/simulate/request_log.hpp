#pragma once
// RequestLog: the last requests, so that a test can see what a gateway sent.

#include "simulate/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace sluice::simulate {

class RequestLog {
 public:
  explicit RequestLog(std::size_t most) : most_(most) {}

  void add(const Received& request, std::uint64_t unix_milliseconds);
  /// A JSON array of the last `count`, oldest first.
  std::string last(std::size_t count) const;

 private:
  std::size_t most_;
  std::deque<std::string> entries_;  ///< JSON objects
};

}  // namespace sluice::simulate
