#include "gateway/query.hpp"

#include <gtest/gtest.h>

namespace sluice::gateway {
namespace {

TEST(Query, GivesTheFirstValueOfAName) {
  EXPECT_EQ(query_value("sort=price&region=eu", "sort"), "price");
  EXPECT_EQ(query_value("sort=price&region=eu", "region"), "eu");
  EXPECT_EQ(query_value("sort=price&sort=latency", "sort"), "price");
  EXPECT_EQ(query_value("a=1=2", "a"), "1=2");
}

TEST(Query, TellsAnEmptyValueFromNone) {
  EXPECT_EQ(query_value("sort=&region=eu", "sort"), "");
  EXPECT_EQ(query_value("sort", "sort"), "");
  EXPECT_EQ(query_value("", "sort"), std::nullopt);
  EXPECT_EQ(query_value("&&", "sort"), std::nullopt);
  EXPECT_EQ(query_value("resort=price&sorted=1", "sort"), std::nullopt);
  EXPECT_EQ(query_value("SORT=price", "sort"), std::nullopt);
}

TEST(Query, DecodesNamesAndValues) {
  EXPECT_EQ(query_value("s%6Frt=%70rice", "sort"), "price");
  EXPECT_EQ(query_value("sort=a%26b%3Dc", "sort"), "a&b=c");
}

}  // namespace
}  // namespace sluice::gateway
