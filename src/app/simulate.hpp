#pragma once
// `sluice simulate`: a provider that speaks every dialect and makes its answers up, or replays recorded ones.

#include "http/address.hpp"

#include <optional>
#include <string>

namespace sluice::app {

struct SimulateOptions {
  http::Address listen;
  std::optional<std::string> replay;  ///< a folder of recordings to answer with
};

/// Serves until SIGTERM or SIGINT. Returns the exit status of the process: 0, or 1 if it cannot start; why is
/// said on standard error.
int simulate(const SimulateOptions& options);

}  // namespace sluice::app
