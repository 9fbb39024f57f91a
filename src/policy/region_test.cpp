#include "policy/region.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {
namespace {

using catalog::Region;
using catalog::Regions;

TEST(MayReach, WhatMustStayInARegionStaysThere) {
  const Regions us{Region::us}, eu{Region::eu}, both{Region::us, Region::eu}, global{Region::global}, unknown;
  struct Case {
    Region region;
    Regions own, other;
  };
  for (const auto& [region, own, other] : {Case{Region::eu, eu, us}, Case{Region::us, us, eu}}) {
    EXPECT_TRUE(may_reach(own, region));
    EXPECT_FALSE(may_reach(other, region));
    EXPECT_FALSE(may_reach(both, region)) << "part of it happens elsewhere";
    EXPECT_FALSE(may_reach(global, region));
    EXPECT_FALSE(may_reach(unknown, region)) << "who says nothing promises nothing";
  }
  for (const Regions target : {us, eu, both, global, unknown}) {
    EXPECT_TRUE(may_reach(target, Region::global));
    EXPECT_TRUE(may_reach(target, std::nullopt));
  }
}

}  // namespace
}  // namespace sluice::policy
