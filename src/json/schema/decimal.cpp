#include "json/schema/decimal.hpp"

#include "base/hash.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace sluice::json::schema {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr auto powers_of_ten = [] {
  std::array<std::uint64_t, 20> powers{};
  std::uint64_t power = 1;
  for (auto& each : powers) {
    each = power;
    power *= 10;
  }
  return powers;
}();

/// Far beyond every exponent that is compared with digits that are there, far below overflow.
constexpr std::int64_t largest_exponent = 1'000'000'000'000'000;

std::int64_t read_exponent(std::string_view digits) {
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t exponent = 0;
  for (const char c : digits) exponent = std::min(exponent * 10 + (c - '0'), largest_exponent);
  return negative ? -exponent : exponent;
}

std::int64_t count_digits(std::uint64_t mantissa) {
  std::int64_t count = 1;
  while (count < 20 && mantissa >= powers_of_ten[static_cast<std::size_t>(count)]) ++count;
  return count;
}

/// base^exponent mod modulus.
std::uint64_t power_modulo(std::uint64_t base, std::uint64_t exponent, std::uint64_t modulus) {
  Wide result = 1 % modulus, square = base % modulus;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result = result * square % modulus;
    square = square * square % modulus;
  }
  return static_cast<std::uint64_t>(result);
}

}  // namespace

Decimal::Decimal(std::string_view number) {
  negative_ = number.starts_with('-');
  if (negative_) number.remove_prefix(1);
  const std::size_t mark = number.find_first_of("eE");
  if (mark != std::string_view::npos) exponent_ = read_exponent(number.substr(mark + 1));
  read_mantissa(number.substr(0, mark));
  normalise();
}

void Decimal::read_mantissa(std::string_view mantissa) {
  if (mantissa.size() > most_short_digits) return read_long_mantissa(mantissa);
  const char* fraction = nullptr;
  for (const char& c : mantissa) {
    if (c == '.') {
      fraction = &c;
    } else {
      mantissa_ = mantissa_ * 10 + static_cast<std::uint64_t>(c - '0');
    }
  }
  if (fraction) exponent_ -= mantissa.end() - fraction - 1;
}

void Decimal::read_long_mantissa(std::string_view mantissa) {
  std::size_t significant = 0;
  bool fraction = false;
  for (const char c : mantissa) {
    if (c == '.') {
      fraction = true;
      continue;
    }
    if (fraction) --exponent_;
    if (significant == 0 && c == '0') continue;
    if (++significant <= most_short_digits) {
      mantissa_ = mantissa_ * 10 + static_cast<std::uint64_t>(c - '0');
    } else {
      if (digits_.empty()) digits_ = std::to_string(mantissa_);
      digits_.push_back(c);
    }
  }
}

void Decimal::normalise() {
  if (!digits_.empty()) {
    const std::size_t kept = digits_.find_last_not_of('0') + 1;
    exponent_ += static_cast<std::int64_t>(digits_.size() - kept);
    digits_.resize(kept);
    mantissa_ = 0;
    if (kept > most_short_digits) return;
    for (const char c : digits_) mantissa_ = mantissa_ * 10 + static_cast<std::uint64_t>(c - '0');
    digits_.clear();
    return;
  }
  if (mantissa_ == 0) {
    exponent_ = 0;
    negative_ = false;
    return;
  }
  for (; mantissa_ % 10 == 0; ++exponent_) mantissa_ /= 10;
}

std::string Decimal::all_digits() const {
  return digits_.empty() ? std::to_string(mantissa_) : digits_;
}

std::int64_t Decimal::magnitude() const {
  return exponent_ + (digits_.empty() ? count_digits(mantissa_) : static_cast<std::int64_t>(digits_.size()));
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  if (negative_ != other.negative_)
    return negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  if (is_zero() || other.is_zero()) {
    if (is_zero() && other.is_zero()) return std::strong_ordering::equal;
    return is_zero() == negative_ ? std::strong_ordering::greater : std::strong_ordering::less;
  }
  const auto larger = magnitude() <=> other.magnitude();
  const auto order = larger != 0 ? larger : compare_digits(other);
  return negative_ ? 0 <=> order : order;
}

std::strong_ordering Decimal::compare_digits(const Decimal& other) const {
  if (!is_short() || !other.is_short()) return all_digits() <=> other.all_digits();
  Wide mine = mantissa_, theirs = other.mantissa_;
  // Of numbers of one magnitude the one with more digits has the smaller exponent.
  if (exponent_ > other.exponent_)
    mine *= powers_of_ten[static_cast<std::size_t>(exponent_ - other.exponent_)];
  if (other.exponent_ > exponent_)
    theirs *= powers_of_ten[static_cast<std::size_t>(other.exponent_ - exponent_)];
  return mine <=> theirs;
}

bool Decimal::is_multiple_of(const Decimal& divisor) const {
  if (is_zero()) return true;
  // The last digit here is not zero, so no multiple of ten remains to make up for a larger exponent there.
  if (exponent_ < divisor.exponent_) return false;
  const std::uint64_t modulus = divisor.mantissa_;
  std::uint64_t rest = mantissa_ % modulus;
  for (const char c : digits_)
    rest = static_cast<std::uint64_t>((Wide{rest} * 10 + static_cast<unsigned>(c - '0')) % modulus);
  const auto shift = static_cast<std::uint64_t>(exponent_ - divisor.exponent_);
  return Wide{rest} * power_modulo(10, shift, modulus) % modulus == 0;
}

std::uint64_t Decimal::saturated() const {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  if (magnitude() > static_cast<std::int64_t>(most_short_digits)) return most;
  return mantissa_ * powers_of_ten[static_cast<std::size_t>(exponent_)];
}

std::string Decimal::written() const {
  constexpr std::int64_t most_zeros = 12;
  const std::string sign = negative_ ? "-" : "";
  std::string digits = all_digits();
  const auto size = static_cast<std::int64_t>(digits.size());
  if (exponent_ >= 0 && exponent_ <= most_zeros)
    return sign + digits + std::string(static_cast<std::size_t>(exponent_), '0');
  if (exponent_ > 0 || exponent_ < -size - most_zeros) return sign + digits + "e" + std::to_string(exponent_);
  if (-exponent_ >= size)
    return sign + "0." + std::string(static_cast<std::size_t>(-exponent_ - size), '0') + digits;
  return sign + digits.insert(static_cast<std::size_t>(size + exponent_), ".");
}

std::uint64_t Decimal::hash() const {
  const std::uint64_t digits = digits_.empty() ? mantissa_ : fnv1a(digits_);
  return (digits * 0x9e3779b97f4a7c15U) ^ (static_cast<std::uint64_t>(exponent_) << 1) ^
         static_cast<std::uint64_t>(negative_);
}

}  // namespace sluice::json::schema
