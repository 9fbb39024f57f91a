#pragma once
// `sluice serve`: the gateway.

#include "http/address.hpp"

#include <optional>
#include <string>

namespace sluice::app {

struct ServeOptions {
  std::optional<std::string> config_file;  ///< none: default_config.hpp
  std::optional<http::Address> listen;     ///< instead of what the configuration says
  bool demo = false;                       ///< the simulator runs inside, as the provider `demo`
};

/// Serves until SIGTERM or SIGINT. Returns the exit status of the process: 0, or 1 if it cannot start; why is
/// said on standard error.
int serve(const ServeOptions& options);

}  // namespace sluice::app
