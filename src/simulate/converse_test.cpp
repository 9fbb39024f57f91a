#include "simulate/converse.hpp"

#include "simulate/event_stream.hpp"
#include "simulate/identity.hpp"
#include "simulate/test_server.hpp"

#include <gmock/gmock.h>

namespace sluice::simulate {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view claude = "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0";

class Converse : public testing::Test {
 protected:
  Reply post(const std::string& body, std::string_view model = claude, std::string_view form = "converse") {
    return ask(server_, {.path = "/model/" + std::string(model) + "/" + std::string(form),
                         .body = body,
                         .fields = std::string(openai_key)});
  }
  std::string complaint(const std::string& body, std::string_view model = claude) {
    const Reply reply = post(body, model);
    EXPECT_EQ(reply.status, 400) << reply.body;
    EXPECT_THAT(reply.fields.at("x-amzn-errortype"), StartsWith("ValidationException:http://"));
    return Json(reply.body)["message"].string();
  }

  TestServer server_;
};

const std::string hello = R"("messages":[{"role":"user","content":[{"text":"Hello there"}]}])";
const std::string tools =
    R"("toolConfig":{"tools":[{"toolSpec":{"name":"add","inputSchema":{"json":{"type":"object","properties":{}}}}}]})";
const std::string called =
    R"({"role":"user","content":[{"text":"a"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"t1","name":"add","input":{}}}]})";

TEST_F(Converse, AnswersWithAnEcho) {
  const Reply reply = post("{" + hello + "}");
  ASSERT_EQ(reply.status, 200) << reply.body;
  const Json body(reply.body);
  EXPECT_EQ(body["stopReason"].string(), "end_turn");
  EXPECT_THAT(body["output"]["message"]["content"][0]["text"].string(), HasSubstr("Hello there"));
  EXPECT_EQ(body["usage"]["totalTokens"].integer(),
            *body["usage"]["inputTokens"].integer() + *body["usage"]["outputTokens"].integer());
}

TEST_F(Converse, StreamsMessagesThatEndWithTheCounts) {
  const Reply reply = post("{" + hello + "}", claude, "converse-stream");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.fields.at("content-type"), "application/vnd.amazon.eventstream");
  const std::size_t stop = reply.body.find("messageStop"), counts = reply.body.find("\"usage\"");
  EXPECT_LT(reply.body.find("messageStart"), stop);
  EXPECT_LT(stop, counts);
  EXPECT_EQ(reply.body.find("contentBlockStart"), std::string::npos);
}

/// Made by botocore's own encoder.
TEST(EventStream, IsWrittenAsAwsDoes) {
  const std::string message =
      event_message("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"Hi"}})");
  ASSERT_EQ(message.size(), 0x94U);
  EXPECT_EQ(message.substr(0, 12), std::string("\0\0\0\x94\0\0\0\x57\xb4\xab\x9a\xee", 12));
  EXPECT_EQ(message.substr(message.size() - 4), "\x1f\x94\x46\x57");
}

TEST_F(Converse, WantsAnswersToCalls) {
  EXPECT_THAT(
      complaint("{" + tools + R"(,"messages":[)" + called + R"(,{"role":"user","content":[{"text":"b"}]}]})"),
      HasSubstr("Expected toolResult blocks at messages.2.content for the following Ids: t1"));
  EXPECT_THAT(complaint("{" + tools + R"(,"messages":[)" + called + "]}"),
              HasSubstr("Expected toolResult blocks"));
  EXPECT_THAT(
      complaint(
          "{" + tools +
          R"(,"messages":[{"role":"user","content":[{"toolResult":{"toolUseId":"x","content":[{"text":"r"}]}}]}]})"),
      HasSubstr("exceeds the number of toolUse blocks"));
  const std::string answered =
      R"("messages":[)" + called +
      R"(,{"role":"user","content":[{"toolResult":{"toolUseId":"t1","content":[{"text":"3"}]}}]}])";
  EXPECT_THAT(complaint("{" + answered + "}"), HasSubstr("The toolConfig field must be defined"));
  const Reply reply = post("{" + tools + "," + answered + "}");
  EXPECT_THAT(reply.body, HasSubstr("add returned"));
}

TEST_F(Converse, ChecksWhatBedrockChecks) {
  EXPECT_THAT(complaint(R"({"messages":[{"role":"user","content":[{"text":" \n"}]}]})"),
              HasSubstr("is blank"));
  EXPECT_THAT(complaint(R"({"messages":[{"role":"assistant","content":[{"text":"a"}]}]})"),
              HasSubstr("must start with a user message"));
  EXPECT_THAT(complaint(R"({"messages":[{"role":"user","content":[]}]})"), HasSubstr("is empty"));
  EXPECT_THAT(complaint("{" + hello + R"(,"inferenceConfig":{"temperature":1.5}})"),
              HasSubstr("less than or equal to 1"));
  EXPECT_THAT(complaint("{" + hello + R"(,"toolConfig":{"tools":[]}})"), HasSubstr("toolConfig.tools"));
  EXPECT_THAT(complaint("{" + hello + R"(,"stream":true})"), HasSubstr("extraneous key [stream]"));
  EXPECT_THAT(complaint("{" + hello + "}", "no-such-model"), HasSubstr("model identifier is invalid"));
  EXPECT_THAT(complaint("{" + hello + R"(,"system":[{"text":"S"}]})", "amazon.titan-text-lite-v1"),
              HasSubstr("doesn't support system messages"));
  EXPECT_THAT(
      complaint(
          R"({"messages":[{"role":"user","content":[{"document":{"format":"pdf","name":"a","source":{"bytes":"QQ=="}}}]}]})"),
      HasSubstr("must include a text block"));
  EXPECT_THAT(
      complaint(
          R"({"messages":[{"role":"user","content":[{"text":"a"},{"document":{"format":"pdf","name":"a.pdf","source":{"bytes":"QQ=="}}}]}]})"),
      HasSubstr("file name provided is not valid"));
}

TEST_F(Converse, TakesBackOnlyWhatClaudeSigned) {
  const auto with = [](std::string_view signature) {
    return R"({"messages":[{"role":"user","content":[{"text":"a"}]},{"role":"assistant","content":[{"reasoningContent":)"
           R"({"reasoningText":{"text":"Hm","signature":")" +
           std::string(signature) + R"("}}},{"text":"b"}]},{"role":"user","content":[{"text":"c"}]}]})";
  };
  EXPECT_EQ(post(with(sign("Hm", 1))).status, 200);
  EXPECT_THAT(complaint(with("c2ln")), HasSubstr("Invalid `signature`"));
}

TEST_F(Converse, FailsAsBedrockDoes) {
  const Reply throttled =
      ask(server_, {.path = "/model/m/converse",
                    .body = "{" + hello + "}",
                    .fields = std::string(openai_key) + "x-simulate-fault: status=429\r\n"});
  EXPECT_EQ(throttled.status, 429);
  EXPECT_THAT(throttled.fields.at("x-amzn-errortype"), StartsWith("ThrottlingException:"));
  const Reply midway =
      ask(server_, {.path = "/model/m/converse-stream",
                    .body = "{" + hello + "}",
                    .fields = std::string(openai_key) + "x-simulate-fault: error-in-stream=2\r\n"});
  EXPECT_THAT(midway.body, HasSubstr("modelStreamErrorException"));
  EXPECT_EQ(ask(server_, {.path = "/model/m/converse", .body = "{" + hello + "}"}).status, 403);
}

}  // namespace
}  // namespace sluice::simulate
