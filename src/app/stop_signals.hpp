#pragma once
// SIGINT and SIGTERM as something to wait for.

#include <chrono>

namespace sluice::app {

/// Blocks both for the whole process, so make it before any thread. Also ignores SIGPIPE: writing to a
/// connection that is gone is an error like others.
class StopSignals {
 public:
  StopSignals();
  /// Returns when one has come.
  void wait();
  /// Whether one comes within that time.
  bool came_within(std::chrono::milliseconds time);
};

}  // namespace sluice::app
