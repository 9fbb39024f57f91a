#pragma once
// What the chunk behind a chunk tells about it.
//
// A client can be told only once what the answer's id is and what a tool is called. Some hosts leave the id
// out at first or send a name in pieces, so a chunk that depends on the next one waits for it.

#include "dialect/openai/answer_parts.hpp"
#include "dialect/openai/answer_state.hpp"
#include "json/document.hpp"

#include <cstdint>

namespace sluice::dialect::openai {

/// Whether what `chunk` means depends on the next one: it names a tool call whose arguments have not begun,
/// or says nothing yet and has no id.
bool must_wait(const AnswerState& answer, const AnswerParts& chunk);

/// Whether `next` (missing at the end of the stream) has more of the name of `call`.
bool name_goes_on(json::Value next, std::uint32_t choice, const CallState& call);

}  // namespace sluice::dialect::openai
