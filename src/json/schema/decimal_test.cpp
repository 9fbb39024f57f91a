#include "json/schema/decimal.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::json::schema {
namespace {

TEST(Decimal, OrdersWhatDoublesCannotTellApart) {
  const std::vector<std::string> ascending{"-1e400",
                                           "-9007199254740993",
                                           "-9007199254740992",
                                           "-1.5",
                                           "-1",
                                           "-1e-400",
                                           "0",
                                           "1e-400",
                                           "0.1",
                                           "0.10000000000000000000000001",
                                           "0.5",
                                           "1",
                                           "1.5",
                                           "19.99",
                                           "1e2",
                                           "9007199254740992",
                                           "9007199254740993",
                                           "18446744073709551615",
                                           "18446744073709551616",
                                           "123456789012345678901234567890.1",
                                           "123456789012345678901234567890.2",
                                           "1e400",
                                           "1e99999999999999999999"};
  for (std::size_t i = 0; i < ascending.size(); ++i)
    for (std::size_t j = 0; j < ascending.size(); ++j)
      EXPECT_EQ(Decimal(ascending[i]) <=> Decimal(ascending[j]), i <=> j)
          << ascending[i] << " " << ascending[j];
}

TEST(Decimal, IsEqualHoweverItIsWritten) {
  const std::vector<std::vector<std::string>> same{
      {"0", "-0", "0.000", "0e99", "-0.0e-5"},
      {"1", "1.0", "10e-1", "0.1e1", "0.001E+3", "1.000000000000000000000000000"},
      {"-1200", "-1.2e3", "-12e2", "-1200.00"},
      {"123456789012345678901234567890", "1.2345678901234567890123456789e29",
       "12345678901234567890123456789000000000000e-11"}};
  for (const auto& group : same)
    for (const auto& a : group)
      for (const auto& b : group) {
        EXPECT_EQ(Decimal(a), Decimal(b)) << a << " " << b;
        EXPECT_EQ(Decimal(a).hash(), Decimal(b).hash()) << a << " " << b;
      }
}

TEST(Decimal, KnowsIntegers) {
  for (const char* integer : {"0", "-7", "1.0", "1e400", "2.50e1", "100000000000000000000000000000000"})
    EXPECT_TRUE(Decimal(integer).is_integer()) << integer;
  for (const char* fraction : {"0.5", "1e-1", "2.55e1", "100000000000000000000000000000000.1"})
    EXPECT_FALSE(Decimal(fraction).is_integer()) << fraction;
}

TEST(Decimal, KnowsMultiples) {
  const auto multiple = [](const char* value, const char* of) {
    return Decimal(value).is_multiple_of(Decimal(of));
  };
  EXPECT_TRUE(multiple("0", "7"));
  EXPECT_TRUE(multiple("19.99", "0.01"));
  EXPECT_TRUE(multiple("-4.5", "1.5"));
  EXPECT_TRUE(multiple("1e308", "0.5"));
  EXPECT_TRUE(multiple("0.0075", "0.0001"));
  EXPECT_TRUE(multiple("123456789012345678901234567890", "30"));
  EXPECT_TRUE(multiple("1e1000000000", "1024"));
  EXPECT_FALSE(multiple("0.00751", "0.0001"));
  EXPECT_FALSE(multiple("1e308", "0.123456789"));
  EXPECT_FALSE(multiple("35", "1.5"));
  EXPECT_FALSE(multiple("0.5", "1"));
  EXPECT_FALSE(multiple("123456789012345678901234567891", "30"));
}

TEST(Decimal, IsWrittenShort) {
  EXPECT_EQ(Decimal("0.0").written(), "0");
  EXPECT_EQ(Decimal("-12.50").written(), "-12.5");
  EXPECT_EQ(Decimal("1e-2").written(), "0.01");
  EXPECT_EQ(Decimal("100").written(), "100");
  EXPECT_EQ(Decimal("1e300").written(), "1e300");
  EXPECT_EQ(Decimal("1e-300").written(), "1e-300");
}

TEST(Decimal, CountsUpToTheLargest) {
  EXPECT_EQ(Decimal("2.0").saturated(), 2U);
  EXPECT_EQ(Decimal("1e3").saturated(), 1000U);
  EXPECT_EQ(Decimal("1e30").saturated(), UINT64_MAX);
}

}  // namespace
}  // namespace sluice::json::schema
