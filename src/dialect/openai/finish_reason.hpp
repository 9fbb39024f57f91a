#pragma once
// What the word in `finish_reason` means.

#include "chat/event.hpp"
#include "json/text.hpp"

#include <string_view>

namespace sluice::dialect::openai {

struct FinishMeaning {
  chat::FinishReason reason = chat::FinishReason::stop;
  bool failed = false;  ///< the host gave up: there is no answer to be finished
};

/// Words that no host is known to use mean stop.
FinishMeaning finish_meaning(json::Text native);
/// Whether `word` is one that OpenAI publishes for chat completions.
bool is_published_finish(std::string_view word);

}  // namespace sluice::dialect::openai
