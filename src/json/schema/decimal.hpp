#pragma once
// Decimal: a JSON number with all its digits, however long and however large its exponent.
//
// JSON Schema compares numbers mathematically: 19.99 is a multiple of 0.01, 1e400 is an integer, and bounds
// of thirty digits differ in their last one. Binary floating point can say none of these.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::json::schema {

/// Zero, or sign * digits * 10^exponent where the last of the digits is not zero.
class Decimal {
 public:
  /// The most significant digits that a divisor may have.
  static constexpr std::size_t most_short_digits = 19;

  constexpr Decimal() = default;
  /// `number` must be a number as JSON writes it.
  explicit Decimal(std::string_view number);

  bool is_zero() const { return mantissa_ == 0 && digits_.empty(); }
  bool is_negative() const { return negative_; }
  bool is_integer() const { return exponent_ >= 0; }
  /// Whether it has at most most_short_digits.
  bool is_short() const { return digits_.empty(); }
  /// `divisor` must be short and not zero.
  bool is_multiple_of(const Decimal& divisor) const;
  /// As a count; the largest one if it is larger. It must be an integer and not negative.
  std::uint64_t saturated() const;
  /// As JSON.
  std::string written() const;
  /// Equal for equal numbers.
  std::uint64_t hash() const;

  std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal& other) const { return (*this <=> other) == 0; }

 private:
  void read_mantissa(std::string_view mantissa);
  void read_long_mantissa(std::string_view mantissa);
  void normalise();
  std::string all_digits() const;
  /// Power of ten just above the number: 0 for 0.5, 3 for 123.
  std::int64_t magnitude() const;
  std::strong_ordering compare_digits(const Decimal& other) const;

  bool negative_ = false;
  std::int64_t exponent_ = 0;
  std::uint64_t mantissa_ = 0;  ///< the digits, where they are short
  std::string digits_;          ///< the digits, where they are not
};

}  // namespace sluice::json::schema
