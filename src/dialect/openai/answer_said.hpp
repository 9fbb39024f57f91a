#pragma once
// What a choice says beside tool calls: text, refusal, reasoning, citations, images.

#include "chat/event.hpp"
#include "dialect/openai/answer_parts.hpp"

#include <cstdint>

namespace sluice::dialect::openai {

/// What reading a delta or message has done.
struct SaidSoFar {
  bool content = false;  ///< events that open a chunk for the client, whatever the encoder
  bool other = false;    ///< other events
};

/// Emits the events of a delta (`whole` is false) or a message. Empty text is worth an event in a message
/// only: a model may answer with nothing.
SaidSoFar read_said(json::Value said, const SaidParts& parts, std::uint32_t choice, bool whole,
                    chat::EventSink& sink);

/// Whether a `reasoning_details` list has text that can be shown.
bool has_readable_detail(json::Value details);

}  // namespace sluice::dialect::openai
