#include "base/text.hpp"
#include "dialect/provider_error.hpp"

#include <charconv>
#include <cmath>
#include <ctime>
#include <string>

namespace sluice::dialect {
namespace {

using std::chrono::milliseconds;

constexpr double longest_wait_ms = 7 * 24 * 3.6e6;  // beyond it, the number is not a wait

/// `text` as a number of units of `unit_ms`.
std::optional<milliseconds> read_number(std::string_view text, double unit_ms) {
  text = trim(text);
  double amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  const double wait = amount * unit_ms;
  if (!(wait >= 0 && wait <= longest_wait_ms)) return std::nullopt;
  return milliseconds(std::llround(std::ceil(wait)));
}

/// RFC 9110 section 5.6.7, the preferred form: `Sun, 06 Nov 1994 08:49:37 GMT`.
std::optional<milliseconds> read_date(std::string_view text, std::int64_t now) {
  const std::string date(trim(text));
  std::tm fields{};
  const char* end = strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &fields);
  if (!end || *end != '\0') return std::nullopt;
  const std::int64_t wait = static_cast<std::int64_t>(timegm(&fields)) - now;
  if (wait < 0) return milliseconds(0);
  if (static_cast<double>(wait) * 1e3 > longest_wait_ms) return std::nullopt;
  return std::chrono::seconds(wait);
}

}  // namespace

std::optional<milliseconds> read_retry_after(const ErrorAnswer& answer) {
  if (const auto wait = read_number(answer.retry_after_ms, 1)) return wait;
  if (const auto wait = read_number(answer.retry_after, 1e3)) return wait;
  return read_date(answer.retry_after, answer.now);
}

}  // namespace sluice::dialect
