#include "app/configure.hpp"

#include "app/default_config.hpp"
#include "app/load_config.hpp"

namespace sluice::app {
namespace {

/// A demo nobody configured asks no provider, whatever keys lie about: it costs nothing.
Config demo_config() {
  Config config;
  config.listen.push_back(default_listener());
  config.demo = true;
  return config;
}

Result<Config> base_config(const ServeOptions& options, const Environment& environment) {
  if (options.config_file) return load_config(*options.config_file, environment, {.demo = options.demo});
  if (options.demo) return demo_config();
  return default_config(environment);
}

}  // namespace

Result<Config> configure(const ServeOptions& options, const Environment& environment) {
  auto config = base_config(options, environment);
  if (!config || !options.listen) return config;
  // An address on the command line says nothing of a region, so it must not replace one of several silently.
  if (config->listen.size() > 1)
    return fail(ErrorCode::invalid_request,
                "--listen replaces the address of one listener, but " + *options.config_file + " has " +
                    std::to_string(config->listen.size()) + "; change them in the file");
  config->listen[0].address = *options.listen;
  return config;
}

}  // namespace sluice::app
