#pragma once
// The result of a tool call -> `functionResponse`.

#include "dialect/gemini/encoding.hpp"
#include "dialect/history.hpp"

#include <string>
#include <vector>

namespace sluice::dialect::gemini {

/// Writes the result as one element of the `parts` array that is open.
Result<> write_function_response(const AnsweredCall& call, Encoding& encoding);

/// The media of a result that cannot stand inside it.
std::vector<const chat::Part*> media_behind(const AnsweredCall& call, const Encoding& encoding);
/// What tells the model where such media come from; escaped.
std::string caption(const AnsweredCall& call);

}  // namespace sluice::dialect::gemini
