#pragma once
// OpenAI's Responses API, as OpenAI and compatible hosts answer it. Failures are told as by chat completions
// (openai.hpp). Nothing is stored, so references to earlier answers find nothing.

#include "simulate/reading.hpp"
#include "simulate/scenario.hpp"
#include "simulate/script.hpp"

#include <span>

namespace sluice::simulate::responses {

/// What OpenAI checks of any request; and of its own models what only they refuse. Hosts take more.
Read<Reading> read_request(const Received& request);
Script write_answer(const Reading& reading, std::span<const Plan> plans, std::size_t piece_bytes);

/// Whose encrypted reasoning is taken back: what sign() is asked to vouch for.
inline constexpr std::string_view reasoning_seal = "reasoning";

}  // namespace sluice::simulate::responses
