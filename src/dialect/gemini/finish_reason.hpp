#pragma once
// `finishReason` and `blockReason`: Gemini's words for why an answer ended or never began.
// Rules: ai.google.dev/api/generate-content#FinishReason, #BlockReason.

#include "json/document.hpp"

#include <cstdint>
#include <string_view>

namespace sluice::dialect::gemini {

/// What a finish reason comes to.
enum class Outcome : std::uint8_t {
  stop,
  length,
  filtered,
  call_lost,  ///< the model tried to call a tool and failed: an error unless another call got through
  other,      ///< an error unless something was said
};

struct FinishReason {
  json::Text name;  ///< Gemini's word, also where a number was sent; views the value or a table
  Outcome outcome = Outcome::stop;
};

/// Reads a name, or the number that stands for it in answers with `enum-encoding=int`. Words that are not
/// known come to Outcome::other. The value must be a string or a number.
FinishReason read_finish_reason(json::Value value);

/// The word of a `blockReason`, be it a name or a number; empty if there is none.
json::Text read_block_reason(json::Value value);

}  // namespace sluice::dialect::gemini
