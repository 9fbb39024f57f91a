#pragma once
// What providers at Azure say beside the others.

#include "app/config.hpp"
#include "app/yaml_value.hpp"

namespace sluice::app {

/// Reads `azure`, which must come behind base_url and api_key, and puts the path of the API behind the
/// address. Reports an address of Azure's that has no path to an API.
void read_azure(YamlMap& map, const YamlValue& provider, ProviderConfig& out);

}  // namespace sluice::app
