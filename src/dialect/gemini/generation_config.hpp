#pragma once
// Sampling, limits, thinking and the form of the answer -> `generationConfig`.

#include "dialect/gemini/encoding.hpp"

namespace sluice::dialect::gemini {

/// Whether Gemini itself holds the model to the response format; if not, it must be asked in words.
bool holds_response_format(const Encoding& encoding);

/// Writes the member `generationConfig` where there is something to say. Fails if more choices are asked for
/// than there can be.
Result<> write_generation_config(Encoding& encoding);

}  // namespace sluice::dialect::gemini
