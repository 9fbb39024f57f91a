#pragma once
// `tools`, `tool_choice` and their deprecated forms.

#include "chat/request.hpp"
#include "dialect/openai/place.hpp"

#include <optional>

namespace sluice::dialect::openai {

/// The members about tools, as they stand in the body; missing where it has none.
struct ToolMembers {
  json::Value tools, tool_choice, functions, function_call;
  std::optional<bool> parallel_tool_calls;
};

/// Fills in the request's tools and everything that depends on them. Without tools (an empty list is none),
/// the choice and the wish for parallel calls mean nothing and are left out.
Result<> decode_tools(const ToolMembers& members, chat::Request& request);

}  // namespace sluice::dialect::openai
