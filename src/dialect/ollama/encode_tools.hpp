#pragma once
// `tools`.

#include "dialect/ollama/encoding.hpp"

namespace sluice::dialect::ollama {

/// Writes the member, where there are tools. There is no tool choice: who wants none gets none, who names one
/// is offered no other. Fails with unsupported_parameter for tools of other kinds.
Result<> write_tools(Encoding& encoding);

}  // namespace sluice::dialect::ollama
