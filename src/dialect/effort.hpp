#pragma once
// How much to think: efforts in words and in tokens, and what a model takes of them.

#include "catalog/capabilities.hpp"
#include "chat/request.hpp"

#include <cstdint>
#include <string_view>

namespace sluice::dialect {

/// The effort that is worth at least so many tokens of reasoning.
chat::Effort effort_for(std::int64_t budget);

/// The model's word for an effort: the first that is as high, else the highest. To think less than wished is
/// near, not to think is not. Empty if the model knows no such word.
std::string_view nearest_effort(const catalog::Capabilities& model, chat::Effort wished);

/// Claude and Gemini models that think by budget: a host that offers them in OpenAI's form translates
/// efforts.
bool takes_budget(const catalog::Capabilities& model);

}  // namespace sluice::dialect
