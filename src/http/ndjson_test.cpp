#include "http/ndjson.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::http {
namespace {

struct Collect final : NdjsonReader::Sink {
  std::vector<std::string> lines;
  std::size_t most = 100;
  bool on_line(std::string_view line) override {
    lines.emplace_back(line);
    return lines.size() < most;
  }
};

constexpr std::string_view stream = "{\"a\":1}\n\r\n  {\"b\":\"\xC3\xBC\\n\"}\r\n\n{\"c\":3}";
const std::vector<std::string> lines{"{\"a\":1}", "{\"b\":\"\xC3\xBC\\n\"}", "{\"c\":3}"};

TEST(NdjsonReader, IsTheSameAtEverySplitAndByteByByte) {
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    NdjsonReader reader(1000);
    Collect seen;
    const std::string first(stream.substr(0, cut)), second(stream.substr(cut));
    ASSERT_TRUE(reader.feed(first, seen));
    ASSERT_TRUE(reader.feed(second, seen));
    ASSERT_TRUE(reader.finish(seen));
    EXPECT_EQ(seen.lines, lines) << cut;
    EXPECT_EQ(reader.pending(), 0U);
  }
  NdjsonReader reader(1000);
  Collect seen;
  for (const char c : stream) ASSERT_TRUE(reader.feed({&c, 1}, seen));
  EXPECT_EQ(seen.lines.size(), 2U);
  ASSERT_TRUE(reader.finish(seen));
  EXPECT_EQ(seen.lines, lines);
}

TEST(NdjsonReader, StopsWhereItIsTold) {
  NdjsonReader reader(1000);
  Collect seen;
  seen.most = 1;
  ASSERT_TRUE(reader.feed(stream, seen));
  EXPECT_EQ(seen.lines.size(), 1U);
}

TEST(NdjsonReader, BoundsALineInOnePieceAsInSeveral) {
  const std::string long_line = std::string(11, 'x') + "\n";
  NdjsonReader whole(10), cut(10), fits(11);
  Collect seen;
  EXPECT_EQ(whole.feed(long_line, seen).error().code(), ErrorCode::upstream_protocol);
  Result<> fed;
  for (std::size_t i = 0; i < long_line.size() && fed; ++i) fed = cut.feed({&long_line[i], 1}, seen);
  EXPECT_FALSE(fed);
  EXPECT_TRUE(seen.lines.empty());
  EXPECT_TRUE(fits.feed(long_line, seen));
}

}  // namespace
}  // namespace sluice::http
