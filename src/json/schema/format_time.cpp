#include "json/schema/format.hpp"

#include <cctype>

namespace sluice::json::schema {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes exactly two (or four) digits away; -1 if they are not there.
int take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!is_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool is_leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_of(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/// Minutes that the offset at the start of `text` is ahead of UTC; takes it away. Nothing for none.
bool take_offset(std::string_view& text, int& minutes) {
  minutes = 0;
  if (take(text, 'Z') || take(text, 'z')) return true;
  const bool behind = text.starts_with('-');
  if (!take(text, '+') && !take(text, '-')) return false;
  const int hours = take_number(text, 2);
  if (hours < 0 || hours > 23 || !take(text, ':')) return false;
  const int rest = take_number(text, 2);
  if (rest < 0 || rest > 59) return false;
  minutes = (hours * 60 + rest) * (behind ? -1 : 1);
  return true;
}

/// `1D`, `2H` and so on, in the order of `units`; each at most once, those between first and last present.
bool take_units(std::string_view& text, std::string_view units, bool& any) {
  std::size_t next = std::string_view::npos;
  while (!text.empty() && is_digit(text.front())) {
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
    if (text.empty()) return false;
    const std::size_t unit = units.find(text.front());
    if (unit == std::string_view::npos || (any && unit != next)) return false;
    next = unit + 1;
    any = true;
    text.remove_prefix(1);
  }
  return true;
}

}  // namespace

bool is_date(std::string_view text) {
  const int year = take_number(text, 4);
  if (year < 0 || !take(text, '-')) return false;
  const int month = take_number(text, 2);
  if (month < 1 || month > 12 || !take(text, '-')) return false;
  const int day = take_number(text, 2);
  return day >= 1 && day <= days_of(year, month) && text.empty();
}

bool is_time(std::string_view text) {
  const int hour = take_number(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ':')) return false;
  const int minute = take_number(text, 2);
  if (minute < 0 || minute > 59 || !take(text, ':')) return false;
  const int second = take_number(text, 2);
  if (second < 0 || second > 60) return false;
  if (take(text, '.')) {
    if (text.empty() || !is_digit(text.front())) return false;
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  }
  int ahead = 0;
  if (!take_offset(text, ahead) || !text.empty()) return false;
  constexpr int day = 24 * 60;
  const int minute_of_day = ((hour * 60 + minute - ahead) % day + day) % day;
  return second < 60 || minute_of_day == day - 1;  // a leap second is the last one of a day in UTC
}

bool is_date_time(std::string_view text) {
  constexpr std::size_t date_size = 10;
  if (text.size() <= date_size || (text[date_size] != 'T' && text[date_size] != 't')) return false;
  return is_date(text.substr(0, date_size)) && is_time(text.substr(date_size + 1));
}

bool is_duration(std::string_view text) {
  if (!take(text, 'P') || text.empty()) return false;
  bool any = false;
  if (text.back() == 'W') {
    return take_units(text, "W", any) && any && text.empty();
  }
  if (!take_units(text, "YMD", any)) return false;
  if (!take(text, 'T')) return any && text.empty();
  any = false;
  return take_units(text, "HMS", any) && any && text.empty();
}

}  // namespace sluice::json::schema
