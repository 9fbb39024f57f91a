#include "dialect/openai/pass_chunk.hpp"

#include "dialect/openai/answer_members.hpp"

#include <limits>

namespace sluice::dialect::openai {
namespace {

/// The only element; missing if there are none or more.
json::Value only_element(json::Value array) {
  const auto elements = array.elements();
  auto next = elements.begin();
  if (next == elements.end()) return {};
  const json::Value first = *next;
  return ++next == elements.end() ? first : json::Value();
}

/// The choice's part of what makes a chunk passable.
bool read_choice(json::Value choice, PassableChunk& out) {
  json::Value index, delta;
  for (const json::Member& member : choice.members()) {
    const std::string_view name = member.key.escaped();
    if (name == "index") index = member.value;
    if (name == "delta") delta = member.value;
    if (name == "finish_reason" && member.value) return false;
  }
  const auto number = index.integer();
  if (!number || *number < 0 || *number > std::numeric_limits<std::uint32_t>::max()) return false;
  out.choice = static_cast<std::uint32_t>(*number);
  out.brings_role = bool(delta["role"]);
  return delta.is_object();
}

}  // namespace

std::optional<PassableChunk> passable(json::Value chunk) {
  const std::string_view raw = chunk.raw();
  if (has_line_breaks(raw)) return std::nullopt;
  PassableChunk out;
  json::Value choices;
  bool in_run = false;
  for (const json::Member& member : chunk.members()) {
    const bool begins = !in_run;
    in_run = passes_on(member.key);
    if (!in_run) continue;
    if (begins && out.run_count == PassableChunk::most_runs) return std::nullopt;
    if (begins) out.runs[out.run_count++] = raw.substr(member.begin - chunk.offset(), 0);
    std::string_view& run = out.runs[out.run_count - 1];
    run = {run.data(), raw.data() + (member.end - chunk.offset())};
    if (member.key.escaped() == "id" && member.value.is_string()) out.id = member.value.raw();
    if (member.key.escaped() == "choices") choices = member.value;
  }
  constexpr std::string_view no_id = R"("")";
  if (out.id.size() <= no_id.size() || !read_choice(only_element(choices), out)) return std::nullopt;
  return out;
}

}  // namespace sluice::dialect::openai
