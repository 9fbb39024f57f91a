#include "dialect/gemini/usage.hpp"

#include <algorithm>

namespace sluice::dialect::gemini {
namespace {

/// No sum of a few of these overflows.
constexpr std::int64_t most_tokens = std::int64_t{1} << 50;
constexpr std::int64_t audio_number = 4;  ///< of Modality, where enums are sent as numbers

std::optional<std::int64_t> count(json::Value value) {
  const auto tokens = value.integer();
  if (!tokens) return std::nullopt;
  return std::clamp<std::int64_t>(*tokens, 0, most_tokens);
}

template <class Count>
bool take(Count& into, json::Value value) {
  const auto tokens = count(value);
  if (tokens) into = *tokens;
  return tokens.has_value();
}

std::optional<std::int64_t> audio_tokens(json::Value details) {
  for (json::Value entry : details.elements()) {
    const json::Value modality = entry["modality"];
    if (modality.equals("AUDIO") || modality.integer() == audio_number) return count(entry["tokenCount"]);
  }
  return std::nullopt;
}

}  // namespace

bool UsageCounts::update(json::Value metadata) {
  bool told = take(prompt_, metadata["promptTokenCount"]);
  told |= take(candidates_, metadata["candidatesTokenCount"]);
  told |= take(thoughts_, metadata["thoughtsTokenCount"]);
  told |= take(cached_, metadata["cachedContentTokenCount"]);
  told |= take(tool_prompt_, metadata["toolUsePromptTokenCount"]);
  if (!told) return false;
  if (const auto audio = audio_tokens(metadata["promptTokensDetails"])) audio_input_ = audio;
  if (const auto audio = audio_tokens(metadata["candidatesTokensDetails"])) audio_output_ = audio;
  return true;
}

chat::Usage UsageCounts::usage() const {
  return {.input = prompt_ + tool_prompt_,
          .output = candidates_ + thoughts_.value_or(0),
          .cache_read = cached_,
          .reasoning = thoughts_,
          .audio_input = audio_input_,
          .audio_output = audio_output_};
}

}  // namespace sluice::dialect::gemini
