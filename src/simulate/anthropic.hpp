#pragma once
// Anthropic's messages API as it answers and refuses.

#include "simulate/reading.hpp"
#include "simulate/scenario.hpp"
#include "simulate/script.hpp"

#include <span>

namespace sluice::simulate::anthropic {

/// Headers, members and their names, turns, blocks, signatures, schemas, and what each family of models
/// refuses (claude_models.hpp).
Read<Reading> read_request(const Received& request);
Script write_answer(const Reading& reading, std::span<const Plan> plans, std::size_t piece_bytes);
Script write_complaint(const Complaint& complaint, std::uint64_t seed);
/// What it says with a status that a fault asks for.
Complaint failure(int status);
Script list_models(std::span<const std::string_view> ids);

}  // namespace sluice::simulate::anthropic
