#include "dialect/openai/finish_reason.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sluice::dialect::openai {
namespace {

using chat::FinishReason;

struct Row {
  std::string_view word;
  FinishMeaning meaning;
};

constexpr FinishMeaning failure{FinishReason::stop, true};

// OpenAI's words first, then those of hosts and of the models behind them.
constexpr std::array rows{
    Row{"stop", {FinishReason::stop}},
    Row{"length", {FinishReason::length}},
    Row{"tool_calls", {FinishReason::tool_calls}},
    Row{"content_filter", {FinishReason::content_filter}},
    Row{"function_call", {FinishReason::tool_calls}},
    Row{"tool_call", {FinishReason::tool_calls}},  // Azure's DeepSeek
    Row{"tool_use", {FinishReason::tool_calls}},
    Row{"eos", {FinishReason::stop}},  // Together
    Row{"end_turn", {FinishReason::stop}},
    Row{"stop_sequence", {FinishReason::stop}},
    Row{"pause_turn", {FinishReason::stop}},
    Row{"max_tokens", {FinishReason::length}},
    Row{"max_output_tokens", {FinishReason::length}},  // OpenAI's Responses, behind OpenRouter
    Row{"model_length", {FinishReason::length}},       // Mistral
    Row{"model_context_window_exceeded", {FinishReason::length}},
    Row{"refusal", {FinishReason::content_filter}},
    Row{"sensitive", {FinishReason::content_filter}},  // Z.ai
    Row{"content_filtered", {FinishReason::content_filter}},
    Row{"guardrail_intervened", {FinishReason::content_filter}},
    Row{"error", failure},  // OpenRouter
    Row{"malformed_model_output", failure},
    Row{"malformed_tool_use", failure},
    Row{"insufficient_system_resource", failure},  // DeepSeek: interrupted, api-docs.deepseek.com
    Row{"abort", failure},                         // vLLM
};
constexpr std::size_t published = 5;

}  // namespace

FinishMeaning finish_meaning(json::Text native) {
  std::string buffer;
  const std::string_view word = native.decode(buffer);
  const auto* row = std::ranges::find_if(rows, [&](const Row& r) { return iequals(r.word, word); });
  return row == rows.end() ? FinishMeaning{} : row->meaning;
}

bool is_published_finish(std::string_view word) {
  const auto* end = rows.begin() + published;
  return std::find_if(rows.begin(), end, [&](const Row& r) { return r.word == word; }) != end;
}

}  // namespace sluice::dialect::openai
