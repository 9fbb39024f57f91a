#include "dialect/bedrock/stop_reason.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect::bedrock {
namespace {

using chat::FinishReason;

struct Reason {
  std::string_view stop_reason;
  std::optional<FinishReason> reason;
};
constexpr std::array reasons{
    Reason{"end_turn", FinishReason::stop},
    Reason{"stop_sequence", FinishReason::stop},
    Reason{"tool_use", FinishReason::tool_calls},
    Reason{"max_tokens", FinishReason::length},
    Reason{"model_context_window_exceeded", FinishReason::length},
    Reason{"guardrail_intervened", FinishReason::content_filter},
    Reason{"content_filtered", FinishReason::content_filter},
    Reason{"malformed_model_output", std::nullopt},
    Reason{"malformed_tool_use", std::nullopt},
};

}  // namespace

std::optional<FinishReason> finish_reason(json::Text stop_reason, bool calls) {
  const auto* row =
      std::ranges::find_if(reasons, [&](const Reason& r) { return stop_reason.equals(r.stop_reason); });
  const auto reason = row == reasons.end() ? FinishReason::stop : row->reason;
  // Whether a client has something to call is told by the calls.
  const bool turns_on_calls = reason == FinishReason::stop || reason == FinishReason::tool_calls;
  if (!turns_on_calls) return reason;
  return calls ? FinishReason::tool_calls : FinishReason::stop;
}

}  // namespace sluice::dialect::bedrock
