#include "simulate/identity.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"

namespace sluice::simulate {
namespace {

constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t nonce_bytes = 8;

std::string bytes_of(std::uint64_t number) {
  std::string out(nonce_bytes, '\0');
  for (char& byte : out) {
    byte = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  return out;
}

std::string seal(std::string_view nonce, std::string_view subject) {
  const Sha256 digest = sha256(std::string("simulated signature\n").append(nonce).append(subject));
  return std::string(nonce).append(reinterpret_cast<const char*>(digest.data()), digest.size());
}

}  // namespace

/// SplitMix64 (Steele, Lea and Flood 2014).
std::uint64_t mix(std::uint64_t seed, std::uint64_t number) {
  std::uint64_t z = seed + (number + 1) * 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

std::string make_id(std::string_view prefix, std::size_t length, std::uint64_t seed, std::uint64_t number) {
  std::string out(prefix);
  std::uint64_t state = mix(seed, number);
  for (std::size_t i = 0; i < length; ++i) {
    out += letters[state % letters.size()];
    state = mix(state, i);
  }
  return out;
}

std::string sign(std::string_view subject, std::uint64_t seed) {
  return encode_base64(seal(bytes_of(mix(seed, subject.size())), subject));
}

bool verify(std::string_view subject, std::string_view signature) {
  const auto bytes = decode_base64(signature);
  if (!bytes || bytes->size() <= nonce_bytes) return false;
  return *bytes == seal(std::string_view(*bytes).substr(0, nonce_bytes), subject);
}

}  // namespace sluice::simulate
