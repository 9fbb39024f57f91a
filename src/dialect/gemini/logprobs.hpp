#pragma once
// `logprobsResult` -> the `logprobs` member of a choice.

#include "json/document.hpp"

#include <string>

namespace sluice::dialect::gemini {

/// Appends OpenAI's object (platform.openai.com/docs/api-reference/chat/object, `choices[].logprobs`).
void append_logprobs(std::string& out, json::Value logprobs_result);

}  // namespace sluice::dialect::gemini
