// Limits and sampling, within what the model and the host take.

#include "dialect/openai/request_edit.hpp"
#include "json/writer.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect::openai {
namespace {

using catalog::SamplingRule;

constexpr std::array<std::string_view, 3> sampling{"temperature", "top_p", "top_k"};
// platform.openai.com/docs/guides/reasoning: what reasoning models answer with "unsupported parameter"
constexpr std::array<std::string_view, 7> not_while_reasoning{
    "temperature", "top_p",    "presence_penalty", "frequency_penalty",
    "logit_bias",  "logprobs", "top_logprobs"};

void edit_max_tokens(RequestEdit& edit) {
  if (!edit.request.max_tokens) return;
  const bool long_name_given = bool(edit.member("max_completion_tokens"));
  const bool long_name =
      edit.host().max_completion_tokens && (edit.model().max_completion_tokens || long_name_given);
  const std::string_view name = long_name ? "max_completion_tokens" : "max_tokens";
  std::int64_t limit = *edit.request.max_tokens;
  if (const auto most = edit.model().max_output_tokens; most && limit > *most) {
    edit.changes.clamped(long_name_given ? "max_completion_tokens" : "max_tokens",
                         "this model writes at most " + std::to_string(*most) + " tokens");
    limit = *most;
  }
  edit.discard(long_name ? "max_tokens" : "max_completion_tokens");
  if (edit.member(name).integer() != limit) edit.set(name, std::to_string(limit));
}

void edit_by_rule(RequestEdit& edit) {
  const auto& asked = edit.request.sampling;
  switch (edit.model().sampling) {
    case SamplingRule::accepted:
      break;
    case SamplingRule::temperature_or_top_p:
      if (asked.temperature && asked.top_p)
        edit.drop("top_p", "this model takes it only without temperature");
      break;
    case SamplingRule::rejected_while_reasoning:
      if (!edit.reasons) break;
      for (std::string_view name : not_while_reasoning)
        edit.drop(name, "this model does not take it while it reasons");
      break;
    case SamplingRule::rejected:
      for (std::string_view name : sampling) edit.drop(name, "this model does not take it");
      break;
  }
}

void edit_temperature(RequestEdit& edit) {
  const double most = edit.model().max_temperature;
  if (edit.request.sampling.temperature.value_or(0) <= most || edit.is_settled("temperature")) return;
  std::string highest;
  json::Writer(highest).number(most);
  edit.changes.clamped("temperature", "the highest that this model takes is " + highest);
  edit.set("temperature", highest);
}

/// Together's `logprobs` is how many alternatives to show.
void edit_logprobs(RequestEdit& edit) {
  if (!edit.host().counted_logprobs) return;
  const auto& asked = edit.request.sampling;
  if (asked.logprobs == true) {
    edit.set("logprobs", std::to_string(std::max<std::int64_t>(asked.top_logprobs.value_or(0), 1)));
  } else {
    edit.discard("logprobs");
  }
  edit.discard("top_logprobs");
}

void edit_seed(RequestEdit& edit) {
  const json::Value seed = edit.member("seed");
  if (edit.host().seed == "seed" || !seed || edit.is_settled("seed")) return;
  edit.discard("seed");
  edit.set(edit.host().seed, seed.raw());
}

Result<> check_choices(const RequestEdit& edit) {
  const auto refused = edit.host().refused;
  const bool takes_n =
      edit.model().multiple_choices && std::ranges::find(refused, std::string_view("n")) == refused.end();
  if (takes_n || edit.request.sampling.n.value_or(1) == 1) return {};
  return fail(Error(ErrorCode::unsupported_parameter,
                    "n: `" + std::string(edit.target.model) + "` gives one answer to a request")
                  .with_param("n"));
}

}  // namespace

Result<> edit_sampling(RequestEdit& edit) {
  if (auto done = check_choices(edit); !done) return done;
  edit_max_tokens(edit);
  edit_by_rule(edit);
  edit_temperature(edit);
  edit_logprobs(edit);
  edit_seed(edit);
  if (!edit.model().stop) edit.drop("stop", "this model does not take it");
  return {};
}

}  // namespace sluice::dialect::openai
