#pragma once
// `response_format`: natively where the model can, as an instruction where it cannot.

#include "dialect/dialect.hpp"

#include <string>

namespace sluice::dialect::anthropic {

/// How the answer's form is asked for.
struct AnswerFormat {
  json::Value schema;       ///< for `output_config.format`; missing: none
  std::string instruction;  ///< for the system prompt; empty: none
};

/// Decides and reports.
AnswerFormat plan_answer_format(const chat::Request& request, const catalog::Capabilities& model,
                                chat::Changes& changes);

}  // namespace sluice::dialect::anthropic
