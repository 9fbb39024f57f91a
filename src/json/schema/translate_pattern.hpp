#pragma once
// From the regular expressions of ECMA-262 to those of RE2.

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::json::schema {

struct TranslatedPattern {
  std::string expression;   ///< in RE2's syntax; may still be refused by it
  bool wanted = true;       ///< whether a text must match it, or must not
  std::uint32_t least = 0;  ///< characters that a text must have beside that
  std::uint32_t most = UINT32_MAX;
};

/// `source` matches a text exactly where all of the results hold. Fails with invalid_request where it is no
/// expression, and with unsupported_schema where RE2 has nothing for what it says.
Result<std::vector<TranslatedPattern>> translate_pattern(std::string_view source);

}  // namespace sluice::json::schema
