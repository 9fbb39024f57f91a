#include "observe/log_sink.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

namespace sluice::observe {
namespace {

constexpr std::chrono::milliseconds longest_stall{1000};

}  // namespace

void LogSink::write(std::string_view lines) {
  if (lines.empty()) return;
  if (within_line_ && write_some("\n") == 1) within_line_ = false;
  const std::size_t written = within_line_ ? 0 : write_some(lines);
  failing_ = written < lines.size();
  if (!failing_) return;
  lost_lines_ += static_cast<std::uint64_t>(std::ranges::count(lines.substr(written), '\n'));
  if (written > 0) within_line_ = lines[written - 1] != '\n';
}

bool LogSink::is_terminal() const {
  return ::isatty(descriptor_) == 1;
}

/// Returns how many bytes were written: fewer than asked for if the reader stalls or is gone.
std::size_t LogSink::write_some(std::string_view bytes) {
  std::size_t written = 0;
  while (written < bytes.size() && wait_until_writable()) {
    const std::string_view piece = bytes.substr(written, PIPE_BUF);
    const ssize_t count = ::write(descriptor_, piece.data(), piece.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) break;
    written += static_cast<std::size_t>(count);
    failing_ = false;
  }
  return written;
}

/// Whether a write of up to PIPE_BUF bytes will not block (POSIX on pipes).
bool LogSink::wait_until_writable() {
  pollfd entry{.fd = descriptor_, .events = POLLOUT, .revents = 0};
  const auto patience = failing_ ? std::chrono::milliseconds(0) : longest_stall;
  return ::poll(&entry, 1, static_cast<int>(patience.count())) == 1 && (entry.revents & POLLOUT) != 0;
}

}  // namespace sluice::observe
