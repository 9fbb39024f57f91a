#pragma once
// LogRecord: one log line before it is formatted, of fixed size, so that making one allocates nothing.

#include "observe/log_event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::observe {

class LogRecord {
 public:
  /// Copies what it is given. Texts that do not fit are cut between UTF-8 characters; was_cut() tells. Values
  /// beyond the event's named ones are left out.
  LogRecord(Level level, Event event, std::string_view request_id, std::span<const std::string_view> texts,
            std::span<const std::int64_t> numbers);

  /// When it was made, in microseconds since 1970.
  std::int64_t unix_microseconds() const { return unix_microseconds_; }
  Level level() const { return level_; }
  Event event() const { return event_; }
  /// Empty if the event belongs to no request.
  std::string_view request_id() const { return {id_.data(), id_length_}; }
  std::size_t text_count() const { return text_count_; }
  std::string_view text(std::size_t index) const;
  bool was_cut(std::size_t index) const { return (cut_ >> index & 1) != 0; }
  std::span<const std::int64_t> numbers() const { return {numbers_.data(), number_count_}; }

 private:
  void append_text(std::string_view text);

  static constexpr std::size_t id_bytes = 36;
  static constexpr std::size_t text_bytes = 184;  // makes the record five cache lines

  std::int64_t unix_microseconds_;
  Level level_;
  Event event_;
  std::uint8_t text_count_ = 0;
  std::uint8_t number_count_ = 0;
  std::uint8_t cut_ = 0;  ///< bit i: text i was cut
  std::uint8_t id_length_;
  // Only the part in use is ever written or read.
  std::array<std::uint8_t, max_log_texts> text_ends_;
  std::array<char, id_bytes> id_;
  std::array<std::int64_t, max_log_numbers> numbers_;
  std::array<char, text_bytes> texts_;
};

}  // namespace sluice::observe
