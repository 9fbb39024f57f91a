#include "observe/log_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <iterator>

namespace sluice::observe {
namespace {

/// Bytes of the UTF-8 character that `text` begins with (RFC 3629); 0 if it begins with none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xc0) == 0x80; };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return continues(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (!continues(1) || !continues(2)) return 0;
    const bool overlong = lead == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = lead == 0xed && byte(1) >= 0xa0;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    const bool out_of_range = (lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) >= 0x90);
    return out_of_range ? 0 : 4;
  }
  return 0;
}

/// Whether a byte goes into a line as it is, quoted or not.
constexpr bool is_plain(char c) {
  return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/// Appends `text` without what could harm a reader: control characters are escaped, also those of ISO 8859
/// (U+0080 to U+009F), which terminals obey; so are quotes where it stands `quoted`, as JSON has it.
void append_escaped(std::string& out, std::string_view text, bool quoted) {
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    const std::size_t length = character_length(text);
    const auto first = static_cast<unsigned char>(text[0]);
    const auto second = static_cast<unsigned char>(length == 2 ? text[1] : 0);
    if (length == 0) {
      out.append("\xef\xbf\xbd");  // U+FFFD
    } else if (first < 0x20 || first == 0x7f || (first == 0xc2 && second < 0xa0)) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", length == 2 ? second : first);
    } else {
      if (quoted && (first == '"' || first == '\\')) out.push_back('\\');
      out.append(text.substr(0, length));
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

void append_quoted(std::string& out, std::string_view text, bool was_cut) {
  out.push_back('"');
  append_escaped(out, text, true);
  out.append(was_cut ? "…\"" : "\"");
}

void append_number(std::string& out, std::int64_t number) {
  std::array<char, 24> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

/// With leading zeros up to `width`.
void append_padded(std::string& out, std::int64_t number, std::size_t width) {
  out.append(width, '0');
  for (auto digit = out.rbegin(); number > 0 && width > 0; ++digit, --width, number /= 10)
    *digit = static_cast<char>('0' + number % 10);
}

/// ISO 8601, UTC, milliseconds.
void append_time(std::string& out, std::int64_t unix_microseconds) {
  using namespace std::chrono;
  const sys_time<microseconds> time{microseconds(unix_microseconds)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  append_padded(out, static_cast<int>(date.year()), 4);
  const auto append_part = [&out](char before, std::int64_t number, std::size_t width) {
    out.push_back(before);
    append_padded(out, number, width);
  };
  append_part('-', static_cast<unsigned>(date.month()), 2);
  append_part('-', static_cast<unsigned>(date.day()), 2);
  append_part('T', clock.hours().count(), 2);
  append_part(':', clock.minutes().count(), 2);
  append_part(':', clock.seconds().count(), 2);
  append_part('.', duration_cast<milliseconds>(clock.subseconds()).count(), 3);
  out.push_back('Z');
}

struct LevelLook {
  std::string_view word, colour;
};
constexpr std::array<LevelLook, 4> level_looks{
    {{"DEBUG", "\x1b[90m"}, {"INFO ", "\x1b[32m"}, {"WARN ", "\x1b[33m"}, {"ERROR", "\x1b[31m"}}};

void append_text_head(std::string& out, bool coloured, std::int64_t unix_microseconds, Level level) {
  const LevelLook& look = level_looks[static_cast<std::size_t>(level)];
  append_time(out, unix_microseconds);
  out.push_back(' ');
  if (coloured) out.append(look.colour);
  out.append(look.word);
  if (coloured) out.append("\x1b[0m");
  out.push_back(' ');
}

void append_json_head(std::string& out, std::int64_t unix_microseconds, Level level, std::string_view event) {
  out.append("{\"time\":\"");
  append_time(out, unix_microseconds);
  out.append("\",\"level\":\"").append(name(level)).append("\",\"event\":\"").append(event).append("\"");
}

/// Calls `on_text(name, text, was_cut)` and `on_number(name, number)` for what the record knows.
template <class OnText, class OnNumber>
void visit_values(const LogRecord& record, OnText on_text, OnNumber on_number) {
  const EventTraits& event = traits(record.event());
  if (!record.request_id().empty()) on_text("request_id", record.request_id(), false);
  for (std::size_t i = 0; i < record.text_count(); ++i)
    if (!event.texts[i].empty() && !record.text(i).empty())
      on_text(event.texts[i], record.text(i), record.was_cut(i));
  for (std::size_t i = 0; i < record.numbers().size(); ++i)
    if (!event.numbers[i].empty() && record.numbers()[i] != not_known)
      on_number(event.numbers[i], record.numbers()[i]);
}

bool is_plain_word(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_plain(c) && c != ' ' && c != '='; });
}

void append_text_line(std::string& out, bool coloured, const LogRecord& record) {
  append_text_head(out, coloured, record.unix_microseconds(), record.level());
  out.append(traits(record.event()).message);
  visit_values(
      record,
      [&out](std::string_view name, std::string_view text, bool was_cut) {
        out.append(" ").append(name).append("=");
        if (!was_cut && is_plain_word(text))
          out.append(text);
        else
          append_quoted(out, text, was_cut);
      },
      [&out](std::string_view name, std::int64_t number) {
        out.append(" ").append(name).append("=");
        append_number(out, number);
      });
  out.push_back('\n');
}

void append_json_line(std::string& out, const LogRecord& record) {
  append_json_head(out, record.unix_microseconds(), record.level(), traits(record.event()).name);
  visit_values(
      record,
      [&out](std::string_view name, std::string_view text, bool was_cut) {
        out.append(",\"").append(name).append("\":");
        append_quoted(out, text, was_cut);
      },
      [&out](std::string_view name, std::int64_t number) {
        out.append(",\"").append(name).append("\":");
        append_number(out, number);
      });
  out.append("}\n");
}

}  // namespace

void append_line(std::string& out, LogFormat format, const LogRecord& record) {
  if (format == LogFormat::json) return append_json_line(out, record);
  append_text_line(out, format == LogFormat::coloured_text, record);
}

void append_line(std::string& out, LogFormat format, std::int64_t unix_microseconds, Level level,
                 std::string_view message) {
  if (format == LogFormat::json) {
    append_json_head(out, unix_microseconds, level, "message");
    out.append(",\"message\":");
    append_quoted(out, message, false);
    out.append("}\n");
    return;
  }
  append_text_head(out, format == LogFormat::coloured_text, unix_microseconds, level);
  append_escaped(out, message, false);
  out.push_back('\n');
}

}  // namespace sluice::observe
