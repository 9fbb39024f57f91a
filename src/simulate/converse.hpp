#pragma once
// AWS Bedrock's Converse and ConverseStream.

#include "simulate/reading.hpp"
#include "simulate/scenario.hpp"
#include "simulate/script.hpp"

#include <span>

namespace sluice::simulate::converse {

/// What Bedrock checks of any request, and of Claude's signed thoughts.
Read<Reading> read_request(const Received& request);
Script write_answer(const Reading& reading, std::span<const Plan> plans, std::size_t piece_bytes);
Script write_complaint(const Complaint& complaint, std::uint64_t seed);
/// What Bedrock says when it fails or refuses with that status.
Complaint failure(int status);
Script list_models(std::span<const std::string_view> ids);

}  // namespace sluice::simulate::converse
