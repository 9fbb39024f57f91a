#pragma once
// The conversation as a list of items.

#include "dialect/responses/encoding.hpp"

namespace sluice::dialect::responses {

/// Writes `input`. `instruction`, if not empty, becomes a system message before the others.
Result<> write_input(const History& history, std::string_view instruction, Encoding& encoding);

}  // namespace sluice::dialect::responses
