#include "dialect/openai/look_ahead.hpp"

#include "dialect/openai/answer_calls.hpp"

namespace sluice::dialect::openai {
namespace {

bool is_content(const json::Member& member) {
  if (member.key.escaped() == "role") return false;
  if (member.value.is_string()) return !member.value.text().empty();
  return member.value.is_object() || member.value.is_array() ? member.value.size() > 0 : false;
}

bool says_something(json::Value said) {
  for (const json::Member& member : said.members())
    if (is_content(member)) return true;
  return false;
}

bool names_call(json::Value said) {
  for (json::Value entry : said["tool_calls"].elements())
    if (call_piece(entry).names_only()) return true;
  return legacy_piece(said["function_call"]).names_only();
}

}  // namespace

bool must_wait(const AnswerState& answer, const AnswerParts& chunk) {
  bool silent = true;
  for (json::Value entry : chunk.choices.elements()) {
    const json::Value delta = choice_parts(entry).delta;
    if (names_call(delta)) return true;
    silent = silent && !says_something(delta);
  }
  return silent && !answer.started && chunk.id.text().empty();
}

bool name_goes_on(json::Value next, std::uint32_t choice, const CallState& call) {
  for (json::Value entry : next["choices"].elements()) {
    const ChoiceParts parts = choice_parts(entry);
    if (choice_index(parts) != choice) continue;
    for (json::Value said : parts.delta["tool_calls"].elements()) {
      const CallPiece piece = call_piece(said);
      const bool same_call = (piece.id.empty() || piece.id.escaped() == call.id) &&
                             (!piece.number || piece.number == call.number);
      if (same_call && !piece.name.empty() && piece.name.escaped() != call.name) return true;
    }
  }
  return false;
}

}  // namespace sluice::dialect::openai
