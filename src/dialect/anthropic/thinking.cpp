#include "dialect/anthropic/thinking.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace sluice::dialect::anthropic {
namespace {

using catalog::ThinkingStyle;
using chat::Effort;
using Mode = ThinkingPlan::Mode;

/// What models whose limit is not known are asked for; every model takes as much.
constexpr std::int64_t default_max_tokens = 4096;

/// The least that the API takes as a budget.
constexpr std::int64_t min_budget = 1024;

/// No model has as many; keeps sums in range.
constexpr std::int64_t most_tokens = 1'000'000'000;

/// Tokens that an effort is worth, by position of the effort.
constexpr std::array<std::int64_t, 7> budgets{0, 1024, 2048, 10000, 16384, 32768, 65536};
static_assert(budgets.size() == static_cast<std::size_t>(Effort::max) + 1);

constexpr std::string_view native_effort_param = "output_config.effort";

std::int64_t budget_of(Effort effort) {
  return budgets[static_cast<std::size_t>(effort)];
}

Effort effort_for(std::int64_t budget) {
  const auto* enough = std::ranges::lower_bound(budgets, budget);
  const auto index = static_cast<std::size_t>(enough - budgets.begin());
  return static_cast<Effort>(std::min(index, budgets.size() - 1));
}

/// What the client asked for, in all the ways there are.
struct Wish {
  std::optional<bool> think;
  std::optional<Effort> effort;
  std::optional<std::int64_t> budget;
  std::optional<bool> hide;
  std::string_view param;  ///< the member that asks, for reports
  std::string_view effort_param;
};

void read_native(json::Value thinking, Wish& wish) {
  wish.param = "thinking";
  wish.think = !thinking["type"].equals("disabled");
  if (*wish.think) wish.budget = thinking["budget_tokens"].integer();
  if (thinking["display"].is_string()) wish.hide = thinking["display"].equals("omitted");
}

void read_reasoning(const chat::Request& request, Wish& wish) {
  const chat::Reasoning& reasoning = request.reasoning;
  if (!wish.think) {
    if (reasoning.max_tokens) {
      wish.think = *reasoning.max_tokens > 0;
      wish.param = "reasoning.max_tokens";
      if (*wish.think) wish.budget = reasoning.max_tokens;
    } else if (reasoning.effort) {
      wish.think = *reasoning.effort != Effort::none;
      wish.param = wish.effort_param;
    } else if (request.source["reasoning"]["enabled"].boolean() == true) {
      wish.think = true;
      wish.param = "reasoning.enabled";
    }
  }
  if (reasoning.effort && *reasoning.effort != Effort::none) wish.effort = reasoning.effort;
  if (reasoning.exclude && !wish.hide) wish.hide = reasoning.exclude;
}

Wish read_wish(const chat::Request& request) {
  Wish wish;
  if (request.reasoning.effort)
    wish.effort_param = request.source["reasoning_effort"] ? "reasoning_effort" : "reasoning.effort";
  if (const json::Value thinking = request.other("thinking"); thinking.is_object())
    read_native(thinking, wish);
  read_reasoning(request, wish);
  if (const json::Value effort = request.other("output_config")["effort"]; effort.is_string()) {
    wish.effort = chat::effort_named(effort.string());
    wish.effort_param = native_effort_param;
  }
  return wish;
}

class Planner {
 public:
  Planner(const chat::Request& request, const History& history, const catalog::Capabilities& model,
          chat::Changes& changes)
      : request_(request), history_(history), model_(model), changes_(changes), wish_(read_wish(request)) {}

  ThinkingPlan plan() {
    plan_.max_tokens = asked_max_tokens();
    switch (model_.thinking) {
      case ThinkingStyle::claude_adaptive:
        adaptive();
        break;
      case ThinkingStyle::claude_budget:
        manual();
        break;
      default:
        cannot();
    }
    settle_conflicts();
    if (plan_.mode == Mode::enabled) fit_budget();
    plan_.thinks = is_thinking();
    return plan_;
  }

 private:
  std::string_view max_tokens_param() const {
    return request_.source["max_completion_tokens"] ? "max_completion_tokens" : "max_tokens";
  }

  std::int64_t asked_max_tokens() {
    const auto cap = model_.max_output_tokens;
    if (!request_.max_tokens) return cap.value_or(default_max_tokens);
    if (!cap || *request_.max_tokens <= *cap) return *request_.max_tokens;
    changes_.clamped(std::string(max_tokens_param()),
                     "this model writes at most " + std::to_string(*cap) + " tokens");
    return *cap;
  }

  void cannot() {
    if (wish_.think == true || wish_.effort)
      changes_.dropped(std::string(wish_.param.empty() ? wish_.effort_param : wish_.param),
                       "this model cannot be told how much to think");
  }

  /// `thinking: {type: adaptive}`, and an effort.
  void adaptive() {
    if (wish_.think == false) {
      refuse_to_think();
    } else if (wish_.think == true) {
      const bool takes_budget = model_.max_thinking_budget > 0;
      plan_.mode = wish_.budget && takes_budget ? Mode::enabled : Mode::adaptive;
      plan_.budget = wish_.budget.value_or(0);
      // Without it, newer models send signatures only.
      plan_.display = wish_.hide.value_or(false) ? "omitted" : "summarized";
      if (wish_.budget && !takes_budget) budget_to_effort();
    }
    if (wish_.effort) set_effort(*wish_.effort);
  }

  void refuse_to_think() {
    if (model_.thinking_can_be_disabled) {
      plan_.mode = Mode::disabled;
      return;
    }
    plan_.effort = nearest_effort(Effort::minimal, Effort::max);
    changes_.dropped(std::string(wish_.param), "this model cannot be told not to think");
  }

  void budget_to_effort() {
    if (!wish_.effort) plan_.effort = nearest_effort(effort_for(*wish_.budget), Effort::max);
    changes_.mapped(std::string(wish_.param), "this model takes no budget for thinking, it decides itself");
  }

  /// The model's word for `wished`: the first that is as high, else the highest, and never above `most`.
  std::string_view nearest_effort(Effort wished, Effort most) const {
    std::string_view nearest;
    for (const std::string& word : model_.efforts) {
      const auto known = chat::effort_named(word);
      if (!known || *known > most) continue;
      nearest = word;
      if (*known >= wished) break;
    }
    return nearest;
  }

  void set_effort(Effort wished) {
    // With thinking disabled, the newest models refuse more than `high`.
    plan_.effort = nearest_effort(wished, plan_.mode == Mode::disabled ? Effort::high : Effort::max);
    if (plan_.effort == chat::name(wished)) return;
    if (plan_.effort.empty()) {
      changes_.dropped(std::string(wish_.effort_param), "this model takes no effort");
    } else {
      changes_.mapped(std::string(wish_.effort_param),
                      "sent as `" + std::string(plan_.effort) + "`, the nearest that this model takes here");
    }
  }

  /// `thinking: {type: enabled, budget_tokens}`.
  void manual() {
    if (wish_.effort && wish_.effort_param == native_effort_param) set_effort(*wish_.effort);
    if (wish_.think == false) plan_.mode = Mode::disabled;
    if (wish_.think != true) return;
    plan_.mode = Mode::enabled;
    plan_.budget = wish_.budget.value_or(budget_of(wish_.effort.value_or(Effort::medium)));
    if (wish_.hide) plan_.display = *wish_.hide ? "omitted" : "summarized";
  }

  bool is_thinking() const {
    return plan_.mode == Mode::enabled || plan_.mode == Mode::adaptive ||
           (plan_.mode == Mode::unset && model_.thinks_by_default);
  }

  /// What the API refuses beside thinking. Thinking gives way: to force a tool or to continue a text is a
  /// matter of meaning, to think one of quality.
  void settle_conflicts() {
    if (!is_thinking()) return;
    const bool forced = request_.tool_choice.kind == chat::ToolChoice::Kind::required ||
                        request_.tool_choice.kind == chat::ToolChoice::Kind::named;
    if (forced && model_.forced_tool_choice && !model_.forced_tool_choice_while_thinking) {
      give_up("this model does not think while it is forced to call a tool");
    } else if (plan_.mode == Mode::enabled && last_tool_turn_lacks_thinking()) {
      give_up(
          "the last message with tool calls came back without the signed reasoning that this model needs to "
          "go on");
    } else if (ends_with_assistant()) {
      give_up("this model does not think while it continues an assistant message");
    }
  }

  void give_up(std::string_view why) {
    if (plan_.mode != Mode::enabled && !model_.thinking_can_be_disabled) return;
    plan_.mode = model_.thinks_by_default ? Mode::disabled : Mode::unset;
    plan_.display = {};
    changes_.dropped(std::string(wish_.param.empty() ? "reasoning_effort" : wish_.param), std::string(why));
  }

  bool ends_with_assistant() const {
    return !history_.turns.empty() && history_.turns.back().message->role == chat::Role::assistant &&
           history_.turns.back().calls.empty();
  }

  /// "When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceding the
  /// lastmost set of `tool_use` and `tool_result` blocks)". Adaptive thinking does not ask for it.
  bool last_tool_turn_lacks_thinking() const {
    const auto& turns = history_.turns;
    auto at = turns.rbegin();
    while (at != turns.rend() && at->message->role != chat::Role::assistant) ++at;
    if (at == turns.rend() || at->calls.empty()) return false;
    // Assistant messages that follow each other are sent as one.
    for (auto before = at + 1; before != turns.rend(); at = before++)
      if (before->message->role != chat::Role::assistant || !before->calls.empty()) break;
    return std::ranges::none_of(at->message->parts, [](const chat::Part& part) {
      const auto* reasoning = std::get_if<chat::ReasoningPart>(&part.content);
      return reasoning && can_be_replayed(*reasoning);
    });
  }

  /// 1024 <= budget < max_tokens, and room left for the answer. A budget of our own choosing comes on top of
  /// the tokens that the client wants; one that the client chose is part of them, as in Anthropic's own API.
  void fit_budget() {
    const auto cap = model_.max_output_tokens;
    const bool own = !wish_.budget;
    const std::int64_t asked = std::min(plan_.max_tokens, most_tokens);
    const std::int64_t wanted = plan_.budget;
    const std::int64_t least = std::max(min_budget, model_.min_thinking_budget);
    plan_.budget = std::min(wanted > 0 ? std::max(wanted, least) : wanted, most_tokens);
    if (model_.max_thinking_budget > 0) plan_.budget = std::min(plan_.budget, model_.max_thinking_budget);
    if ((request_.max_tokens || !cap) && (own || plan_.budget >= asked))
      plan_.max_tokens = cap ? std::min(asked + plan_.budget, *cap) : asked + plan_.budget;
    plan_.max_tokens = std::min(plan_.max_tokens, most_tokens);
    const std::int64_t room = own ? std::min(asked, plan_.max_tokens / 4) : 1;
    plan_.budget = std::min(plan_.budget, plan_.max_tokens - room);
    if (plan_.budget < least) {
      plan_.max_tokens = asked;
      give_up("there is no room for as many tokens as this model needs at least to think");
      return;
    }
    if (request_.max_tokens && plan_.max_tokens > asked)
      changes_.mapped(std::string(max_tokens_param()), "raised to " + std::to_string(plan_.max_tokens) +
                                                           ", because this model counts its thinking");
    if (!own && plan_.budget != wanted)
      changes_.clamped(std::string(wish_.param), "set to " + std::to_string(plan_.budget) +
                                                     " tokens: the API takes from " + std::to_string(least) +
                                                     " up to what max_tokens leaves");
  }

  const chat::Request& request_;
  const History& history_;
  const catalog::Capabilities& model_;
  chat::Changes& changes_;
  Wish wish_;
  ThinkingPlan plan_;
};

}  // namespace

bool can_be_replayed(const chat::ReasoningPart& part) {
  if (!part.format.equals("anthropic-claude-v1")) return false;
  if (part.kind == chat::ReasoningPart::Kind::text) return !part.signature.empty();
  return part.kind == chat::ReasoningPart::Kind::encrypted && !part.data.empty();
}

ThinkingPlan plan_thinking(const chat::Request& request, const History& history,
                           const catalog::Capabilities& model, chat::Changes& changes) {
  return Planner(request, history, model, changes).plan();
}

}  // namespace sluice::dialect::anthropic
