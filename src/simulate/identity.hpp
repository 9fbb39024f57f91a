#pragma once
// Ids and signatures that follow from a request, so that the same request gets the same answer.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::simulate {

/// Letters and digits of a hash: `length` of them behind `prefix`. Different for each `number` of one seed.
std::string make_id(std::string_view prefix, std::size_t length, std::uint64_t seed, std::uint64_t number);

/// A well-mixed number for each `number` of one seed.
std::uint64_t mix(std::uint64_t seed, std::uint64_t number);

/// Opaque text that vouches for `subject` (a thought, the name of a called tool): base64, as providers write
/// it. It holds all that is needed to verify it, so the simulator remembers nothing.
std::string sign(std::string_view subject, std::uint64_t seed);
/// Whether `signature` came from sign() with this subject, byte for byte.
bool verify(std::string_view subject, std::string_view signature);

}  // namespace sluice::simulate
