#pragma once
// Why a model stopped, in OpenAI's words.

#include "chat/event.hpp"

#include <optional>

namespace sluice::dialect::bedrock {

/// `calls`: the answer holds tool calls of the client. Reasons that are not known are `stop`; nothing where
/// the model failed.
std::optional<chat::FinishReason> finish_reason(json::Text stop_reason, bool calls);

}  // namespace sluice::dialect::bedrock
