#include "dialect/responses/usage.hpp"

#include <algorithm>
#include <cstdint>

namespace sluice::dialect::responses {
namespace {

/// Keeps sums of hostile numbers in range.
constexpr std::int64_t most_tokens = 1'000'000'000'000;

std::optional<std::int64_t> count(json::Value value) {
  const auto told = value.integer();
  return told ? std::optional(std::clamp<std::int64_t>(*told, 0, most_tokens)) : std::nullopt;
}

}  // namespace

std::optional<chat::Usage> read_usage(json::Value usage) {
  const auto input = count(usage["input_tokens"]), output = count(usage["output_tokens"]);
  if (!input && !output) return std::nullopt;
  const json::Value input_details = usage["input_tokens_details"];
  const json::Value output_details = usage["output_tokens_details"];
  return chat::Usage{.input = input.value_or(0),
                     .output = output.value_or(0),
                     .cache_read = count(input_details["cached_tokens"]),
                     .cache_write = count(input_details["cache_write_tokens"]),
                     .reasoning = count(output_details["reasoning_tokens"]),
                     .audio_input = count(input_details["audio_tokens"]),
                     .audio_output = count(output_details["audio_tokens"])};
}

}  // namespace sluice::dialect::responses
