#pragma once
// What the model said and called -> parts of a `model` entry, with its thought signatures where they were.
// Rules: ai.google.dev/gemini-api/docs/thought-signatures.

#include "dialect/gemini/encoding.hpp"
#include "dialect/history.hpp"

namespace sluice::dialect::gemini {

/// Whether anything of the message can be sent: not if it is empty, or holds nothing but foreign reasoning.
bool has_parts(const chat::Message& message);
/// Reports reasoning that Gemini has not signed; it is not sent.
void report_lost_reasoning(const chat::Message& message, Encoding& encoding);

/// Writes the parts as elements of the `parts` array that is open.
Result<> write_model_turn(const Turn& turn, Encoding& encoding);

}  // namespace sluice::dialect::gemini
