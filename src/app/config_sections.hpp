#pragma once
// One function for each section of a configuration file. Problems are reported through the values.

#include "app/config.hpp"
#include "app/yaml_value.hpp"

#include <vector>

namespace sluice::app {

std::vector<ListenConfig> read_listen(const YamlValue& value);
StoreConfig read_store(const YamlValue& value);
std::vector<ProviderConfig> read_providers(const YamlValue& value);
std::vector<ModelConfig> read_models(const YamlValue& value);
std::vector<KeyConfig> read_keys(const YamlValue& value);
LimitsConfig read_limits(const YamlValue& value);
LogConfig read_log(const YamlValue& value);

}  // namespace sluice::app
