#include "dialect/openai/encode_usage.hpp"

#include "dialect/openai/answer_members.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace sluice::dialect::openai {
namespace {

struct Count {
  std::string_view name;
  std::optional<std::int64_t> value;
};

/// Ours first, then the members of the provider's object that are not among them.
template <std::size_t N>
void details(json::Writer& w, std::string_view name, const std::array<Count, N>& counts,
             std::string_view lifetimes, json::Value native) {
  w.key(name).begin_object();
  for (const Count& count : counts)
    if (count.value) w.key(count.name).integer(*count.value);
  if (!lifetimes.empty()) w.key("cache_creation").raw(lifetimes);
  for (const json::Member& member : native.members()) {
    const auto* ours = std::ranges::find(counts, member.key.escaped(), &Count::name);
    const bool written = ours != counts.end() ? ours->value.has_value()
                                              : !lifetimes.empty() && member.key.equals("cache_creation");
    if (written) continue;
    w.key(member.key);
    append_on_one_line(member.value.raw(), w.out());
  }
  w.end_object();
}

/// Anthropic's lifetimes of what was written to the cache, where they are known.
std::string cache_lifetimes(const chat::Usage& usage) {
  std::string out;
  if (!usage.cache_write_1h) return out;
  json::Writer(out)
      .begin_object()
      .key("ephemeral_5m_input_tokens")
      .integer(usage.cache_write.value_or(0) - *usage.cache_write_1h)
      .key("ephemeral_1h_input_tokens")
      .integer(*usage.cache_write_1h)
      .end_object();
  return out;
}

constexpr std::array<std::string_view, 7> ours{
    "prompt_tokens",         "completion_tokens",        "total_tokens", "input_tokens", "output_tokens",
    "prompt_tokens_details", "completion_tokens_details"};

}  // namespace

void append_usage(const chat::Usage& usage, std::string_view native, std::string& out) {
  json::Document document;
  const auto parsed = document.parse(native);
  const json::Value other = parsed ? *parsed : json::Value();
  json::Writer w(out);
  w.begin_object();
  w.key("prompt_tokens").integer(usage.input);
  w.key("completion_tokens").integer(usage.output);
  w.key("total_tokens").integer(usage.total());
  w.key("input_tokens").integer(usage.input);
  w.key("output_tokens").integer(usage.output);
  details(
      w, "prompt_tokens_details",
      std::array{Count{"cached_tokens", usage.cache_read.value_or(0)},
                 Count{"cache_write_tokens", usage.cache_write}, Count{"audio_tokens", usage.audio_input}},
      cache_lifetimes(usage), other["prompt_tokens_details"]);
  details(w, "completion_tokens_details",
          std::array{Count{"reasoning_tokens", usage.reasoning.value_or(0)},
                     Count{"audio_tokens", usage.audio_output}},
          {}, other["completion_tokens_details"]);
  for (const json::Member& member : other.members()) {
    if (std::ranges::find(ours, member.key.escaped()) != ours.end()) continue;
    w.key(member.key);
    append_on_one_line(member.value.raw(), w.out());
  }
  w.end_object();
}

}  // namespace sluice::dialect::openai
