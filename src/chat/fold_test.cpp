#include "chat/fold.hpp"

#include <gtest/gtest.h>

namespace sluice::chat {
namespace {

using json::Text;

TEST(Fold, AddsUpInterleavedCallsAndChoices) {
  Fold fold;
  fold.on(Start{Text("msg_1"), Text("m"), 7});
  fold.on(TextDelta{1, Text("B")});
  fold.on(TextDelta{0, Text("A")});
  fold.on(ToolCallStart{0, 0, Text("c0"), Text("f")});
  fold.on(ToolCallStart{0, 1, Text("c1"), Text("g")});
  fold.on(ToolCallDelta{0, 1, Text(R"({\"x\":)")});
  fold.on(ToolCallDelta{0, 0, Text("{}")});
  fold.on(ToolCallDelta{0, 1, Text("1}")});
  fold.on(Finish{0, FinishReason::tool_calls, Text("tool_use")});
  fold.on(End{});
  const auto& r = fold.response();
  EXPECT_EQ(r.id_escaped, "msg_1");
  ASSERT_EQ(r.choices.size(), 2U);
  EXPECT_EQ(r.choices[1].text_escaped, "B");
  ASSERT_EQ(r.choices[0].tool_calls.size(), 2U);
  EXPECT_EQ(r.choices[0].tool_calls[1].arguments_escaped, R"({\"x\":1})");
  EXPECT_EQ(r.choices[0].finish, FinishReason::tool_calls);
  EXPECT_TRUE(r.ended);
}

TEST(Fold, KeepsReasoningBlocksApart) {
  Fold fold;
  fold.on(ReasoningDelta{0, Text("think "), 0, "anthropic-claude-v1"});
  fold.on(ReasoningDelta{0, Text("more"), 0, "anthropic-claude-v1"});
  fold.on(ReasoningSignature{0, 0, Text("sig"), "anthropic-claude-v1"});
  fold.on(ReasoningOpaque{0, 1, Text("xyz"), {}, "anthropic-claude-v1"});
  const auto& choice = fold.response().choices.at(0);
  EXPECT_EQ(choice.reasoning_escaped, "think more");
  ASSERT_EQ(choice.reasoning.size(), 2U);
  EXPECT_EQ(choice.reasoning[0].signature_escaped, "sig");
  EXPECT_EQ(choice.reasoning[1].kind, ReasoningBlock::Kind::opaque);
  EXPECT_EQ(choice.reasoning[1].data_escaped, "xyz");
}

TEST(Fold, LastUsageCountsAndListsOfExtrasGrow) {
  Fold fold;
  fold.on(UsageUpdate{{.input = 1, .output = 1}, {}});
  fold.on(UsageUpdate{{.input = 10, .output = 5}, {}});
  fold.on(Extra{Extra::Place::answer, 0, Text("citations"), R"(["a"])"});
  fold.on(Extra{Extra::Place::answer, 0, Text("citations"), R"(["b"])"});
  fold.on(Extra{Extra::Place::answer, 0, Text("provider"), R"("x")"});
  fold.on(Extra{Extra::Place::answer, 0, Text("provider"), R"("y")"});
  EXPECT_EQ(fold.response().usage->total(), 15);
  EXPECT_EQ(fold.response().extras.at(0).json, R"(["a","b"])");
  EXPECT_EQ(fold.response().extras.at(1).json, R"("y")");
}

}  // namespace
}  // namespace sluice::chat
