#pragma once
// How a log line looks.

#include "observe/log_record.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::observe {

enum class LogFormat : std::uint8_t {
  text,           ///< for people: `time LEVEL message name=value ...`
  coloured_text,  ///< the same on a terminal
  json,           ///< for machines: one object per line
};

/// Appends one line, its end included. Control characters and bytes that are not UTF-8 never get through.
void append_line(std::string& out, LogFormat format, const LogRecord& record);
/// The same for a message that is no record.
void append_line(std::string& out, LogFormat format, std::int64_t unix_microseconds, Level level,
                 std::string_view message);

}  // namespace sluice::observe
