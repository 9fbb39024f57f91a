#pragma once
// Ollama's own chat API.

#include "simulate/reading.hpp"
#include "simulate/scenario.hpp"
#include "simulate/script.hpp"

#include <span>

namespace sluice::simulate::ollama {

/// What Ollama checks. A server of one's own wants no key.
Read<Reading> read_request(const Received& request);
Script write_answer(const Reading& reading, std::span<const Plan> plans, std::size_t piece_bytes);
Script write_complaint(const Complaint& complaint);
/// What Ollama says when it fails or refuses with that status.
Complaint failure(int status);
Script list_models(std::span<const std::string_view> ids);

}  // namespace sluice::simulate::ollama
