#pragma once
// How much the model should think, and what it thought before.

#include "dialect/responses/encoding.hpp"

namespace sluice::dialect::responses {

/// What is asked for, as far as the model takes it; the rest is reported. A summary is asked for only where
/// the client speaks of more than an effort: OpenAI refuses it to organizations that have not been verified.
ReasoningPlan plan_reasoning(const chat::Request& request, const catalog::Capabilities& model,
                             chat::Changes& changes);

void write_reasoning(Encoding& encoding);

/// Writes what the model thought before a message or calls of its own, as items. Only what this provider has
/// encrypted goes back to it.
void write_thoughts(const chat::Message& message, Encoding& encoding);
/// Reports thoughts that have nothing to stand before.
void report_lost_thoughts(const chat::Message& message, Encoding& encoding);

}  // namespace sluice::dialect::responses
