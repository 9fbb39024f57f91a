#include "app/translate.hpp"

#include "app/cli.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace sluice::app {
namespace {

using testing::HasSubstr;
using What = TranslateOptions::What;

struct Outcome {
  int status;
  std::string out, err;
};

Outcome translated(const TranslateOptions& options, const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out, err;
  const int status = translate(options, in, {.out = out, .err = err});
  return {status, out.str(), err.str()};
}

constexpr const char* request =
    R"({"model":"m","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}],"seed":7})";

TEST(Translate, ShowsWhatAProviderWouldGetAndWhatWasChanged) {
  const Outcome outcome =
      translated({.what = What::request, .api = "anthropic.messages", .model = "claude-sonnet-4-5"}, request);
  EXPECT_EQ(outcome.status, exit_ok) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(R"("model":"claude-sonnet-4-5")"));
  EXPECT_THAT(outcome.out, HasSubstr("Be kind."));
  EXPECT_THAT(outcome.err, HasSubstr("POST /v1/messages"));
  EXPECT_THAT(outcome.err, HasSubstr("dropped seed:"));
}

TEST(Translate, KnowsHowAHostDeviates) {
  const Outcome outcome =
      translated({.what = What::request, .api = "openai.chat", .host = "api.mistral.ai"}, request);
  EXPECT_THAT(outcome.out, HasSubstr(R"("random_seed":7)"));
}

TEST(Translate, SaysWhatIsWrongWithARequest) {
  const Outcome outcome = translated({.what = What::request, .api = "gemini"}, R"({"messages":7})");
  EXPECT_EQ(outcome.status, exit_failed);
  EXPECT_THAT(outcome.err, HasSubstr("sluice translate: invalid_request"));
}

TEST(Translate, TurnsAWholeAnswerIntoTheClients) {
  const Outcome outcome = translated(
      {.what = What::response, .api = "gemini"},
      R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Hello"}]},"finishReason":"STOP","index":0}]})");
  EXPECT_EQ(outcome.status, exit_ok) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(R"("content":"Hello")"));
}

TEST(Translate, TurnsARefusalIntoTheClients) {
  const Outcome outcome =
      translated({.what = What::response, .api = "anthropic.messages", .status = 529},
                 R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})");
  EXPECT_THAT(outcome.out, HasSubstr(R"("code":"overloaded")"));
  EXPECT_EQ(outcome.err, "HTTP 503\n");
}

TEST(Translate, TurnsAStreamIntoTheClients) {
  const std::string stream =
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hel\"}]},\"index\":0}]}\n\n"
      "data: "
      "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"lo\"}]},\"finishReason\":\"STOP\",\"index\":0}]}"
      "\n\n";
  const Outcome outcome = translated({.what = What::stream, .api = "gemini"}, stream);
  EXPECT_THAT(outcome.out, HasSubstr(R"("content":"Hel")"));
  EXPECT_THAT(outcome.out, testing::EndsWith("data: [DONE]\n\n"));
  const Outcome whole = translated({.what = What::stream, .api = "gemini", .whole = true}, stream);
  EXPECT_THAT(whole.out, HasSubstr(R"("content":"Hello")"));
}

TEST(Translate, EndsATornStreamInAnError) {
  const Outcome outcome =
      translated({.what = What::stream, .api = "anthropic.messages"},
                 "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\","
                 "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n");
  EXPECT_THAT(outcome.out, HasSubstr("upstream_stream_truncated"));
}

}  // namespace
}  // namespace sluice::app
