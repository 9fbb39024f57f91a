#pragma once
// What can be logged on the request path: one row per event, naming its values.
//
// A record carries only the values; their names stand here. To add an event: one enumerator and one row.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace sluice::observe {

enum class Level : std::uint8_t { debug, info, warn, error };

inline constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warn", "error"};

constexpr std::string_view name(Level level) {
  return level_names[static_cast<std::size_t>(level)];
}

constexpr std::optional<Level> level_named(std::string_view name) {
  for (std::size_t i = 0; i < level_names.size(); ++i)
    if (level_names[i] == name) return static_cast<Level>(i);
  return std::nullopt;
}

enum class Event : std::uint8_t {
  request_finished,
  upstream_attempt_failed,
  upstream_connection_failed,
  client_connection_failed,
  accept_failed,
  request_row_refused,
  internal_error,  // keep last
};

inline constexpr std::size_t max_log_texts = 5;
inline constexpr std::size_t max_log_numbers = 10;
/// A number that is not known; it is left out of the line.
inline constexpr std::int64_t not_known = std::numeric_limits<std::int64_t>::min();

struct EventTraits {
  Event event;
  std::string_view name;     ///< `event` of JSON lines
  std::string_view message;  ///< in text lines
  /// What the record's values are, in their order. Texts that strangers choose come last, so that a long one
  /// cannot push others out.
  std::array<std::string_view, max_log_texts> texts;
  std::array<std::string_view, max_log_numbers> numbers;
};

inline constexpr std::array event_table{
    EventTraits{Event::request_finished,
                "request_finished",
                "request finished",
                {"endpoint", "error", "provider", "key", "model"},
                {"status", "upstream_status", "attempts", "input_tokens", "output_tokens", "total_us",
                 "overhead_us", "first_token_us", "bytes_in", "bytes_out"}},
    EventTraits{Event::upstream_attempt_failed,
                "upstream_attempt_failed",
                "attempt at a provider failed",
                {"provider", "error", "model", "reason"},
                {"attempt", "upstream_status", "duration_us"}},
    EventTraits{Event::upstream_connection_failed,
                "upstream_connection_failed",
                "connection to a provider failed",
                {"host", "reason"},
                {"duration_us"}},
    EventTraits{Event::client_connection_failed,
                "client_connection_failed",
                "connection of a client failed",
                {"client", "reason"},
                {"status"}},
    EventTraits{
        Event::accept_failed, "accept_failed", "cannot accept connections", {"listener", "reason"}, {}},
    EventTraits{Event::request_row_refused,
                "request_row_refused",
                "the request's row was not stored: the queue to the store is full",
                {},
                {}},
    EventTraits{
        Event::internal_error, "internal_error", "a bug: an exception was caught", {"where", "what"}, {}},
};

consteval bool every_event_has_its_row() {
  for (std::size_t row = 0; row < event_table.size(); ++row)
    if (event_table[row].event != static_cast<Event>(row)) return false;
  return event_table.back().event == Event::internal_error;
}
static_assert(every_event_has_its_row(), "event_table must follow Event");

constexpr const EventTraits& traits(Event event) {
  return event_table[static_cast<std::size_t>(event)];
}

}  // namespace sluice::observe
