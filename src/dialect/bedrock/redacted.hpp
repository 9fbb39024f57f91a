#pragma once
// Reasoning that is not for reading.

#include "json/text.hpp"

#include <string>
#include <string_view>

namespace sluice::dialect::bedrock {

/// What Claude redacts is the same text on every platform; Converse puts it into base64 once more. It is
/// carried in Claude's own form, so that it may go back to any of them; what is not of that form, in
/// Converse's.
struct Redacted {
  std::string data_escaped;
  std::string_view format;
};

/// `bytes`: what the base64 of `redactedContent` stands for, all of its pieces.
Redacted read_redacted(std::string_view bytes);
/// `redactedContent` for what read_redacted() gave out, or Anthropic's own API: the same bytes. Empty if
/// `format` is another family's.
std::string write_redacted(json::Text data, json::Text format);

}  // namespace sluice::dialect::bedrock
