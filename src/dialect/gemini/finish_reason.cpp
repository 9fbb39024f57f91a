#include "dialect/gemini/finish_reason.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect::gemini {
namespace {

struct Row {
  std::string_view name;
  int number;  ///< of the Generative Language API's enumeration; -1 where only Vertex has the word
  Outcome outcome;
};

constexpr std::array finish_reasons{
    Row{"FINISH_REASON_UNSPECIFIED", 0, Outcome::other},
    Row{"STOP", 1, Outcome::stop},
    Row{"MAX_TOKENS", 2, Outcome::length},
    Row{"SAFETY", 3, Outcome::filtered},
    Row{"RECITATION", 4, Outcome::filtered},
    Row{"OTHER", 5, Outcome::other},
    Row{"LANGUAGE", 6, Outcome::filtered},
    Row{"BLOCKLIST", 7, Outcome::filtered},
    Row{"PROHIBITED_CONTENT", 8, Outcome::filtered},
    Row{"SPII", 9, Outcome::filtered},
    Row{"MALFORMED_FUNCTION_CALL", 10, Outcome::call_lost},
    Row{"IMAGE_SAFETY", 11, Outcome::filtered},
    Row{"UNEXPECTED_TOOL_CALL", 12, Outcome::call_lost},
    Row{"TOO_MANY_TOOL_CALLS", 13, Outcome::call_lost},
    Row{"IMAGE_PROHIBITED_CONTENT", 14, Outcome::filtered},
    Row{"NO_IMAGE", 15, Outcome::other},
    Row{"IMAGE_RECITATION", 16, Outcome::filtered},
    Row{"IMAGE_OTHER", 17, Outcome::other},
    Row{"MISSING_THOUGHT_SIGNATURE", 18, Outcome::call_lost},
    Row{"MALFORMED_RESPONSE", 19, Outcome::other},
    Row{"MODEL_ARMOR", -1, Outcome::filtered},
};

constexpr std::array<std::string_view, 6> block_reasons{
    "BLOCK_REASON_UNSPECIFIED", "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY"};

}  // namespace

FinishReason read_finish_reason(json::Value value) {
  if (const auto number = value.integer()) {
    const auto* row = std::ranges::find(finish_reasons, *number, &Row::number);
    if (row == finish_reasons.end() || *number < 0) return {json::Text(value.raw()), Outcome::other};
    return {json::Text(row->name), row->outcome};
  }
  const auto* row = std::ranges::find_if(finish_reasons, [&](const Row& r) { return value.equals(r.name); });
  return {value.text(), row == finish_reasons.end() ? Outcome::other : row->outcome};
}

json::Text read_block_reason(json::Value value) {
  const auto number = value.integer();
  if (!number) return value.text();
  if (*number < 0 || *number >= static_cast<std::int64_t>(block_reasons.size()))
    return json::Text(value.raw());
  return json::Text(block_reasons[static_cast<std::size_t>(*number)]);
}

}  // namespace sluice::dialect::gemini
