#include "dialect/bedrock/residency.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::dialect::bedrock {
namespace {

using catalog::Region;
using catalog::Regions;

constexpr std::array<std::string_view, 7> in_the_eu{"eu-west-1",  "eu-west-3",  "eu-central-1",  "eu-north-1",
                                                    "eu-south-1", "eu-south-2", "eusc-de-east-1"};

/// docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html
constexpr std::array<std::pair<std::string_view, Region>, 10> geographies{{{"us", Region::us},
                                                                           {"us-gov", Region::us},
                                                                           {"eu", Region::eu},
                                                                           {"global", Region::global},
                                                                           {"apac", Region::global},
                                                                           {"jp", Region::global},
                                                                           {"au", Region::global},
                                                                           {"ca", Region::global},
                                                                           {"sa", Region::global},
                                                                           {"me", Region::global}}};

}  // namespace

Regions regions_of(std::string_view aws_region) {
  if (aws_region.starts_with("us-")) return {Region::us};
  return {std::ranges::find(in_the_eu, aws_region) == in_the_eu.end() ? Region::global : Region::eu};
}

std::optional<Regions> regions_of_profile(std::string_view model_id) {
  if (model_id.contains(":application-inference-profile/"))
    return std::nullopt;  // its id is an arbitrary one
  const std::string_view id = model_id.substr(model_id.rfind('/') + 1);
  const std::string_view prefix = id.substr(0, id.find('.'));
  const auto* row = std::ranges::find(geographies, prefix, &std::pair<std::string_view, Region>::first);
  if (row == geographies.end() || prefix.size() == id.size()) return std::nullopt;
  return Regions{row->second};
}

}  // namespace sluice::dialect::bedrock
