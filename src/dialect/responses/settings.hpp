#pragma once
// How the model is to answer: its limits, sampling, and the form of its text.

#include "dialect/responses/encoding.hpp"

#include <string>

namespace sluice::dialect::responses {

/// Writes what the model takes and reports the rest.
void write_limits(Encoding& encoding);
/// Writes `text`: format and verbosity. `instruction` becomes what must be asked for in words, where the
/// model cannot be held to the format.
void write_text_settings(Encoding& encoding, std::string& instruction);

}  // namespace sluice::dialect::responses
