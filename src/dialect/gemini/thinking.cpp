#include "dialect/gemini/thinking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sluice::dialect::gemini {
namespace {

using chat::Effort;

/// Tokens that an effort stands for; 0: as many as the model takes.
constexpr std::array<std::int64_t, 7> budgets{0, 512, 1024, 8192, 0, 0, 0};
/// What a model is given whose limit is not known.
constexpr std::int64_t usual_max_budget = 24576;
/// Gemini decides by itself.
constexpr std::int64_t dynamic_budget = -1;

std::string_view param_of(const chat::Reasoning& wanted) {
  return wanted.effort ? "reasoning_effort" : "reasoning.max_tokens";
}

std::int64_t max_budget(const catalog::Capabilities& capabilities) {
  return capabilities.max_thinking_budget > 0 ? capabilities.max_thinking_budget : usual_max_budget;
}

std::int64_t budget_for_effort(Effort effort, const catalog::Capabilities& capabilities,
                               chat::Changes& changes) {
  if (effort == Effort::none) {
    if (capabilities.thinking_can_be_disabled) return 0;
    changes.mapped("reasoning_effort",
                   "this model cannot be kept from thinking; it thinks as little as it can");
    return capabilities.min_thinking_budget;
  }
  if (effort > Effort::high)
    changes.mapped("reasoning_effort",
                   fmt::format("Gemini knows nothing above high; `{}` was sent as that", chat::name(effort)));
  const std::int64_t budget = budgets[static_cast<std::size_t>(effort)];
  const std::int64_t most = max_budget(capabilities);
  return budget == 0 ? most : std::clamp(budget, std::min(capabilities.min_thinking_budget, most), most);
}

std::int64_t budget_for_tokens(std::int64_t tokens, const catalog::Capabilities& capabilities,
                               chat::Changes& changes) {
  if (tokens == dynamic_budget || (tokens == 0 && capabilities.thinking_can_be_disabled)) return tokens;
  const std::int64_t most = max_budget(capabilities);
  const std::int64_t budget = std::clamp(tokens, std::min(capabilities.min_thinking_budget, most), most);
  if (budget != tokens)
    changes.clamped("reasoning.max_tokens", fmt::format("this model thinks with {} to {} tokens; {} was sent",
                                                        capabilities.min_thinking_budget, most, budget));
  return budget;
}

/// The effort nearest to a number of tokens.
Effort effort_for_tokens(std::int64_t tokens) {
  if (tokens == 0) return Effort::none;
  for (const Effort effort : {Effort::minimal, Effort::low, Effort::medium})
    if (tokens <= budgets[static_cast<std::size_t>(effort)]) return effort;
  return Effort::high;
}

/// The least of the accepted levels that is not below `effort`, else the highest.
std::string_view level_for(Effort effort, const catalog::Capabilities& capabilities) {
  for (const std::string& level : capabilities.efforts)
    if (const auto known = chat::effort_named(level); known && *known >= effort) return level;
  return capabilities.efforts.back();
}

std::string_view plan_level(const chat::Reasoning& wanted, const catalog::Capabilities& capabilities,
                            chat::Changes& changes) {
  if (capabilities.efforts.empty()) {
    changes.dropped(std::string(param_of(wanted)), "this model lets nobody say how much to think");
    return {};
  }
  const Effort effort = wanted.effort ? *wanted.effort : effort_for_tokens(*wanted.max_tokens);
  const std::string_view level = level_for(effort, capabilities);
  if (level != chat::name(effort) || !wanted.effort)
    changes.mapped(std::string(param_of(wanted)),
                   fmt::format("this model takes levels of thinking; `{}` was sent", level));
  return level;
}

}  // namespace

ThinkingConfig plan_thinking(const chat::Reasoning& wanted, const catalog::Capabilities& capabilities,
                             chat::Changes& changes) {
  const bool is_quantified = wanted.effort || wanted.max_tokens;
  const bool wants_none = wanted.effort == Effort::none || (!wanted.effort && wanted.max_tokens == 0);
  ThinkingConfig config;
  config.include_thoughts = wanted.exclude ? !*wanted.exclude && !wants_none : is_quantified && !wants_none;
  switch (capabilities.thinking) {
    case catalog::ThinkingStyle::gemini_budget:
      if (wanted.effort && wanted.max_tokens)
        changes.dropped("reasoning_effort", "this model takes a number of tokens, which was given too");
      if (wanted.max_tokens)
        config.budget = budget_for_tokens(*wanted.max_tokens, capabilities, changes);
      else if (wanted.effort)
        config.budget = budget_for_effort(*wanted.effort, capabilities, changes);
      return config;
    case catalog::ThinkingStyle::gemini_level:
      if (wanted.effort && wanted.max_tokens)
        changes.dropped("reasoning.max_tokens", "this model takes a level of thinking, which was given too");
      if (is_quantified) config.level = plan_level(wanted, capabilities, changes);
      return config;
    default:
      if (is_quantified && !wants_none)
        changes.dropped(std::string(param_of(wanted)), "this model does not think");
      return {};
  }
}

}  // namespace sluice::dialect::gemini
