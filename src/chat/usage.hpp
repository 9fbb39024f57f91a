#pragma once
// Token counts with one meaning for every provider.

#include "json/document.hpp"

#include <cstdint>
#include <optional>

namespace sluice::chat {

/// Input counts include cached and cache-writing tokens; output counts include reasoning. Decoders correct
/// the providers' own semantics (Anthropic's input leaves the cache out, Gemini's candidates leave thoughts
/// out).
struct Usage {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::optional<std::int64_t> cache_read;
  std::optional<std::int64_t> cache_write;     ///< all lifetimes together
  std::optional<std::int64_t> cache_write_1h;  ///< the part that is kept an hour
  std::optional<std::int64_t> reasoning;
  std::optional<std::int64_t> audio_input, audio_output;
  std::int64_t total() const { return input + output; }
};

}  // namespace sluice::chat
