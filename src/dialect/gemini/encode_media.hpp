#pragma once
// Images, recordings and files as parts: `inlineData` for bytes, `fileData` for addresses.

#include "dialect/gemini/encoding.hpp"

namespace sluice::dialect::gemini {

/// Whether it is an ImagePart, AudioPart or FilePart.
bool is_media(const chat::Part& part);

/// Writes such a part as one element of the `parts` array that is open. Fails if the
/// model or Gemini cannot read it.
Result<> write_media(const chat::Message& message, const chat::Part& part, Encoding& encoding);

/// Whether a part of a tool result can stand inside the result, for models that take media there.
bool fits_in_tool_result(const chat::Part& part);

}  // namespace sluice::dialect::gemini
