#pragma once
// `inferenceConfig` and `additionalModelRequestFields`: how the model is run, and what only some models know.

#include "dialect/anthropic/thinking.hpp"
#include "dialect/bedrock/encode_tools.hpp"
#include "dialect/bedrock/encoding.hpp"
#include "dialect/history.hpp"

namespace sluice::dialect::bedrock {

/// Whether and how much the model is told to think. Claude's rules are those of its own API; others take an
/// effort.
anthropic::ThinkingPlan plan_thinking(const History& history, Encoding& encoding);

/// Writes both members, where they have something to say, and reports what the model does not take. Fields
/// that the client gives under `additionalModelRequestFields` are sent too.
void write_model_fields(const anthropic::ThinkingPlan& thinking, const ToolPlan& tools, Encoding& encoding);

}  // namespace sluice::dialect::bedrock
