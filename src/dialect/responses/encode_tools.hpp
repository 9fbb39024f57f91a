#pragma once
// Tools and the choice among them.

#include "dialect/responses/encoding.hpp"

namespace sluice::dialect::responses {

/// Gives every tool its name, before anything else asks for one.
void name_tools(Encoding& encoding);

/// Writes `tools`, `tool_choice` and `parallel_tool_calls`, where there are tools. Those that the provider
/// runs itself go as the client wrote them.
void write_tools(Encoding& encoding);

}  // namespace sluice::dialect::responses
