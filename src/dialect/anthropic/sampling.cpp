#include "dialect/anthropic/sampling.hpp"

#include <algorithm>
#include <string>

namespace sluice::dialect::anthropic {
namespace {

using catalog::SamplingRule;

constexpr double most_temperature = 1.0;
constexpr double least_top_p_while_thinking = 0.95;

class Sampling {
 public:
  Sampling(const chat::Sampling& asked, const catalog::Capabilities& model, bool thinks,
           chat::Changes& changes)
      : asked_(asked),
        rule_(model.sampling),
        most_(std::min(model.max_temperature, most_temperature)),
        thinks_(thinks),
        changes_(changes) {}

  SamplingPlan plan() {
    temperature();
    top_p();
    top_k();
    report_unknown();
    return plan_;
  }

 private:
  bool rejects_all() const {
    return rule_ == SamplingRule::rejected || (rule_ == SamplingRule::rejected_while_reasoning && thinks_);
  }

  void temperature() {
    if (!asked_.temperature) return;
    if (rejects_all()) return refuse("temperature");
    const double value = std::min(*asked_.temperature, most_);
    if (thinks_ && value != most_temperature)
      return changes_.dropped("temperature", "this model thinks at 1 only");
    if (value < *asked_.temperature)
      changes_.clamped("temperature", "the highest that this model takes is 1");
    plan_.temperature = value;
  }

  void top_p() {
    if (!asked_.top_p) return;
    if (rejects_all()) return refuse("top_p");
    if (rule_ == SamplingRule::temperature_or_top_p && asked_.temperature)
      return changes_.dropped("top_p", "this model takes it only without temperature");
    if (thinks_ && *asked_.top_p < least_top_p_while_thinking)
      return changes_.dropped("top_p", "this model thinks at 0.95 to 1 only");
    plan_.top_p = asked_.top_p;
  }

  void top_k() {
    if (!asked_.top_k) return;
    if (rejects_all()) return refuse("top_k");
    if (thinks_) return changes_.dropped("top_k", "this model does not take it while it thinks");
    plan_.top_k = asked_.top_k;
  }

  void refuse(std::string_view param) { changes_.dropped(std::string(param), "this model does not take it"); }

  void report_unknown() {
    const auto report = [&](bool asked, std::string_view param) {
      if (asked) changes_.dropped(std::string(param), "this API has no such parameter");
    };
    report(asked_.presence_penalty.value_or(0) != 0, "presence_penalty");
    report(asked_.frequency_penalty.value_or(0) != 0, "frequency_penalty");
    report(asked_.seed.has_value(), "seed");
    report(asked_.logprobs.value_or(false), "logprobs");
    report(asked_.top_logprobs.value_or(0) != 0, "top_logprobs");
    report(asked_.logit_bias.size() > 0, "logit_bias");
  }

  const chat::Sampling& asked_;
  SamplingRule rule_;
  double most_;
  bool thinks_;
  chat::Changes& changes_;
  SamplingPlan plan_;
};

}  // namespace

SamplingPlan plan_sampling(const chat::Request& request, const catalog::Capabilities& model, bool thinks,
                           chat::Changes& changes) {
  return Sampling(request.sampling, model, thinks, changes).plan();
}

void write_stops(std::string_view name, const chat::Request& request, json::Writer& json,
                 chat::Changes& changes) {
  const auto& stop = request.stop;
  for (std::size_t i = 0; i < stop.size(); ++i)
    if (stop[i].is_blank())
      changes.dropped("stop[" + std::to_string(i) + "]", "this API takes no sequences of white space alone");
  if (std::ranges::all_of(stop, &json::Text::is_blank)) return;
  json.key(name).begin_array();
  for (json::Text sequence : stop)
    if (!sequence.is_blank()) json.text(sequence);
  json.end_array();
}

void write_sampling(const chat::Request& request, const Target& target, const ThinkingPlan& thinking,
                    json::Writer& json, chat::Changes& changes) {
  const SamplingPlan plan = plan_sampling(request, target.capabilities, thinking.thinks, changes);
  if (plan.temperature) json.key("temperature").number(*plan.temperature);
  if (plan.top_p) json.key("top_p").number(*plan.top_p);
  if (plan.top_k) json.key("top_k").integer(*plan.top_k);
  write_stops("stop_sequences", request, json, changes);
}

}  // namespace sluice::dialect::anthropic
