#include "dialect/responses/reasoning.hpp"

#include "dialect/effort.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace sluice::dialect::responses {
namespace {

using chat::Effort;
using chat::ReasoningPart;

constexpr std::array<std::string_view, 3> summaries{"auto", "concise", "detailed"};

class Planner {
 public:
  Planner(const chat::Request& request, const catalog::Capabilities& model, chat::Changes& changes)
      : asked_(request.reasoning), wanted_(request.source["reasoning"]), model_(model), changes_(changes) {
    wished_ = asked_.effort;
    if (!wished_ && asked_.max_tokens) wished_ = effort_for(*asked_.max_tokens);
    param_ = request.source["reasoning_effort"] ? "reasoning_effort" : "reasoning";
  }

  ReasoningPlan plan() {
    plan_.can_reason = model_.thinking != catalog::ThinkingStyle::none;
    if (!plan_.can_reason) {
      if (wished_.value_or(Effort::none) != Effort::none) report_cannot();
      return plan_;
    }
    plan_.reasons = wished_ ? *wished_ != Effort::none : model_.thinks_by_default;
    if (wished_) settle_effort(*wished_);
    if (plan_.reasons) plan_.summary = summary();
    return plan_;
  }

 private:
  void settle_effort(Effort wished) {
    const std::string_view word = chat::name(wished);
    if (wished == Effort::none && !model_.thinks_by_default && !model_.accepts_effort(word)) return;
    plan_.effort =
        model_.accepts_effort(word) || takes_budget(model_) ? word : nearest_effort(model_, wished);
    if (plan_.effort.empty()) {
      plan_.reasons = model_.thinks_by_default || wished != Effort::none;
      wished == Effort::none ? changes_.dropped(param_, "this model cannot be told not to think")
                             : report_cannot();
      return;
    }
    plan_.reasons = plan_.effort != chat::name(Effort::none);
    if (plan_.effort != word) {
      changes_.mapped(param_,
                      "sent as `" + std::string(plan_.effort) + "`, the nearest that this model takes");
    } else if (!asked_.effort) {
      changes_.mapped("reasoning.max_tokens",
                      "this API takes no budget; sent as the effort `" + std::string(word) + "`");
    }
  }

  std::string_view summary() const {
    if (!wanted_.is_object() || asked_.exclude == true) return {};
    for (std::string_view word : summaries)
      if (wanted_["summary"].equals(word)) return word;
    return summaries.front();
  }

  void report_cannot() { changes_.dropped(param_, "this model cannot be told how much to think"); }

  const chat::Reasoning& asked_;
  json::Value wanted_;  ///< the member `reasoning`
  const catalog::Capabilities& model_;
  chat::Changes& changes_;
  ReasoningPlan plan_;
  std::optional<Effort> wished_;
  std::string param_;  ///< the member that asks, for reports
};

/// Hosts that pass on the reasoning of many families tell them apart by a member of the item.
bool names_families(const HostProfile& host) {
  return host.reasoning_history == ReasoningHistory::details;
}

bool can_read(const ReasoningPart& part, const HostProfile& host) {
  return !part.format.empty() && (names_families(host) || part.format.equals(host.reasoning_format));
}

void write_item(const ReasoningPart& part, const std::vector<json::Text>& summary, Encoding& encoding) {
  json::Writer& body = encoding.body;
  body.begin_object().key("type").string("reasoning");
  if (encoding.host().reasoning_ids && !part.id.empty()) body.key("id").text(part.id);
  body.key("summary").begin_array();
  for (json::Text text : summary)
    body.begin_object().key("type").string("summary_text").key("text").text(text).end_object();
  body.end_array().key("encrypted_content").text(part.data);
  if (names_families(encoding.host())) body.key("format").text(part.format);
  body.end_object();
}

void report_lost(const chat::Message& message, const ReasoningPart& part, Encoding& encoding) {
  const bool plain = part.format.empty() && part.signature.empty();
  encoding.repeated.reasoning.at(
      [&] { return path_of(message) + (plain ? ".reasoning_content" : ".reasoning_details"); });
}

}  // namespace

ReasoningPlan plan_reasoning(const chat::Request& request, const catalog::Capabilities& model,
                             chat::Changes& changes) {
  return Planner(request, model, changes).plan();
}

void write_reasoning(Encoding& encoding) {
  const ReasoningPlan& plan = encoding.reasoning;
  if (plan.effort.empty() && plan.summary.empty()) return;
  encoding.body.key("reasoning").begin_object();
  if (!plan.effort.empty()) encoding.body.key("effort").string(plan.effort);
  if (!plan.summary.empty()) encoding.body.key("summary").string(plan.summary);
  encoding.body.end_object();
}

void write_thoughts(const chat::Message& message, Encoding& encoding) {
  std::vector<json::Text> summary;  // of the item whose encrypted part is still to come
  for (const chat::Part& part : message.parts) {
    const auto* thought = std::get_if<ReasoningPart>(&part.content);
    if (!thought) continue;
    const bool ours = encoding.reasoning.can_reason && can_read(*thought, encoding.host());
    if (ours && thought->kind == ReasoningPart::Kind::summary) {
      summary.push_back(thought->text);
    } else if (ours && thought->kind == ReasoningPart::Kind::encrypted) {
      write_item(*thought, summary, encoding);
      summary.clear();
    } else {
      report_lost(message, *thought, encoding);
    }
  }
  if (!summary.empty())
    encoding.repeated.reasoning.at([&] { return path_of(message) + ".reasoning_details"; });
}

void report_lost_thoughts(const chat::Message& message, Encoding& encoding) {
  for (const chat::Part& part : message.parts)
    if (const auto* thought = std::get_if<ReasoningPart>(&part.content))
      report_lost(message, *thought, encoding);
}

}  // namespace sluice::dialect::responses
