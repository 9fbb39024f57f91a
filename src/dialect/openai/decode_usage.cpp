#include "dialect/openai/decode_usage.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace sluice::dialect::openai {
namespace {

/// A count, be it written as a float. Nothing if it is negative, absurd or no number.
std::optional<std::int64_t> count(json::Value value) {
  constexpr double most = 1e12;
  const auto number = value.number();
  if (!number || !(*number >= 0) || *number > most) return std::nullopt;
  return static_cast<std::int64_t>(std::llround(*number));
}

/// The first of several places that holds a count.
std::optional<std::int64_t> first(std::initializer_list<json::Value> places) {
  for (json::Value place : places)
    if (const auto number = count(place)) return number;
  return std::nullopt;
}

/// xAI counts reasoning beside the completion; the total then shows it. Where the total does not tell, a part
/// cannot be larger than the whole.
bool reasoning_is_beside(std::int64_t prompt, std::int64_t completion, std::int64_t reasoning,
                         std::optional<std::int64_t> total) {
  if (reasoning == 0 || total == prompt + completion) return false;
  return total == prompt + completion + reasoning || reasoning > completion;
}

}  // namespace

std::optional<chat::Usage> decode_usage(json::Value usage) {
  const auto prompt = first({usage["prompt_tokens"], usage["input_tokens"]});
  const auto completion = first({usage["completion_tokens"], usage["output_tokens"]});
  if (!prompt && !completion) return std::nullopt;
  const json::Value in = usage["prompt_tokens_details"];
  const json::Value out = usage["completion_tokens_details"];

  chat::Usage counts{.input = prompt.value_or(0), .output = completion.value_or(0)};
  // DeepSeek has prompt_cache_hit_tokens, Moonshot and Together cached_tokens.
  counts.cache_read = first({in["cached_tokens"], usage["prompt_cache_hit_tokens"], usage["cached_tokens"]});
  counts.cache_write = first({in["cache_write_tokens"], in["cache_creation_input_tokens"]});
  counts.reasoning = first({out["reasoning_tokens"], usage["reasoning_tokens"]});
  counts.audio_input = count(in["audio_tokens"]);
  counts.audio_output = count(out["audio_tokens"]);

  const std::int64_t reasoning = counts.reasoning.value_or(0);
  if (reasoning_is_beside(counts.input, counts.output, reasoning, count(usage["total_tokens"])))
    counts.output += reasoning;
  // A part cannot be larger than the whole: the host counts what it read from its cache beside the rest.
  if (counts.cache_read.value_or(0) > counts.input) counts.input += *counts.cache_read;
  return counts;
}

}  // namespace sluice::dialect::openai
