#pragma once
// The conversation: `system` and `messages`.

#include "dialect/bedrock/encoding.hpp"
#include "dialect/history.hpp"

#include <string_view>

namespace sluice::dialect::bedrock {

/// Writes the `system` member: the leading instructions, then `more` (plain text, may be empty). Models
/// without it get them as the first words of the user.
Result<> write_system(const History& history, std::string_view more, Encoding& encoding);

/// Writes the `messages` member. `more` as in write_system().
Result<> write_messages(const History& history, std::string_view more, Encoding& encoding);

}  // namespace sluice::dialect::bedrock
