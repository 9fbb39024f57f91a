#pragma once
// Parts of messages -> the content of items.

#include "dialect/responses/encoding.hpp"

namespace sluice::dialect::responses {

/// Writes a part that a user or a tool may send: text, images, files, recordings. Fails with
/// unsupported_parameter where the model cannot take it.
Result<> write_user_part(const chat::Message& message, const chat::Part& part, Encoding& encoding);

/// `input_text`
void write_input_text(json::Text text, Encoding& encoding);

}  // namespace sluice::dialect::responses
