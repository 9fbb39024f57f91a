#pragma once
// `response_format`: natively where the model can, as an instruction where it cannot.

#include "dialect/dialect.hpp"
#include "dialect/schema/keywords.hpp"

#include <string>

namespace sluice::dialect::anthropic {

/// How the answer's form is asked for.
struct AnswerFormat {
  std::string schema;       ///< JSON, what the API takes of the client's; empty: none
  std::string instruction;  ///< for the system prompt; empty: none
};

/// Decides and reports. `subset` is what the API takes where the model knows schemas.
AnswerFormat plan_answer_format(const chat::Request& request, const catalog::Capabilities& model,
                                schema::Subset subset, chat::Changes& changes);

}  // namespace sluice::dialect::anthropic
