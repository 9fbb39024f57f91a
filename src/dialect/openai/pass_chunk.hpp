#pragma once
// A conforming provider's stream chunk, on its way to a client of the same dialect.

#include "json/document.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::dialect::openai {

/// A chunk that can go as it is, but for the members that the gateway writes itself. Views the chunk.
struct PassableChunk {
  static constexpr std::size_t most_runs = 8;

  std::string_view id;  ///< as JSON, with quotes
  std::uint32_t choice = 0;
  bool brings_role = false;
  std::array<std::string_view, most_runs> runs;  ///< members that stay, side by side with their commas
  std::size_t run_count = 0;

  void append_to(std::string& out) const {
    for (std::size_t i = 0; i < run_count; ++i) out.append(1, ',').append(runs[i]);
  }
};

/// Nothing if the chunk cannot go as it is: it has not just one choice, which is in progress, or no id, or
/// stands on several lines. Finish and usage chunks are among these.
std::optional<PassableChunk> passable(json::Value chunk);

}  // namespace sluice::dialect::openai
