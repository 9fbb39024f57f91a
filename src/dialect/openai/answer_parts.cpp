#include "dialect/openai/answer_parts.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect::openai {
namespace {

template <class Parts>
struct Row {
  std::string_view name;
  json::Value Parts::* part;
};

constexpr std::array answer_rows{
    Row<AnswerParts>{"id", &AnswerParts::id},           Row<AnswerParts>{"object", &AnswerParts::object},
    Row<AnswerParts>{"created", &AnswerParts::created}, Row<AnswerParts>{"model", &AnswerParts::model},
    Row<AnswerParts>{"choices", &AnswerParts::choices}, Row<AnswerParts>{"usage", &AnswerParts::usage},
    Row<AnswerParts>{"error", &AnswerParts::error},     Row<AnswerParts>{"x_groq", &AnswerParts::x_groq},
};

constexpr std::array choice_rows{
    Row<ChoiceParts>{"index", &ChoiceParts::index},
    Row<ChoiceParts>{"delta", &ChoiceParts::delta},
    Row<ChoiceParts>{"message", &ChoiceParts::message},
    Row<ChoiceParts>{"finish_reason", &ChoiceParts::finish_reason},
    Row<ChoiceParts>{"native_finish_reason", &ChoiceParts::native_finish_reason},
    Row<ChoiceParts>{"stop_reason", &ChoiceParts::stop_reason},
    Row<ChoiceParts>{"tool_calls", &ChoiceParts::tool_calls},
    Row<ChoiceParts>{"usage", &ChoiceParts::usage},
    Row<ChoiceParts>{"error", &ChoiceParts::error},
};

constexpr std::array said_rows{
    Row<SaidParts>{"content", &SaidParts::content},
    Row<SaidParts>{"role", &SaidParts::role},
    Row<SaidParts>{"tool_calls", &SaidParts::tool_calls},
    Row<SaidParts>{"reasoning_content", &SaidParts::reasoning_content},
    Row<SaidParts>{"reasoning", &SaidParts::reasoning},
    Row<SaidParts>{"thinking", &SaidParts::thinking},
    Row<SaidParts>{"reasoning_details", &SaidParts::reasoning_details},
    Row<SaidParts>{"refusal", &SaidParts::refusal},
    Row<SaidParts>{"function_call", &SaidParts::function_call},
    Row<SaidParts>{"annotations", &SaidParts::annotations},
    Row<SaidParts>{"images", &SaidParts::images},
};

/// Of a member that is given twice, the first counts.
template <class Parts, std::size_t N>
Parts split(json::Value object, const std::array<Row<Parts>, N>& rows) {
  Parts parts;
  for (const json::Member& member : object.members()) {
    const auto* row = std::ranges::find(rows, member.key.escaped(), &Row<Parts>::name);
    if (row != rows.end() && !(parts.*(row->part)).exists()) parts.*(row->part) = member.value;
  }
  return parts;
}

template <class Parts, std::size_t N>
bool has_row(const std::array<Row<Parts>, N>& rows, std::string_view key) {
  return std::ranges::find(rows, key, &Row<Parts>::name) != rows.end();
}

}  // namespace

AnswerParts answer_parts(json::Value answer) {
  return split(answer, answer_rows);
}

ChoiceParts choice_parts(json::Value choice) {
  return split(choice, choice_rows);
}

SaidParts said_parts(json::Value said) {
  return split(said, said_rows);
}

bool is_other_of_answer(std::string_view key) {
  return key == "x_groq" || !has_row(answer_rows, key);
}

bool is_other_of_choice(std::string_view key) {
  return key == "stop_reason" || !has_row(choice_rows, key);
}

bool is_other_of_said(std::string_view key) {
  return !has_row(said_rows, key);
}

json::Value usage_in(const AnswerParts& parts) {
  if (parts.usage.size() > 0) return parts.usage;
  if (const json::Value hidden = parts.x_groq["usage"]; hidden.size() > 0) return hidden;
  for (json::Value choice : parts.choices.elements())
    if (const json::Value inside = choice["usage"]; inside.size() > 0) return inside;  // Moonshot
  return {};
}

std::int64_t choice_index(const ChoiceParts& choice) {
  const auto index = choice.index.integer();
  return index && *index > 0 ? *index : 0;
}

}  // namespace sluice::dialect::openai
