#pragma once
// Ids that sort by time.

#include <array>
#include <cstdint>
#include <string_view>

namespace sluice {

/// A UUID version 7 (RFC 9562 section 5.7) as text: milliseconds since 1970, then random bits. Unique across
/// threads and processes; sorts by time of creation.
class RequestId {
 public:
  static constexpr std::size_t length = 36;

  /// A new id. Thread-safe: each thread has a generator of its own, seeded by the system.
  static RequestId create(std::uint64_t unix_milliseconds);
  std::string_view text() const { return {text_.data(), length}; }
  /// 64 of its random bits, for what must differ between requests.
  std::uint64_t random_bits() const { return random_bits_; }

 private:
  std::array<char, length> text_{};
  std::uint64_t random_bits_ = 0;
};

}  // namespace sluice
