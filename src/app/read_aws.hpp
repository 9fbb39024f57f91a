#pragma once
// What providers on AWS say beside the others.

#include "app/config.hpp"
#include "app/yaml_value.hpp"

namespace sluice::app {

/// Reads `region` and AWS' credentials behind the keys that all providers have, and gives `base_url` and
/// `regions` their defaults where `has_base_url` and `has_regions` say that they are not there.
void read_aws(YamlMap& map, const YamlValue& provider, bool has_base_url, bool has_regions,
              ProviderConfig& out);

}  // namespace sluice::app
