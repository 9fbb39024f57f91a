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

}  // namespace

std::optional<PassableChunk> passable(json::Value chunk) {
  json::Value id, choices;
  for (const json::Member& member : chunk.members()) {
    if (member.key.escaped() == "id") id = member.value;
    if (member.key.escaped() == "choices") choices = member.value;
  }
  json::Value index, delta;
  for (const json::Member& member : only_element(choices).members()) {
    if (member.key.escaped() == "index") index = member.value;
    if (member.key.escaped() == "delta") delta = member.value;
    if (member.key.escaped() == "finish_reason" && member.value) return std::nullopt;
  }
  const auto number = index.integer();
  if (!number || *number < 0 || *number > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  if (id.text().empty() || !delta.is_object()) return std::nullopt;
  if (chunk.raw().find_first_of("\r\n") != std::string_view::npos) return std::nullopt;
  return PassableChunk{id.raw(), static_cast<std::uint32_t>(*number), bool(delta["role"])};
}

void append_passed(json::Value chunk, std::string_view head, std::string_view tail, std::string& out) {
  const std::string_view raw = chunk.raw();
  const std::size_t start = chunk.offset();
  out.append(head);
  for (const json::Member& member : chunk.members()) {
    if (!passes_on(member.key)) continue;
    out.push_back(',');
    out.append(raw.substr(member.begin - start, member.end - member.begin));
  }
  out.append(tail);
}

}  // namespace sluice::dialect::openai
