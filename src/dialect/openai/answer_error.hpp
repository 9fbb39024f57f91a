#pragma once
// Errors inside an answer that began with HTTP 200.

#include "base/error.hpp"
#include "dialect/openai/answer_parts.hpp"
#include "json/document.hpp"

#include <optional>
#include <string_view>

namespace sluice::dialect::openai {

/// The error that a body or chunk holds: as a member, in a choice, as a reason to finish, or as all that
/// there is. `event` is the name of the SSE event, or empty. Nothing if it holds none.
std::optional<Error> error_in_answer(std::string_view event, json::Value answer, const AnswerParts& parts);

}  // namespace sluice::dialect::openai
