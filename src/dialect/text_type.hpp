#pragma once
// Which files are text.

#include <algorithm>
#include <array>
#include <string_view>

namespace sluice::dialect {

/// Whether a document of that MIME type is text, whatever its type is called.
constexpr bool is_text_type(std::string_view mime_type) {
  constexpr std::array<std::string_view, 5> others{"application/json", "application/xml", "application/yaml",
                                                   "application/x-yaml", "application/javascript"};
  return mime_type.starts_with("text/") || std::ranges::find(others, mime_type) != others.end();
}

}  // namespace sluice::dialect
