#pragma once
// What hosts say about a failure beside its message.

#include "base/error.hpp"
#include "json/document.hpp"

namespace sluice::dialect::openai {

/// Adds what `body`, or the `error` in it, tells a client beyond the message: the text that failed to be a
/// tool call (Groq), what a content filter found (Azure), the sizes that did not fit (llama.cpp), the host
/// behind the host (OpenRouter).
Error with_error_facts(Error error, json::Value body);

}  // namespace sluice::dialect::openai
