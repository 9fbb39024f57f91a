#pragma once
// What the model thought in earlier turns, as clients send it back.

#include "chat/request.hpp"
#include "dialect/openai/place.hpp"

#include <memory_resource>
#include <vector>

namespace sluice::dialect::openai {

/// Appends the reasoning of an assistant message: `reasoning_details` (OpenRouter's form, and ours), else
/// `thinking_blocks` (LiteLLM's), else the plain text of `reasoning_content`, `reasoning` or `thinking`.
/// Fragments of one block, as a stream delivers them, are joined.
Result<> decode_reasoning(json::Value message, const Place& at, chat::Request& request,
                          std::pmr::vector<chat::Part>& parts);

}  // namespace sluice::dialect::openai
