#pragma once
// Where AWS processes what is sent to it.

#include "catalog/region.hpp"

#include <optional>
#include <string_view>

namespace sluice::dialect::bedrock {

/// Where models run that an AWS region (`eu-central-1`) has itself. London and Zurich are not in the EU.
catalog::Regions regions_of(std::string_view aws_region);

/// Where an inference profile may run, by the prefix of its id (`eu.anthropic...`), also inside an ARN;
/// nothing for models and profiles without one.
std::optional<catalog::Regions> regions_of_profile(std::string_view model_id);

}  // namespace sluice::dialect::bedrock
