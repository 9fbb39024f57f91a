#pragma once
// Parts of messages -> content blocks.

#include "dialect/bedrock/encoding.hpp"

namespace sluice::dialect::bedrock {

/// Whether a text says nothing: the API refuses blank text blocks.
bool is_blank(const chat::Part& part);
/// Whether the part will be a document block.
bool is_document(const chat::Part& part);

/// Writes a text block. `text` must not be blank.
void write_text(json::Text text, Encoding& encoding);

/// Writes the block of a part that a user or a tool may send: text, images, documents, sound. Fails with
/// unsupported_parameter where this API or this model cannot take it.
Result<> write_user_part(const chat::Message& message, const chat::Part& part, Encoding& encoding);

}  // namespace sluice::dialect::bedrock
