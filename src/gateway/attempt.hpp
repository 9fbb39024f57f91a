#pragma once
// attempt: one question to one target, from its translation to the last byte of its answer.

#include "gateway/try_models.hpp"

namespace sluice::gateway {

/// Asks `target`, which serves the model of `route`, and relays its answer. Notes what came of it in the
/// story and in the target's health.
Task<Result<>> attempt(Trial& trial, const Route& route, const Question& question, const Target& target,
                       Attempt::Why why);

}  // namespace sluice::gateway
