#pragma once
// The reasons why a document does not fit, as text for whoever can write a better one.

#include "json/schema/schema.hpp"

#include <cstddef>
#include <string>

namespace sluice::json::schema {

struct ExplainLimits {
  std::size_t max_lines = 12;
  std::size_t max_bytes = 4'000;
};

/// One line for each violation, `- at /items/0/price: must be at least 0`, and a last one where some were
/// left out. Empty for a valid outcome. Names that the document brings are escaped, so that none makes a line
/// of its own.
std::string explain(const Outcome& outcome, const ExplainLimits& limits = {});

}  // namespace sluice::json::schema
