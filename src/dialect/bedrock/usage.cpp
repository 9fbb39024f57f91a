#include "dialect/bedrock/usage.hpp"

#include <algorithm>

namespace sluice::dialect::bedrock {
namespace {

/// Nothing if it is no number. Clamped, so that sums of hostile numbers stay in range.
std::optional<std::int64_t> count(json::Value value) {
  constexpr std::int64_t most_tokens = 1'000'000'000'000;
  const auto number = value.integer();
  return number ? std::optional(std::clamp<std::int64_t>(*number, 0, most_tokens)) : std::nullopt;
}

/// What is written for an hour is told only in a list by lifetimes.
std::optional<std::int64_t> written_for_an_hour(json::Value details) {
  for (json::Value detail : details.elements())
    if (detail["ttl"].equals("1h")) return count(detail["inputTokens"]);
  return std::nullopt;
}

}  // namespace

std::optional<chat::Usage> read_usage(json::Value usage) {
  const auto input = count(usage["inputTokens"]), output = count(usage["outputTokens"]);
  if (!input && !output) return std::nullopt;
  chat::Usage total;
  total.cache_read = count(usage["cacheReadInputTokens"]);
  total.cache_write = count(usage["cacheWriteInputTokens"]);
  total.cache_write_1h = written_for_an_hour(usage["cacheDetails"]);
  total.input = input.value_or(0) + total.cache_read.value_or(0) + total.cache_write.value_or(0);
  total.output = output.value_or(0);
  return total;
}

}  // namespace sluice::dialect::bedrock
