#pragma once
// From the regular expressions of ECMA-262 to those of RE2.

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::json::schema {

struct TranslatedPattern {
  std::string expression;  ///< in RE2's syntax; may still be refused by it
  bool wanted;             ///< whether a text must match it, or must not
};

/// `source` matches a text exactly where all of the results hold. Fails with invalid_request where it is no
/// expression, and with unsupported_schema where RE2 has nothing for what it says.
Result<std::vector<TranslatedPattern>> translate_pattern(std::string_view source);

}  // namespace sluice::json::schema
