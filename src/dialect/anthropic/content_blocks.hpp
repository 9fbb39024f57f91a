#pragma once
// Parts of messages -> content blocks.

#include "dialect/dialect.hpp"
#include "dialect/repeated_change.hpp"
#include "json/writer.hpp"

namespace sluice::dialect::anthropic {

/// What a long conversation may have many of.
struct RepeatedChanges {
  using Kind = chat::Change::Kind;
  RepeatedChange name{Kind::dropped, "this API has no names of participants"};
  RepeatedChange detail{Kind::dropped, "this API has no level of detail for one image"};
  RepeatedChange instruction{
      Kind::mapped,
      "this API takes instructions only before the conversation; sent as the user's, inside "
      "<system>, at its place"};
  RepeatedChange foreign_reasoning{
      Kind::dropped, "this model takes back only reasoning of its own family, with its signature"};
  RepeatedChange reasoning{Kind::dropped, "this model does not think"};
  RepeatedChange media{Kind::dropped, "this API takes only text in messages of the model"};
  RepeatedChange arguments{Kind::repaired, "they are no JSON object; the model sees them inside one"};
  RepeatedChange empty{Kind::dropped, "holds nothing that can be sent to this model"};
  RepeatedChange filler{Kind::repaired, "this API wants words of the user here; `(no message)` was sent"};

  void report(chat::Changes& changes) const;
};

/// What writing a block needs to know.
struct BlockContext {
  const Target& target;
  json::Writer& json;
  RepeatedChanges& repeated;
};

/// Whether a text says nothing: the API refuses blank text blocks.
bool is_blank(const chat::Part& part);

/// Writes a text block. `text` must not be blank.
void write_text(const BlockContext& context, json::Text text);

/// Writes the block of a part that a user or a tool may send: text, images, documents. Fails with
/// unsupported_parameter where this API or this model cannot take it.
Result<> write_user_part(const BlockContext& context, const chat::Message& message, const chat::Part& part);

}  // namespace sluice::dialect::anthropic
