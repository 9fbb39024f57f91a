#pragma once
// Whether a client that knows nothing but OpenAI's published shapes may get a host's JSON as it is.
//
// What does not conform is no error: it is written anew from its events. The checks are strict, since a false
// "no" costs a little time and a false "yes" breaks a client.

#include "dialect/openai/answer_parts.hpp"
#include "dialect/openai/answer_state.hpp"
#include "json/document.hpp"

namespace sluice::dialect::openai {

/// A chunk, at this point of the stream; `answer` is what came before, `next` what follows where that is
/// known. Chunks with a finish_reason or usage never conform: what a choice ends with is known at the end
/// only, and when the client gets usage is not the host's choice. Nor does anything for a client that speaks
/// the deprecated `functions`.
bool chunk_conforms(const AnswerParts& chunk, json::Value next, const AnswerState& answer);

/// A whole body.
bool body_conforms(const AnswerParts& body, const AnswerState& answer);

}  // namespace sluice::dialect::openai
