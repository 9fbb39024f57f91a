#include "observe/log.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace sluice::observe {
namespace {

constexpr std::size_t bytes_per_write = 64 * 1024;

std::int64_t unix_microseconds_now() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

/// https://no-color.org: any value that is not empty switches colours off.
bool colours_are_welcome() {
  const char* no_color = std::getenv("NO_COLOR");
  return no_color == nullptr || *no_color == '\0';
}

LogFormat choose_format(const LogOptions& options, const LogSink& sink) {
  if (options.json) return LogFormat::json;
  return sink.is_terminal() && colours_are_welcome() ? LogFormat::coloured_text : LogFormat::text;
}

}  // namespace

LogChannel::LogChannel(Level level, std::size_t records, Counters& counters)
    : level_(level), ring_(records), counters_(counters) {}

void LogChannel::write(Level level, Event event, std::string_view request_id,
                       std::initializer_list<std::string_view> texts,
                       std::initializer_list<std::int64_t> numbers) {
  if (!wants(level)) return;
  if (!ring_.try_push(level, event, request_id, std::span(texts.begin(), texts.size()),
                      std::span(numbers.begin(), numbers.size())))
    counters_.add(Metric::log_records_dropped);
}

void LogChannel::write(std::string_view request_id, const FinishedRequest& r) {
  write(r.status >= 500 ? Level::warn : Level::info, Event::request_finished, request_id,
        {r.endpoint, r.error, r.provider, r.key, r.model},
        {r.status, r.upstream_status, r.attempts, r.input_tokens, r.output_tokens, r.total_us, r.overhead_us,
         r.first_token_us, r.bytes_in, r.bytes_out});
}

Log::Log(const LogOptions& options)
    : options_(options),
      sink_(options.descriptor),
      format_(choose_format(options_, sink_)),
      writer_([this] { run(); }) {}

Log::~Log() {
  stop();
  flush();
}

LogChannel& Log::open_channel(Counters& counters) {
  const std::scoped_lock lock(mutex_);
  return *channels_.emplace_back(
      std::make_unique<LogChannel>(options_.level, options_.channel_records, counters));
}

void Log::say(Level level, std::string_view message) {
  if (level < options_.level) return;
  const std::scoped_lock lock(mutex_);
  drain();
  append_line(lines_, format_, unix_microseconds_now(), level, message);
  hand_over();
}

void Log::flush() {
  const std::scoped_lock lock(mutex_);
  drain();
}

void Log::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  stop_requested_.notify_all();
  if (writer_.joinable()) writer_.join();
  flush();
}

void Log::run() {
  std::unique_lock lock(mutex_);
  bool busy = false;
  while (!stopping_) {
    const auto wait = busy ? std::chrono::milliseconds(1) : options_.interval;
    stop_requested_.wait_for(lock, wait, [this] { return stopping_; });
    busy = drain();
  }
}

bool Log::drain() {
  bool busy = false;
  for (const auto& channel : channels_) {
    std::size_t taken = 0;
    // Bounded, so that a thread that logs without end cannot keep the others waiting.
    while (const LogRecord* record = taken < channel->ring_.capacity() ? channel->ring_.front() : nullptr) {
      append_line(lines_, format_, *record);
      channel->ring_.pop();
      ++taken;
      if (lines_.size() >= bytes_per_write) hand_over();
    }
    busy = busy || taken > channel->ring_.capacity() / 4;
  }
  report_losses();
  hand_over();
  return busy;
}

void Log::report_losses() {
  const auto report = [this](std::string_view what, std::uint64_t count) {
    append_line(lines_, format_, unix_microseconds_now(), Level::warn, fmt::format("{} {}", count, what));
  };
  for (const auto& channel : channels_) {
    const std::int64_t dropped = channel->counters_.value(Metric::log_records_dropped);
    const std::int64_t news = dropped - std::exchange(channel->dropped_reported_, dropped);
    if (news > 0)
      report("log records were dropped: a thread logged faster than they can be written",
             static_cast<std::uint64_t>(news));
  }
  if (sink_.failing()) return;  // the report would be lost as well, and counted
  const std::uint64_t lost = sink_.lost_lines() - std::exchange(lost_lines_reported_, sink_.lost_lines());
  if (lost > 0) report("log lines were lost: standard error did not take them", lost);
}

void Log::hand_over() {
  sink_.write(lines_);
  lines_.clear();
}

}  // namespace sluice::observe
