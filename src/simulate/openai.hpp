#pragma once
// OpenAI's chat completions, as its API and those of compatible hosts answer them.

#include "simulate/reading.hpp"
#include "simulate/scenario.hpp"
#include "simulate/script.hpp"

#include <span>

namespace sluice::simulate::openai {

/// What OpenAI checks of any request; and of its own models (names such as gpt-5 or o3, without a slash) what
/// only they refuse: unknown parameters, sampling of a model that reasons. Hosts take more.
Read<Reading> read_request(const Received& request);
Script write_answer(const Reading& reading, std::span<const Plan> plans, std::size_t piece_bytes);
Script write_complaint(const Complaint& complaint, std::uint64_t seed);
/// What it says with a status that a fault asks for.
Complaint failure(int status);
Script list_models(std::span<const std::string_view> ids);

}  // namespace sluice::simulate::openai
