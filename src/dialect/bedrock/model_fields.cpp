#include "dialect/bedrock/model_fields.hpp"

#include "dialect/anthropic/sampling.hpp"
#include "dialect/effort.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace sluice::dialect::bedrock {
namespace {

using anthropic::SamplingPlan;
using anthropic::ThinkingPlan;
using catalog::ThinkingStyle;

bool thinks_as_claude(const catalog::Capabilities& model) {
  return model.thinking == ThinkingStyle::claude_budget || model.thinking == ThinkingStyle::claude_adaptive;
}

void write_inference_config(const SamplingPlan& sampling, const ThinkingPlan& thinking, Encoding& encoding) {
  std::string members;
  json::Writer json(members);
  json.begin_object();
  // Without it models write as much as they can. AWS sets as many tokens of a quota aside as are asked for.
  if (encoding.request.max_tokens || thinking.mode == ThinkingPlan::Mode::enabled)
    json.key("maxTokens").integer(thinking.max_tokens);
  if (sampling.temperature) json.key("temperature").number(*sampling.temperature);
  if (sampling.top_p) json.key("topP").number(*sampling.top_p);
  anthropic::write_stops("stopSequences", encoding.request, json, encoding.changes());
  json.end_object();
  if (members != "{}") encoding.body.key("inferenceConfig").raw(members);
}

/// The members of `additionalModelRequestFields`, ours before the client's own of other names.
class ModelFields {
 public:
  explicit ModelFields(Encoding& encoding) : encoding_(encoding), json_(text_) { json_.begin_object(); }

  void write(const SamplingPlan& sampling, const ThinkingPlan& thinking, const ToolPlan& tools) {
    if (thinks_as_claude(encoding_.capabilities())) {
      claude_thinking(thinking);
      claude_output_config(thinking);
    } else {
      effort(thinking);
    }
    top_k(sampling);
    if (encoding_.rules().claude_members) claude_members(tools);
    for (const json::Member& member : encoding_.request.other("additionalModelRequestFields").members())
      if (std::ranges::none_of(names_, [&](std::string_view name) { return member.key.equals(name); }))
        json_.key(member.key).raw(member.value.raw());
    json_.end_object();
    if (text_ != "{}") encoding_.body.key("additionalModelRequestFields").raw(text_);
  }

 private:
  json::Writer& add(std::string_view name) {
    names_.emplace_back(name);
    return json_.key(name);
  }

  void claude_thinking(const ThinkingPlan& plan) {
    using Mode = ThinkingPlan::Mode;
    if (plan.mode == Mode::unset) return;
    add("thinking").begin_object().key("type");
    json_.string(plan.mode == Mode::adaptive  ? "adaptive"
                 : plan.mode == Mode::enabled ? "enabled"
                                              : "disabled");
    if (plan.mode == Mode::enabled) json_.key("budget_tokens").integer(plan.budget);
    if (!plan.display.empty()) json_.key("display").string(plan.display);
    json_.end_object();
  }

  /// The effort is ours to settle, the form has a member of its own; others go through as the client wrote
  /// them.
  void claude_output_config(const ThinkingPlan& plan) {
    const auto is_settled = [](const json::Member& member) {
      return member.key.equals("effort") || member.key.equals("format");
    };
    const json::Value native = encoding_.request.other("output_config");
    bool has_others = false;
    for (const json::Member& member : native.members()) has_others |= !is_settled(member);
    if (plan.effort.empty() && !has_others) return;
    add("output_config").begin_object();
    if (!plan.effort.empty()) json_.key("effort").string(plan.effort);
    for (const json::Member& member : native.members())
      if (!is_settled(member)) json_.key(member.key).raw(member.value.raw());
    json_.end_object();
  }

  void effort(const ThinkingPlan& plan) {
    const std::string& name = encoding_.rules().effort;
    if (name == "reasoningConfig" && plan.mode != ThinkingPlan::Mode::unset) {
      const bool enabled = plan.mode != ThinkingPlan::Mode::disabled;
      add(name).begin_object().key("type").string(enabled ? "enabled" : "disabled");
      if (enabled) json_.key("maxReasoningEffort").string(plan.effort);
      json_.end_object();
    } else if (!name.empty() && !plan.effort.empty()) {
      add(name).string(plan.effort);
    }
  }

  /// Its place may be a member of an object, as `inferenceConfig.topK`.
  void top_k(const SamplingPlan& sampling) {
    if (!sampling.top_k) return;
    const std::string_view place = encoding_.rules().top_k;
    if (place.empty()) return encoding_.changes().dropped("top_k", "this model does not take it here");
    const std::size_t dot = place.find('.');
    add(place.substr(0, dot));
    if (dot != std::string_view::npos) json_.begin_object().key(place.substr(dot + 1));
    json_.integer(*sampling.top_k);
    if (dot != std::string_view::npos) json_.end_object();
  }

  void claude_members(const ToolPlan& tools) {
    const chat::Request& request = encoding_.request;
    if (const json::Value betas = request.other("anthropic_beta"); betas.is_array())
      add("anthropic_beta").raw(betas.raw());
    if (!tools.offered || request.parallel_tool_calls != false) return;
    const bool named = tools.choice == chat::ToolChoice::Kind::named;
    add("tool_choice").begin_object().key("type");
    json_.string(named ? "tool" : tools.choice == chat::ToolChoice::Kind::required ? "any" : "auto");
    if (named)
      json_.key("name").string(encoding_.out.renamed_tools.sent(request.tool_choice.name, max_tool_name));
    json_.key("disable_parallel_tool_use").boolean(true).end_object();
  }

  Encoding& encoding_;
  std::string text_;
  json::Writer json_;
  std::vector<std::string> names_;  ///< of what has been written
};

}  // namespace

ThinkingPlan plan_thinking(const History& history, Encoding& encoding) {
  const catalog::Capabilities& model = encoding.capabilities();
  const chat::Request& request = encoding.request;
  const bool takes_effort = !model.converse.effort.empty() && !model.efforts.empty();
  if (thinks_as_claude(model) || !takes_effort)
    return anthropic::plan_thinking(request, history, model, encoding.changes());
  ThinkingPlan plan;
  plan.max_tokens = request.max_tokens.value_or(0);
  const auto asked = request.reasoning.effort;
  if (request.reasoning.max_tokens && !asked)
    encoding.changes().dropped("reasoning.max_tokens", "this model takes no budget for thinking");
  if (!asked) return plan;
  if (*asked == chat::Effort::none && model.thinking_can_be_disabled) {
    plan.mode = ThinkingPlan::Mode::disabled;
    return plan;
  }
  plan.mode = ThinkingPlan::Mode::adaptive;
  plan.effort = nearest_effort(model, *asked);
  if (plan.effort != chat::name(*asked))
    encoding.changes().mapped("reasoning_effort", "sent as `" + std::string(plan.effort) +
                                                      "`, the nearest that this model takes here");
  return plan;
}

void write_model_fields(const ThinkingPlan& thinking, const ToolPlan& tools, Encoding& encoding) {
  const bool bound = thinking.thinks && thinks_as_claude(encoding.capabilities());
  const SamplingPlan sampling =
      anthropic::plan_sampling(encoding.request, encoding.capabilities(), bound, encoding.changes());
  write_inference_config(sampling, thinking, encoding);
  ModelFields(encoding).write(sampling, thinking, tools);
}

}  // namespace sluice::dialect::bedrock
