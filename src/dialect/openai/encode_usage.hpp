#pragma once
// Token counts as clients read them.

#include "chat/usage.hpp"

#include <string>
#include <string_view>

namespace sluice::dialect::openai {

/// Appends the object: OpenAI's names and the hosted service's (`input_tokens`) for the same counts, then
/// what the provider's own object, `native` (JSON, may be empty), has beyond them. On one line.
void append_usage(const chat::Usage& usage, std::string_view native, std::string& out);

}  // namespace sluice::dialect::openai
