#pragma once
// Message content -> parts.

#include "chat/request.hpp"
#include "dialect/openai/place.hpp"

#include <memory_resource>
#include <vector>

namespace sluice::dialect::openai {

/// Appends what a `content` member holds: a string, an array of parts, or null. Empty texts are left out: no
/// provider takes them and they say nothing.
Result<> decode_content(json::Value content, const Place& at, chat::Request& request,
                        std::pmr::vector<chat::Part>& parts);

}  // namespace sluice::dialect::openai
