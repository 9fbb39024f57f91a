#pragma once
// The members of an answer, of a choice and of what a choice says, found in one pass over each.
//
// A whole body and a chunk of a stream are made alike; `message` and `delta` differ only in that deltas come
// in pieces. Members that have no field here are other ones: kept by name (chat::Extra).

#include "json/document.hpp"

#include <string_view>

namespace sluice::dialect::openai {

struct AnswerParts {
  json::Value id, object, created, model, choices, usage, error, x_groq;
};

struct ChoiceParts {
  json::Value index, delta, message, finish_reason, native_finish_reason, stop_reason, tool_calls, usage,
      error;
};

struct SaidParts {
  json::Value role, content, refusal, reasoning_content, reasoning, thinking, reasoning_details, tool_calls,
      function_call, annotations, images;
};

AnswerParts answer_parts(json::Value answer);
ChoiceParts choice_parts(json::Value choice);
SaidParts said_parts(json::Value said);

/// Whether a member is to be kept by name, because it is not one of the fields above or tells more than they
/// do.
bool is_other_of_answer(std::string_view key);
bool is_other_of_choice(std::string_view key);
bool is_other_of_said(std::string_view key);

/// Usage, from wherever the host puts it in this piece of the answer; missing if there is none.
json::Value usage_in(const AnswerParts& parts);
/// Which choice a part of a stream is about: hosts may leave the index out.
std::int64_t choice_index(const ChoiceParts& choice);

}  // namespace sluice::dialect::openai
