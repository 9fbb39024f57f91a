#include "base/id.hpp"

#include <stdexcept>
#include <sys/random.h>

namespace sluice {
namespace {

/// xoshiro256**: ids must be unique, not secret; nothing is authorised by knowing one.
struct Generator {
  std::array<std::uint64_t, 4> state;

  Generator() {
    if (getrandom(state.data(), sizeof state, 0) != static_cast<ssize_t>(sizeof state))
      throw std::runtime_error("the system gives no random bytes");
  }

  std::uint64_t next() {
    auto rotate = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
    const std::uint64_t result = rotate(state[1] * 5, 7) * 9;
    const std::uint64_t t = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= t;
    state[3] = rotate(state[3], 45);
    return result;
  }
};

}  // namespace

RequestId RequestId::create(std::uint64_t unix_milliseconds) {
  thread_local Generator generator;
  RequestId id;
  id.random_bits_ = generator.next();
  const std::uint64_t high = (unix_milliseconds << 16) | 0x7000 | (generator.next() & 0x0fff);
  const std::uint64_t low = (id.random_bits_ & 0x3fffffffffffffffU) | 0x8000000000000000U;
  constexpr std::string_view digits = "0123456789abcdef";
  std::size_t at = 0;
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) id.text_[at++] = '-';
    const std::uint64_t word = nibble < 16 ? high : low;
    id.text_[at++] = digits[(word >> (60 - 4 * (nibble % 16))) & 15];
  }
  return id;
}

}  // namespace sluice
