#pragma once
// Whether the parts of a configuration fit together.

#include "app/config.hpp"
#include "app/config_problems.hpp"

namespace sluice::app {

/// Adds what does not fit: names that nothing has, things that are there twice, models that nobody serves.
void check_config(const Config& config, ConfigProblems& problems);

}  // namespace sluice::app
