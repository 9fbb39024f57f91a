#pragma once
// Logging that costs a request no lock, no allocation and no formatting.
//
// Every worker thread owns a LogChannel and puts fixed-size records into it; one writer thread formats them
// and writes to standard error. What does not fit is dropped and counted, and the count is logged.

#include "observe/log_format.hpp"
#include "observe/log_record.hpp"
#include "observe/log_sink.hpp"
#include "observe/metrics.hpp"
#include "observe/spsc_ring.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sluice::observe {

struct LogOptions {
  Level level = Level::info;
  bool json = false;
  int descriptor = 2;                      ///< not owned; colours are used if it is a terminal
  std::size_t channel_records = 4096;      ///< capacity of each channel
  std::chrono::milliseconds interval{50};  ///< how long a record may lie before it is written
};

/// A finished request, for the access log. Texts are copied.
struct FinishedRequest {
  std::string_view endpoint;  ///< method and path as configured: `POST /v1/chat/completions`
  std::string_view error;     ///< `error.code`; empty for success
  std::string_view provider, key, model;
  int status = 0;
  std::int64_t upstream_status = not_known;
  std::int64_t attempts = not_known;
  std::int64_t input_tokens = not_known, output_tokens = not_known;
  std::int64_t total_us = not_known, overhead_us = not_known, first_token_us = not_known;
  std::int64_t bytes_in = not_known, bytes_out = not_known;
};

/// One thread's way to the log. Only that thread may call it.
class LogChannel {
 public:
  LogChannel(Level level, std::size_t records, Counters& counters);

  bool wants(Level level) const { return level >= level_; }
  /// Values in the order of the event's row in event_table. `request_id` may be empty.
  void write(Level level, Event event, std::string_view request_id,
             std::initializer_list<std::string_view> texts = {},
             std::initializer_list<std::int64_t> numbers = {});
  /// The access log. The gateway's own faults (5xx) are warnings.
  void write(std::string_view request_id, const FinishedRequest& request);

 private:
  friend class Log;

  const Level level_;
  SpscRing<LogRecord> ring_;
  Counters& counters_;
  std::int64_t dropped_reported_ = 0;  ///< the writer's
};

/// The writer. Made first and destroyed last, when no thread uses its channels any more.
class Log {
 public:
  explicit Log(const LogOptions& options);
  ~Log();

  /// A channel for one thread. It lives as long as the log. `counters` is that thread's block.
  LogChannel& open_channel(Counters& counters);

  /// Writes a line at once, after the records that are already there. Locks, formats and may wait for the
  /// reader of standard error: for start and end, and for what happens once a minute. Thread-safe.
  void say(Level level, std::string_view message);
  /// Writes all records that are already there. Thread-safe.
  void flush();
  /// Writes what is there and ends the writer thread; say() and flush() still work. May be called twice.
  void stop();

 private:
  void run();
  /// The writer's work; `mutex_` is held. True if a channel was so full that the next turn should not wait.
  bool drain();
  void report_losses();
  void hand_over();

  const LogOptions options_;
  LogSink sink_;
  const LogFormat format_;
  std::mutex mutex_;  ///< everything below, the sink, and the reading side of all channels
  std::condition_variable stop_requested_;
  bool stopping_ = false;
  std::vector<std::unique_ptr<LogChannel>> channels_;
  std::string lines_;  ///< formatted, not yet written
  std::uint64_t lost_lines_reported_ = 0;
  std::jthread writer_;  ///< last: it uses all of the above
};

}  // namespace sluice::observe
