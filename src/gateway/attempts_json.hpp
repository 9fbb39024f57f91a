#pragma once
// A request's attempts as JSON: short for the client's `sluice.attempts`, whole for the record.

#include "gateway/story.hpp"

#include <string>

namespace sluice::gateway {

/// An array; each attempt with provider, model, why it was made, and how it failed.
std::string attempts_for_client(const Story& story);
/// The same with addresses, times and messages; empty if nothing was asked.
std::string attempts_for_record(const Story& story);

}  // namespace sluice::gateway
