#pragma once
// `options`: how the model is run.

#include "dialect/ollama/encoding.hpp"

namespace sluice::dialect::ollama {

/// Writes the member, where there is something to say, and reports what Ollama has no word for. Options of
/// its own that the client gives under `options` are sent too.
void write_options(Encoding& encoding);

}  // namespace sluice::dialect::ollama
