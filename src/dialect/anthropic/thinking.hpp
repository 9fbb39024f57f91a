#pragma once
// Whether and how much a Claude model is told to think, and what that does to max_tokens.

#include "dialect/dialect.hpp"
#include "dialect/history.hpp"

#include <cstdint>
#include <string_view>

namespace sluice::dialect::anthropic {

struct ThinkingPlan {
  enum class Mode : std::uint8_t { unset, disabled, enabled, adaptive };
  Mode mode = Mode::unset;
  std::int64_t budget = 0;   ///< Mode::enabled
  std::string_view display;  ///< `summarized` or `omitted`; empty: the model's default
  std::string_view effort;   ///< `output_config.effort`; empty: the model's default
  std::int64_t max_tokens = 0;
  bool thinks = false;  ///< the model will think, be it by default
};

/// Whether a model of this dialect may be shown the reasoning again: it must be its own, and signed.
bool can_be_replayed(const chat::ReasoningPart& part);

/// Settles what the client wished for (`reasoning_effort`, `reasoning`, Anthropic's own `thinking` and
/// `output_config.effort`) with what the model accepts and what else the request asks for. Reports every
/// difference. The views are literals or stand in the model's capabilities.
ThinkingPlan plan_thinking(const chat::Request& request, const History& history,
                           const catalog::Capabilities& model, chat::Changes& changes);

}  // namespace sluice::dialect::anthropic
