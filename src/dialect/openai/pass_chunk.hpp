#pragma once
// A conforming provider's stream chunk, on its way to a client of the same dialect.

#include "json/document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::dialect::openai {

/// What must fit the stream so far for a chunk to be passed on.
struct PassableChunk {
  std::string_view id;  ///< as JSON, with quotes
  std::uint32_t choice = 0;
  bool brings_role = false;
};

/// Nothing if the chunk cannot go as it is: it has not just one choice, which is in progress, or no id, or
/// stands on several lines. Finish and usage chunks are among these.
std::optional<PassableChunk> passable(json::Value chunk);

/// Appends the chunk's members but for those that the gateway writes itself, between `head`, which holds the
/// latter, and `tail`.
void append_passed(json::Value chunk, std::string_view head, std::string_view tail, std::string& out);

}  // namespace sluice::dialect::openai
