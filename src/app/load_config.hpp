#pragma once
// From a YAML file to a Config.
//
//   text --EnvReferences--> marked text --yaml-cpp--> YamlValue, YamlMap --load_config--> Config
//   --check_config--> ready
//
// To add a setting: a field with its comment in config.hpp, a line in load_config.cpp, an example in
// examples/sluice.yaml.

#include "app/config.hpp"
#include "app/environment.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace sluice::app {

struct LoadOptions {
  bool demo = false;  ///< targets may name the provider `demo`, and no other provider is needed
};

/// Reads and checks a file. Fails with invalid_request and all that is wrong, a line each:
/// `file:line: what is wrong, what is allowed`.
Result<Config> load_config(const std::string& path, const Environment& environment,
                           const LoadOptions& options = {});

/// The same for text; `file` is what messages call it.
Result<Config> parse_config(std::string_view text, const std::string& file, const Environment& environment,
                            const LoadOptions& options = {});

}  // namespace sluice::app
