#pragma once
// Google's generateContent and streamGenerateContent, as the Generative Language API and Vertex AI answer
// them.

#include "simulate/reading.hpp"
#include "simulate/scenario.hpp"
#include "simulate/script.hpp"

#include <span>

namespace sluice::simulate::gemini {

/// `model` and `method` stand in the path. A path with `/publishers/` is Vertex AI's: calls have no ids
/// there.
Read<Reading> read_request(const Received& request);
Script write_answer(const Reading& reading, std::span<const Plan> plans, std::size_t piece_bytes);
/// `in_array`: where a stream without `alt=sse` was asked for, the error stands in an array too.
Script write_complaint(const Complaint& complaint, bool in_array);
/// What it says with a status that a fault asks for.
Complaint failure(int status);
Script list_models(std::span<const std::string_view> ids);

}  // namespace sluice::simulate::gemini
