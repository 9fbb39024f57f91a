#include "gateway/choose_dialect.hpp"

namespace sluice::gateway {
namespace {

using catalog::Capabilities;
using catalog::ResponsesApi;
using chat::Effort;

/// Whether the model will think, asked to or not.
bool will_reason(const chat::Request& request, const Capabilities& model) {
  if (model.thinking == catalog::ThinkingStyle::none) return false;
  const chat::Reasoning& asked = request.reasoning;
  if (asked.effort) return *asked.effort != Effort::none || !model.thinking_can_be_disabled;
  if (asked.max_tokens) return *asked.max_tokens > 0 || !model.thinking_can_be_disabled;
  return model.thinks_by_default;
}

/// What the Responses API lacks, and the model may have in chat completions.
bool wants_only_chat(const chat::Request& request) {
  return request.sampling.n.value_or(1) > 1 || !request.stop.empty();
}

bool needs_responses(const chat::Request& request, const Capabilities& model) {
  if (model.responses_api == ResponsesApi::needed || !request.hosted_tools.empty()) return true;
  if (request.tools.empty() || !will_reason(request, model)) return false;
  return model.responses_api == ResponsesApi::needed_with_tools ||
         (model.responses_api == ResponsesApi::better_with_tools && !wants_only_chat(request));
}

}  // namespace

const dialect::Dialect& choose_dialect(const chat::Request& request, const Target& target) {
  const Provider& provider = *target.provider;
  const bool other = provider.responses && needs_responses(request, *target.capabilities);
  return other ? *provider.responses : *provider.dialect;
}

}  // namespace sluice::gateway
