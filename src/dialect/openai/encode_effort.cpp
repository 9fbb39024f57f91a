// How much the model should think, in the host's own way of asking for it.

#include "dialect/effort.hpp"
#include "dialect/openai/request_edit.hpp"

#include <optional>

namespace sluice::dialect::openai {
namespace {

using chat::Effort;

class EffortEdit {
 public:
  explicit EffortEdit(RequestEdit& edit) : edit_(edit), reasoning_(edit.request.reasoning) {
    wished_ = reasoning_.effort;
    if (!wished_ && reasoning_.max_tokens) wished_ = effort_for(*reasoning_.max_tokens);
    param_ = edit.member("reasoning_effort") ? "reasoning_effort" : "reasoning";
  }

  void run() {
    const bool can_think = edit_.model().thinking != catalog::ThinkingStyle::none;
    edit_.reasons = can_think && (wished_ ? *wished_ != Effort::none : edit_.model().thinks_by_default);
    switch (edit_.host().reasoning_request) {
      case ReasoningRequest::object:
        return as_object();
      case ReasoningRequest::effort:
        edit_.drop("thinking", "this host does not take it");
        return as_effort();
      case ReasoningRequest::thinking_type:
        return as_thinking_type();
      case ReasoningRequest::enable_thinking:
        return as_enable_thinking();
    }
  }

 private:
  /// The host maps efforts and budgets itself where they come as an object.
  void as_object() {
    if (reasoning_.effort && edit_.member("reasoning_effort")) replace_effort();
  }

  void as_effort() {
    report_unsaid();
    if (wished_) {
      replace_effort();
      if (reasoning_.max_tokens && !reasoning_.effort && edit_.is_settled("reasoning_effort"))
        edit_.changes.mapped("reasoning.max_tokens", "this host takes no budget; sent as reasoning_effort");
    }
    edit_.discard("reasoning");
  }

  void as_thinking_type() {
    report_unsaid();
    if (const auto on = switched_by("thinking"))
      edit_.set("thinking", *on ? R"({"type":"enabled"})" : R"({"type":"disabled"})");
    const bool takes_word = edit_.host().reasoning_effort && !edit_.model().efforts.empty();
    if (wished_ && *wished_ != Effort::none && takes_word) replace_effort();
    discard_members();
  }

  void as_enable_thinking() {
    report_unsaid();
    edit_.drop("thinking", "this host does not take it");
    if (const auto on = switched_by("enable_thinking")) {
      edit_.set("enable_thinking", *on ? "true" : "false");
      if (reasoning_.max_tokens.value_or(0) > 0)
        edit_.set("thinking_budget", std::to_string(*reasoning_.max_tokens));
    }
    discard_members();
  }

  /// But for a word that is not ours to understand: the host judges it.
  void discard_members() {
    if (reasoning_.effort || !edit_.member("reasoning_effort")) edit_.discard("reasoning_effort");
    edit_.discard("reasoning");
  }

  /// Whether a member of its own turns thinking on or off; nothing if that stays as it is.
  std::optional<bool> switched_by(std::string_view member) {
    if (!wished_ || edit_.member(member)) return std::nullopt;
    const bool on = *wished_ != Effort::none;
    if (edit_.model().thinking == catalog::ThinkingStyle::none) {
      report_cannot();
      return std::nullopt;
    }
    if (!on && !edit_.model().thinking_can_be_disabled) {
      report_cannot_stop();
      return std::nullopt;
    }
    return on;
  }

  /// Sends the model's word for the effort. `none` need not be said to a model that does not think by itself.
  void replace_effort() {
    const Effort wished = *wished_;
    const std::string_view asked = chat::name(wished);
    if (!edit_.host().reasoning_effort) return edit_.drop("reasoning_effort", "this host does not take it");
    if (edit_.model().accepts_effort(asked)) return send(asked);
    if (wished == Effort::none && !edit_.model().thinks_by_default) return edit_.discard("reasoning_effort");
    if (takes_budget(edit_.model())) return send(asked);
    const std::string_view nearest = nearest_effort(edit_.model(), wished);
    if (nearest.empty()) {
      wished == Effort::none ? report_cannot_stop() : report_cannot();
      return edit_.discard("reasoning_effort");
    }
    edit_.changes.mapped(std::string(param_),
                         "sent as `" + std::string(nearest) + "`, the nearest that this model takes");
    edit_.reasons = nearest != chat::name(Effort::none);
    send(nearest);
  }

  void send(std::string_view word) {
    if (edit_.member("reasoning_effort").equals(word)) return edit_.keep("reasoning_effort");
    edit_.set("reasoning_effort", '"' + std::string(word) + '"');
  }

  void report_cannot() {
    if (wished_ != Effort::none)
      edit_.changes.dropped(std::string(param_), "this model cannot be told how much to think");
  }

  void report_cannot_stop() {
    edit_.reasons = true;
    edit_.changes.dropped(std::string(param_), "this model cannot be told not to think");
  }

  /// Reasoning that the client does not want to see is shown all the same where the host shows any.
  void report_unsaid() {
    if (reasoning_.exclude == true && edit_.host().reasoning_history != ReasoningHistory::none)
      edit_.changes.dropped("reasoning.exclude", "this host cannot be told to hide reasoning");
  }

  RequestEdit& edit_;
  const chat::Reasoning& reasoning_;
  std::optional<Effort> wished_;
  std::string_view param_;  ///< the member that asks, for reports
};

}  // namespace

void edit_effort(RequestEdit& edit) {
  EffortEdit(edit).run();
}

}  // namespace sluice::dialect::openai
