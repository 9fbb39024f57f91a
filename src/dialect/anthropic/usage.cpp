#include "dialect/anthropic/usage.hpp"

#include <algorithm>

namespace sluice::dialect::anthropic {
namespace {

/// Keeps sums of hostile numbers in range.
constexpr std::int64_t most_tokens = 1'000'000'000'000;

std::int64_t count(json::Value value) {
  return std::clamp<std::int64_t>(value.integer().value_or(0), 0, most_tokens);
}

void replace(std::optional<std::int64_t>& count_of, json::Value value) {
  if (value.integer()) count_of = count(value);
}

}  // namespace

void UsageReader::read(json::Value usage) {
  replace(input_, usage["input_tokens"]);
  replace(output_, usage["output_tokens"]);
  replace(cache_read_, usage["cache_read_input_tokens"]);
  replace(cache_write_, usage["cache_creation_input_tokens"]);
  replace(cache_write_1h_, usage["cache_creation"]["ephemeral_1h_input_tokens"]);
  replace(thinking_, usage["output_tokens_details"]["thinking_tokens"]);
  if (const json::Value iterations = usage["iterations"]; iterations.is_array()) read_rounds(iterations);
}

/// A turn that was compacted is billed in several rounds, of which the counts beside them show the last.
void UsageReader::read_rounds(json::Value iterations) {
  more_input_ = more_output_ = more_cache_read_ = more_cache_write_ = 0;
  bool compacted = false;
  json::Value last;
  for (json::Value round : iterations.elements()) {
    if (round["type"].equals("fallback_message")) return;
    compacted |= round["type"].equals("compaction");
    if (round["type"].equals("compaction") || round["type"].equals("message")) last = round;
  }
  if (!compacted) return;
  for (json::Value round : iterations.elements()) {
    if (!round["type"].equals("compaction") && !round["type"].equals("message")) continue;
    if (round.offset() == last.offset()) continue;
    const auto add = [](std::int64_t& sum, json::Value value) {
      sum = std::min(sum + count(value), most_tokens);
    };
    add(more_input_, round["input_tokens"]);
    add(more_output_, round["output_tokens"]);
    add(more_cache_read_, round["cache_read_input_tokens"]);
    add(more_cache_write_, round["cache_creation_input_tokens"]);
  }
}

chat::Usage UsageReader::total() const {
  const auto with = [](const std::optional<std::int64_t>& last, std::int64_t more) {
    return last || more > 0 ? std::optional(last.value_or(0) + more) : std::nullopt;
  };
  chat::Usage usage;
  usage.cache_read = with(cache_read_, more_cache_read_);
  usage.cache_write = with(cache_write_, more_cache_write_);
  usage.cache_write_1h = cache_write_1h_;
  usage.input =
      input_.value_or(0) + more_input_ + usage.cache_read.value_or(0) + usage.cache_write.value_or(0);
  usage.output = output_.value_or(0) + more_output_;
  usage.reasoning = thinking_;
  return usage;
}

}  // namespace sluice::dialect::anthropic
