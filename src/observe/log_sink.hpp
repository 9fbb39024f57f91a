#pragma once
// LogSink: where finished log lines go.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice::observe {

/// Writes to a descriptor that it does not own. One thread at a time. The process must ignore SIGPIPE.
class LogSink {
 public:
  explicit LogSink(int descriptor) : descriptor_(descriptor) {}

  /// Writes complete lines. A reader that stalls is waited for a second, but not again until it reads; what
  /// cannot be written is lost, and lost_lines() counts it.
  void write(std::string_view lines);
  std::uint64_t lost_lines() const { return lost_lines_; }
  /// Whether the last write failed.
  bool failing() const { return failing_; }
  bool is_terminal() const;

 private:
  std::size_t write_some(std::string_view bytes);
  bool wait_until_writable();

  int descriptor_;
  std::uint64_t lost_lines_ = 0;
  bool failing_ = false;
  bool within_line_ = false;  ///< the last line got out in part
};

}  // namespace sluice::observe
