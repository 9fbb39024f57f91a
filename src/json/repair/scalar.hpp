#pragma once
// Values without quotes: numbers and constants in other spellings, calls, and bare text.

#include "json/repair/fixes.hpp"
#include "json/repair/follow.hpp"

#include <string>

namespace sluice::json::repair {

struct Scalar {
  enum class Kind : std::uint8_t {
    number,
    constant,
    text,         ///< of known length
    bare,         ///< text that ends where its place in the structure says
    long_number,  ///< digits farther than one may look
    call,         ///< `name(`; its arguments follow
    nothing,      ///< a sign without digits
  };

  Kind kind = Kind::bare;
  std::size_t length = 0;  ///< of what it is read from, in bytes
  std::string json;        ///< number, constant: as JSON has it
  bool several = false;    ///< call: more than one argument
  bool changed = false;    ///< JSON would not write it so
};

struct ScalarPlace {
  Role role;
  bool leading_zeros_are_numbers;  ///< 007 is 7 and not "007"
};

/// The value at `look`, which begins with neither quote nor bracket.
Scalar scalar_at(Look look, const ScalarPlace& place);

/// Arguments at `look`, behind an opening parenthesis: whether they are more than one. `closed` tells whether
/// the parenthesis is closed and a delimiter follows.
bool several_arguments(Look look, bool& closed);

}  // namespace sluice::json::repair
