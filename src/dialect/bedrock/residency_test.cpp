#include "dialect/bedrock/residency.hpp"

#include <gtest/gtest.h>

namespace sluice::dialect::bedrock {
namespace {

using catalog::Region;
using catalog::Regions;

TEST(BedrockResidency, KnowsWhichRegionsAreInTheEu) {
  EXPECT_EQ(regions_of("us-east-1"), Regions{Region::us});
  EXPECT_EQ(regions_of("us-gov-west-1"), Regions{Region::us});
  EXPECT_EQ(regions_of("eu-central-1"), Regions{Region::eu});
  for (std::string_view outside :
       {"eu-west-2", "eu-central-2", "ap-northeast-1", "ca-central-1", "eu-moon-1", ""})
    EXPECT_EQ(regions_of(outside), Regions{Region::global}) << outside;
}

TEST(BedrockResidency, ReadsThePrefixOfAnInferenceProfile) {
  EXPECT_EQ(regions_of_profile("us.anthropic.claude-sonnet-4-5-20250929-v1:0"), Regions{Region::us});
  EXPECT_EQ(regions_of_profile("eu.amazon.nova-lite-v1:0"), Regions{Region::eu});
  EXPECT_EQ(regions_of_profile("global.anthropic.claude-sonnet-4-5-20250929-v1:0"), Regions{Region::global});
  EXPECT_EQ(regions_of_profile("apac.amazon.nova-lite-v1:0"), Regions{Region::global});
  EXPECT_EQ(
      regions_of_profile("arn:aws:bedrock:eu-west-1:1:inference-profile/eu.meta.llama3-2-3b-instruct-v1:0"),
      Regions{Region::eu});
  for (std::string_view plain : {"anthropic.claude-3-haiku-20240307-v1:0", "amazon.nova-lite-v1:0", "us", "",
                                 "arn:aws:bedrock:us-east-1:1:application-inference-profile/eu.x",
                                 "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"})
    EXPECT_FALSE(regions_of_profile(plain)) << plain;
}

}  // namespace
}  // namespace sluice::dialect::bedrock
