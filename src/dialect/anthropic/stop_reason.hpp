#pragma once
// Why a Claude model stopped, in OpenAI's words.

#include "chat/event.hpp"

namespace sluice::dialect::anthropic {

/// `calls`: the answer holds tool calls of the client. Reasons that are not known are `stop`.
chat::FinishReason finish_reason(json::Text stop_reason, bool calls);

}  // namespace sluice::dialect::anthropic
