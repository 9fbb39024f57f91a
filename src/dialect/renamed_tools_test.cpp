#include "dialect/dialect.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::dialect {
namespace {

using json::Text;

TEST(RenamedTools, KeepsNamesThatFit) {
  RenamedTools names;
  EXPECT_EQ(names.sent(Text("get_weather-2"), 64), "get_weather-2");
  EXPECT_EQ(names.restore(Text("get_weather-2")).escaped(), "get_weather-2");
}

TEST(RenamedTools, ReplacesWhatProvidersRefuseAndRestoresIt) {
  RenamedTools names;
  EXPECT_EQ(names.sent(Text("files.read/all"), 64), "files_read_all");
  EXPECT_EQ(names.sent(Text("w\xC3\xA4hle"), 64), "w_hle");
  EXPECT_EQ(names.restore(Text("files_read_all")).escaped(), "files.read/all");
  EXPECT_EQ(names.restore(Text("w_hle")).escaped(), "w\xC3\xA4hle");
}

TEST(RenamedTools, BeginsWithALetterWhereAsked) {
  RenamedTools names;
  EXPECT_EQ(names.sent(Text("2fa"), 64, true), "_2fa");
  EXPECT_EQ(names.sent(Text("-x"), 64, true), "_-x");
  EXPECT_EQ(names.sent(Text("_ok"), 64, true), "_ok");
  EXPECT_EQ(names.restore(Text("_2fa")).escaped(), "2fa");
  EXPECT_EQ(RenamedTools().sent(Text("2fa"), 64), "2fa");
}

TEST(RenamedTools, CutsLongNamesToDifferentStableOnes) {
  const std::string first = "mcp__server__" + std::string(80, 'a') + "1";
  const std::string second = "mcp__server__" + std::string(80, 'a') + "2";
  RenamedTools names, again;
  const std::string sent = std::string(names.sent(Text(first), 64));
  EXPECT_EQ(sent.size(), 64U);
  EXPECT_NE(sent, names.sent(Text(second), 64));
  EXPECT_EQ(sent, again.sent(Text(first), 64));
  EXPECT_EQ(sent, names.sent(Text(first), 64)) << "asked twice, the same answer";
  EXPECT_EQ(names.restore(Text(sent)).escaped(), first);
}

TEST(RenamedTools, NeverGivesOneNameToTwoTools) {
  RenamedTools names;
  EXPECT_EQ(names.sent(Text("a_b"), 64), "a_b");
  const std::string dotted = std::string(names.sent(Text("a.b"), 64));
  EXPECT_NE(dotted, "a_b");
  const std::string spaced = std::string(names.sent(Text("a b"), 64));
  EXPECT_NE(spaced, dotted);
  EXPECT_EQ(names.restore(Text(dotted)).escaped(), "a.b");
  EXPECT_EQ(names.restore(Text(spaced)).escaped(), "a b");

  RenamedTools other_order;
  EXPECT_EQ(other_order.sent(Text("a.b"), 64), "a_b");
  const std::string plain = std::string(other_order.sent(Text("a_b"), 64));
  EXPECT_NE(plain, "a_b");
  EXPECT_EQ(other_order.restore(Text("a_b")).escaped(), "a.b");
  EXPECT_EQ(other_order.restore(Text(plain)).escaped(), "a_b");
}

TEST(RenamedTools, SendsEscapedAndEmptyNamesAsSomethingValid) {
  RenamedTools names;
  EXPECT_EQ(names.sent(Text("\\u0061dd"), 64), "add");
  EXPECT_EQ(names.sent(Text(""), 64), "_");
  EXPECT_EQ(names.restore(Text("_")).escaped(), "");
}

TEST(RenamedTools, PassesOnNamesThatTheModelInvented) {
  RenamedTools names;
  names.sent(Text("a.b"), 64);
  EXPECT_EQ(names.restore(Text("multi_tool_use.parallel")).escaped(), "multi_tool_use.parallel");
}

}  // namespace
}  // namespace sluice::dialect
