#include "dialect/history.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory_resource>
#include <string>

namespace sluice::dialect {
namespace {

using chat::Role;
using json::Text;

/// Builds conversations message by message.
class HistoryTest : public testing::Test {
 protected:
  chat::Message& say(Role role, std::string_view text = "") {
    auto& message = request_.messages.emplace_back();
    message.role = role;
    message.index = static_cast<std::uint32_t>(request_.messages.size() - 1);
    if (!text.empty()) message.parts.push_back({chat::TextPart{Text(text)}, {}});
    return message;
  }
  void call(std::initializer_list<std::string_view> ids) {
    auto& message = say(Role::assistant);
    for (std::string_view id : ids)
      message.parts.push_back({chat::ToolCallPart{.id = Text(id), .name = Text("f")}, {}});
  }
  void answer(std::string_view id, std::string_view text) { say(Role::tool, text).tool_call_id = Text(id); }

  History read() { return read_history(request_, changes_); }
  static std::string text(const AnsweredCall& call) {
    if (!call.result) return "-";
    return std::get<chat::TextPart>(call.result->parts.at(0).content).text.decode();
  }

  std::pmr::monotonic_buffer_resource arena_;
  chat::Request request_{&arena_};
  chat::Changes changes_;
};

TEST_F(HistoryTest, TakesTheLeadingInstructionsApart) {
  say(Role::system, "a");
  say(Role::developer, "b");
  say(Role::user, "hi");
  say(Role::system, "late");
  const auto history = read();
  EXPECT_EQ(history.instructions.size(), 2U);
  ASSERT_EQ(history.turns.size(), 2U);
  EXPECT_EQ(history.turns[1].message->role, Role::system);
  EXPECT_TRUE(changes_.empty());
}

TEST_F(HistoryTest, PutsResultsInTheOrderOfTheirCalls) {
  say(Role::user, "hi");
  call({"A", "B"});
  answer("B", "b");
  answer("A", "a");
  const auto history = read();
  ASSERT_EQ(history.turns.size(), 2U);
  ASSERT_EQ(history.turns[1].calls.size(), 2U);
  EXPECT_EQ(text(history.turns[1].calls[0]), "a");
  EXPECT_EQ(text(history.turns[1].calls[1]), "b");
  EXPECT_TRUE(changes_.empty()) << "nothing is lost by it";
}

TEST_F(HistoryTest, DropsResultsThatAnswerNoCall) {
  say(Role::user, "hi");
  answer("ghost", "x");
  EXPECT_EQ(read().turns.size(), 1U);
  ASSERT_EQ(changes_.list().size(), 1U);
  EXPECT_EQ(changes_.list()[0].kind, chat::Change::Kind::dropped);
  EXPECT_EQ(changes_.list()[0].param, "messages[1]");
}

TEST_F(HistoryTest, KeepsTheLastOfSeveralResults) {
  call({"A"});
  answer("A", "first");
  answer("A", "second");
  const auto history = read();
  EXPECT_EQ(text(history.turns[0].calls[0]), "second");
  ASSERT_EQ(changes_.list().size(), 1U);
  EXPECT_EQ(changes_.list()[0].param, "messages[1]");
}

TEST_F(HistoryTest, ReportsCallsWithoutResult) {
  say(Role::user, "hi");
  call({"A", "B"});
  answer("A", "a");
  say(Role::user, "go on");
  const auto history = read();
  EXPECT_EQ(history.turns[1].calls[1].result, nullptr);
  ASSERT_EQ(changes_.list().size(), 1U);
  EXPECT_EQ(changes_.list()[0].kind, chat::Change::Kind::repaired);
  EXPECT_EQ(changes_.list()[0].param, "messages[1].tool_calls[1]");
}

TEST_F(HistoryTest, MovesALateResultToItsCall) {
  call({"A"});
  say(Role::user, "meanwhile");
  answer("A", "a");
  const auto history = read();
  EXPECT_EQ(text(history.turns[0].calls[0]), "a");
  ASSERT_EQ(changes_.list().size(), 1U);
  EXPECT_EQ(changes_.list()[0].kind, chat::Change::Kind::mapped);
  EXPECT_EQ(changes_.list()[0].param, "messages[2]");
}

TEST_F(HistoryTest, AnIdThatIsUsedAgainMeansTheLatestCall) {
  call({"call_0"});
  answer("call_0", "first turn");
  call({"call_0"});
  answer("call_0", "second turn");
  const auto history = read();
  ASSERT_EQ(history.turns.size(), 2U);
  EXPECT_EQ(text(history.turns[0].calls[0]), "first turn");
  EXPECT_EQ(text(history.turns[1].calls[0]), "second turn");
  EXPECT_TRUE(changes_.empty());
}

TEST_F(HistoryTest, CallsOfOneMessageThatShareAnIdAreAnsweredInOrder) {
  call({"x", "x"});
  answer("x", "one");
  answer("x", "two");
  const auto history = read();
  EXPECT_EQ(text(history.turns[0].calls[0]), "one");
  EXPECT_EQ(text(history.turns[0].calls[1]), "two");
}

TEST_F(HistoryTest, ComparesIdsByMeaning) {
  call({"a\\u002fb"});
  answer("a/b", "found");
  EXPECT_EQ(text(read().turns[0].calls[0]), "found");
}

}  // namespace
}  // namespace sluice::dialect
