#include "http/sse.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::http {
namespace {

struct Collect final : SseReader::Sink {
  std::vector<std::pair<std::string, std::string>> events;
  bool on_event(std::string_view type, std::string_view data) override {
    events.emplace_back(type, data);
    return true;
  }
};

using Events = std::vector<std::pair<std::string, std::string>>;

Events whole(std::string_view text) {
  SseReader reader(1 << 20);
  Collect collect;
  EXPECT_TRUE(reader.feed(text, collect));
  EXPECT_TRUE(reader.finish(collect));
  return collect.events;
}

const std::string tricky =
    "\xEF\xBB\xBF: comment\r\n\r\nevent: a\r\ndata: one\r\ndata:two\r\n\r\n"
    "data: {\"x\":\"é\"}\n\nevent:b\rid: 7\rdata\r\r:ping\n\ndata: last\r\n\r\n";
const Events expected{{"a", "one\ntwo"}, {"", "{\"x\":\"é\"}"}, {"b", ""}, {"", "last"}};

TEST(SseReader, ReadsEveryLineEndCommentsAndBom) {
  EXPECT_EQ(whole(tricky), expected);
}

TEST(SseReader, IsTheSameAtEverySplit) {
  for (std::size_t cut = 0; cut <= tricky.size(); ++cut) {
    SseReader reader(1 << 20);
    Collect collect;
    for (std::string_view piece :
         {std::string_view(tricky).substr(0, cut), std::string_view(tricky).substr(cut)}) {
      const std::string own(piece);  // freed at once, so that a view kept too long is seen
      ASSERT_TRUE(reader.feed(own, collect));
    }
    ASSERT_TRUE(reader.finish(collect));
    ASSERT_EQ(collect.events, expected) << "cut at " << cut;
  }
}

TEST(SseReader, IsTheSameByteByByte) {
  SseReader reader(1 << 20);
  Collect collect;
  for (char c : tricky) ASSERT_TRUE(reader.feed(std::string(1, c), collect));
  ASSERT_TRUE(reader.finish(collect));
  EXPECT_EQ(collect.events, expected);
}

TEST(SseReader, TakesOneLineFeedForTheOtherHalfOfALineEnd) {
  SseReader reader(1 << 20);
  Collect collect;
  for (std::string_view piece : {"data: a\r", "\n", "\n", "data: b\n\n"})
    ASSERT_TRUE(reader.feed(piece, collect));
  EXPECT_EQ(collect.events, (Events{{"", "a"}, {"", "b"}}));
}

TEST(SseReader, HandsOutAnUnterminatedEventOnlyAtTheEnd) {
  SseReader reader(1 << 20);
  Collect collect;
  ASSERT_TRUE(reader.feed("data: {\"a\":1}", collect));
  EXPECT_TRUE(collect.events.empty());
  EXPECT_GT(reader.pending(), 0U);
  ASSERT_TRUE(reader.finish(collect));
  EXPECT_EQ(collect.events, (Events{{"", "{\"a\":1}"}}));
}

TEST(SseReader, BoundsOneEventInOnePieceAsInSeveral) {
  const std::string lines = "data: " + std::string(60, 'x') + "\ndata: " + std::string(60, 'x');
  SseReader whole(100), cut(100);
  Collect collect;
  EXPECT_FALSE(whole.feed(lines, collect));
  EXPECT_TRUE(cut.feed(lines.substr(0, 70), collect));
  EXPECT_FALSE(cut.feed(lines.substr(70), collect));
}

TEST(SseReader, BoundsOneEvent) {
  SseReader reader(100);
  Collect collect;
  EXPECT_TRUE(reader.feed("data: " + std::string(80, 'x') + "\n\n", collect));
  EXPECT_TRUE(reader.feed("data: " + std::string(60, 'x'), collect));
  EXPECT_FALSE(reader.feed(std::string(60, 'x'), collect));
}

}  // namespace
}  // namespace sluice::http
