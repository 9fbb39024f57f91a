#pragma once
// The configuration that `sluice serve` runs with: file or environment, then the command line.

#include "app/config.hpp"
#include "app/environment.hpp"
#include "app/serve.hpp"
#include "base/result.hpp"

namespace sluice::app {

/// Fails with invalid_request and what to tell the operator.
Result<Config> configure(const ServeOptions& options, const Environment& environment);

}  // namespace sluice::app
