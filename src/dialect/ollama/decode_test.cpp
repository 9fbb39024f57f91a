#include "chat/fold.hpp"
#include "dialect/ollama/ollama.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::dialect::ollama {
namespace {

using chat::FinishReason;

class OllamaDecode : public testing::Test {
 protected:
  Result<> whole(std::string_view body) { return decode_response(body, context_, fold_); }
  Result<> stream(const std::vector<std::string>& lines) {
    const auto decoder = new_stream_decoder(context_);
    for (const std::string& line : lines)
      if (auto read = decoder->on_message("", line, fold_); !read) return read;
    return decoder->finish(fold_);
  }
  const chat::Response& response() const { return fold_.response(); }
  const chat::Choice& said() const { return fold_.response().choices.at(0); }

  RenamedTools names_;
  AnswerContext context_{.renamed_tools = names_, .seed = 5};
  chat::Fold fold_;
};

std::string content(std::string_view text) {
  return R"({"model":"m","message":{"role":"assistant","content":")" + std::string(text) +
         R"("},"done":false})";
}
const std::string last =
    R"({"model":"m","message":{"role":"assistant","content":""},"done_reason":"stop","done":true,)"
    R"("prompt_eval_count":11,"eval_count":3})";

TEST_F(OllamaDecode, JoinsThePiecesOfAStream) {
  ASSERT_TRUE(
      stream({R"({"model":"m","message":{"role":"assistant","content":"","thinking":"Hm"},"done":false})",
              content("a\\n"), content("\\u00fc"), last}));
  EXPECT_EQ(response().model_escaped, "m");
  EXPECT_EQ(said().text_escaped, "a\\n\\u00fc");
  EXPECT_EQ(said().reasoning_escaped, "Hm");
  EXPECT_EQ(said().finish, FinishReason::stop);
  EXPECT_EQ(said().native_finish_escaped, "stop");
  EXPECT_EQ(response().usage->input, 11);
  EXPECT_EQ(response().usage->output, 3);
  EXPECT_TRUE(response().ended);
}

TEST_F(OllamaDecode, TakesAPromptThatWasCachedForNoInput) {
  ASSERT_TRUE(whole(R"({"message":{"content":"x"},"done":true,"eval_count":2})"));
  EXPECT_EQ(response().usage->input, 0);
  EXPECT_EQ(response().usage->output, 2);
}

TEST_F(OllamaDecode, NumbersCallsAcrossPiecesAndMintsTheIdsThatAreMissing) {
  ASSERT_TRUE(stream(
      {R"({"message":{"content":"","tool_calls":[{"function":{"name":"f","arguments":{"id": 9007199254740993}}}]},"done":false})",
       R"({"message":{"content":"","tool_calls":[{"id":"call_x","function":{"index":0,"name":"g"}},{"id":"call_x","function":{"name":"f","arguments":{}}}]},"done":false})",
       last}));
  ASSERT_EQ(said().tool_calls.size(), 3U);
  EXPECT_EQ(said().tool_calls[0].arguments_escaped, R"({\"id\":9007199254740993})");
  EXPECT_EQ(said().tool_calls[1].arguments_escaped, "{}");
  EXPECT_EQ(said().tool_calls[1].id_escaped, "call_x");
  EXPECT_FALSE(said().tool_calls[0].id_escaped.empty());
  EXPECT_NE(said().tool_calls[2].id_escaped, "call_x");
  EXPECT_NE(said().tool_calls[2].id_escaped, said().tool_calls[0].id_escaped);
  EXPECT_EQ(said().finish, FinishReason::tool_calls);
}

TEST_F(OllamaDecode, KeepsLengthBesideACall) {
  ASSERT_TRUE(whole(
      R"({"message":{"tool_calls":[{"function":{"name":"f","arguments":{}}}]},"done":true,"done_reason":"length"})"));
  EXPECT_EQ(said().finish, FinishReason::length);
}

TEST_F(OllamaDecode, TellsProbabilitiesAsOpenAiDoes) {
  ASSERT_TRUE(whole(
      R"({"message":{"content":"x"},"logprobs":[{"token":"x","logprob":-0.5,"bytes":[120]}],"done":true})"));
  ASSERT_EQ(said().choice_extras.size(), 1U);
  EXPECT_EQ(said().choice_extras[0].json,
            R"({"content":[{"token":"x","logprob":-0.5,"bytes":[120]}],"refusal":null})");
}

TEST_F(OllamaDecode, FailsWhereTheStreamSaysSo) {
  const auto failed =
      stream({content("It is"), R"({"error":"an error was encountered while running the model"})"});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message(), "an error was encountered while running the model");
  EXPECT_EQ(failed.error().code(), ErrorCode::upstream_error);
  EXPECT_FALSE(response().ended);
  EXPECT_FALSE(said().finish);
}

TEST_F(OllamaDecode, ReadsLinesThatAreCalledJson) {
  ASSERT_TRUE(whole(content("a") + "\r\n\n" + content("b") + "\n" + last + "\n"));
  EXPECT_EQ(said().text_escaped, "ab");
  EXPECT_TRUE(response().ended);
}

TEST_F(OllamaDecode, NeverInventsAnEnd) {
  for (const auto& lines : {std::vector<std::string>{}, {content("a")}, {content("a"), content("b")}}) {
    const auto torn = stream(lines);
    ASSERT_FALSE(torn);
    EXPECT_EQ(torn.error().code(), ErrorCode::upstream_truncated);
  }
  EXPECT_EQ(whole(content("a")).error().code(), ErrorCode::upstream_truncated);
}

TEST_F(OllamaDecode, RefusesWhatIsNoAnswer) {
  for (std::string_view body : {"[]", "{}", "{\"message\":1}", "<html>", "",
                                R"({"message":{"tool_calls":[{"function":{}}]},"done":true})"}) {
    const auto read = whole(body);
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().code(), ErrorCode::upstream_protocol) << body;
  }
}

TEST(OllamaError, IsAText) {
  const Error error = decode_error({.status = 404, .body = R"({"error":"model 'x' not found"})"});
  EXPECT_EQ(error.message(), "model 'x' not found");
  EXPECT_EQ(error.code(), ErrorCode::upstream_model_unavailable);
}

}  // namespace
}  // namespace sluice::dialect::ollama
