#pragma once
// What providers on Google Cloud's Vertex AI say beside the others.

#include "app/config.hpp"
#include "app/yaml_value.hpp"

namespace sluice::app {

/// Reads `vertex`, which must come behind api, base_url, api_key and regions, puts the path of its models
/// behind the address, and gives base_url and regions their defaults where `has_base_url` and `has_regions`
/// say that they are not there.
void read_vertex(const YamlValue& vertex, bool has_base_url, bool has_regions, ProviderConfig& out);

}  // namespace sluice::app
