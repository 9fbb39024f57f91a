#pragma once
// The conversation: `messages`.

#include "dialect/history.hpp"
#include "dialect/ollama/encoding.hpp"

#include <string_view>

namespace sluice::dialect::ollama {

/// Writes the member. `instruction` (plain text, may be empty) is one more for the system. Fails with
/// unsupported_parameter for content that Ollama or the model does not take.
Result<> write_messages(const History& history, std::string_view instruction, Encoding& encoding);

}  // namespace sluice::dialect::ollama
