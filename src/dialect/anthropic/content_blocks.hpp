#pragma once
// Parts of messages -> content blocks.

#include "dialect/dialect.hpp"
#include "json/writer.hpp"

#include <string>

namespace sluice::dialect::anthropic {

/// What writing a block needs to know.
struct BlockContext {
  const Target& target;
  json::Writer& json;
  chat::Changes& changes;
};

/// Where a part stands, as the client sees it: `messages[2].content`.
std::string content_path(const chat::Message& message);

/// Whether a text says nothing: the API refuses blank text blocks.
bool is_blank(const chat::Part& part);

/// Writes a text block. `text` must not be blank.
void write_text(const BlockContext& context, json::Text text);

/// Writes the block of a part that a user or a tool may send: text, images, documents. Fails with
/// unsupported_parameter where this API or this model cannot take it.
Result<> write_user_part(const BlockContext& context, const chat::Message& message, const chat::Part& part);

}  // namespace sluice::dialect::anthropic
