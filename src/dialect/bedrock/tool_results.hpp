#pragma once
// What tools answered.

#include "dialect/bedrock/encoding.hpp"
#include "dialect/history.hpp"

#include <string_view>

namespace sluice::dialect::bedrock {

/// Writes the toolResult block of a call that was sent under `id`, and a cache point behind it where the
/// client marked it. Fails with unsupported_parameter for content that the model does not take.
Result<> write_tool_result(std::string_view id, const AnsweredCall& call, Encoding& encoding);

}  // namespace sluice::dialect::bedrock
