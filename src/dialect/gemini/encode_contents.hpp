#pragma once
// The conversation -> `contents`.

#include "dialect/gemini/encoding.hpp"
#include "dialect/history.hpp"

namespace sluice::dialect::gemini {

/// Writes the member `contents`. Fails if a message holds what Gemini cannot read.
Result<> write_contents(const History& history, Encoding& encoding);

}  // namespace sluice::dialect::gemini
