#pragma once
// Tools and how to use them -> `tools` and `toolConfig`.

#include "dialect/gemini/encoding.hpp"

namespace sluice::dialect::gemini {

/// Has the names of all tools fit for Gemini, in their order; before anything else uses a name.
void name_tools(Encoding& encoding);

/// Writes the members `tools` and `toolConfig` where there is something to say. Fails if a tool is no
/// function.
Result<> write_tools(Encoding& encoding);

}  // namespace sluice::dialect::gemini
