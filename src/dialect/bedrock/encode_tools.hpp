#pragma once
// `toolConfig`.

#include "dialect/bedrock/encoding.hpp"
#include "dialect/history.hpp"

#include <string>

namespace sluice::dialect::bedrock {

struct ToolPlan {
  chat::ToolChoice::Kind choice = chat::ToolChoice::Kind::unset;
  bool offered = false;      ///< the client's tools are sent
  bool only_named = false;   ///< of them, the one that the client named
  bool placeholder = false;  ///< one of ours, because the conversation has calls
  std::string instruction;   ///< for the system prompt; empty: none
};

/// Settles what is offered and how the model is made to call it, and reports. `thinks`: the model will think.
ToolPlan plan_tools(const History& history, bool thinks, Encoding& encoding);

/// Writes the member, where there are tools. Fails with unsupported_parameter for tools of other kinds.
Result<> write_tools(const ToolPlan& plan, Encoding& encoding);

}  // namespace sluice::dialect::bedrock
