#include "simulate/ollama.hpp"

#include "simulate/test_server.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace sluice::simulate {
namespace {

using testing::HasSubstr;

class Ollama : public testing::Test {
 protected:
  Reply post(const std::string& members, std::string_view model = "gemma3:1b", std::string fields = {}) {
    return ask(server_, {.path = "/api/chat",
                         .body = R"({"model":")" + std::string(model) + "\"," + members + "}",
                         .fields = std::move(fields)});
  }
  std::string complaint(const std::string& members, std::string_view model = "gemma3:1b") {
    const Reply reply = post(members, model);
    EXPECT_GE(reply.status, 400) << reply.body;
    return Json(reply.body)["error"].string();
  }

  TestServer server_;
};

const std::string hello = R"("messages":[{"role":"user","content":"Hello there"}])";

TEST_F(Ollama, StreamsUnlessItIsToldNotTo) {
  const Reply whole = post(hello + R"(,"stream":false)");
  ASSERT_EQ(whole.status, 200) << whole.body;
  const Json body(whole.body);
  EXPECT_THAT(body["message"]["content"].string(), HasSubstr("Hello there"));
  EXPECT_EQ(body["done"].boolean(), true);
  EXPECT_EQ(body["done_reason"].string(), "stop");

  const Reply streamed = post(hello);
  EXPECT_EQ(streamed.fields.at("content-type"), "application/x-ndjson");
  std::string text, line;
  bool done = false;
  std::istringstream lines(streamed.body);
  while (std::getline(lines, line)) {
    EXPECT_FALSE(done);
    const Json piece(line);
    text += piece["message"]["content"].string();
    done = piece["done"].boolean() == true;
    if (done) {
      EXPECT_EQ(piece["eval_count"].integer(), body["eval_count"].integer());
    }
  }
  EXPECT_TRUE(done);
  EXPECT_EQ(text, body["message"]["content"].string());
}

TEST_F(Ollama, CallsToolsWithObjectsAndQuotesTheirResults) {
  const std::string tools =
      R"("stream":false,"tools":[{"type":"function","function":{"name":"add","parameters":{"type":"object","properties":{}}}}],)";
  const Json called(post(tools + R"("messages":[{"role":"user","content":"call add"}])").body);
  EXPECT_EQ(called["message"]["tool_calls"][0]["function"]["name"].string(), "add");
  EXPECT_TRUE(called["message"]["tool_calls"][0]["function"]["arguments"].is_object());
  const Json quoted(
      post(
          tools +
          R"("messages":[{"role":"user","content":"call add"},{"role":"assistant","content":"","tool_calls":)"
          R"([{"function":{"name":"add","arguments":{}}}]},{"role":"tool","content":"42","tool_name":"add"}])")
          .body);
  EXPECT_THAT(quoted["message"]["content"].string(), HasSubstr("add returned: \"42\""));
}

TEST_F(Ollama, ThinksWhereTheModelCan) {
  EXPECT_FALSE(
      Json(post(hello + R"(,"stream":false)", "qwen3:4b").body)["message"]["thinking"].string().empty());
  EXPECT_TRUE(Json(post(hello + R"(,"stream":false,"think":false)", "qwen3:4b").body)["message"]["thinking"]
                  .string()
                  .empty());
  EXPECT_EQ(complaint(hello + R"(,"think":true)"), "\"gemma3:1b\" does not support thinking");
  EXPECT_THAT(complaint(hello + R"(,"think":"low")", "qwen3:4b"),
              HasSubstr("is not supported for this model"));
  EXPECT_EQ(post(hello + R"(,"think":"low")", "gpt-oss:20b").status, 200);
}

TEST_F(Ollama, ChecksTypesAndNames) {
  EXPECT_EQ(complaint(hello, "no-such-model"), "model 'no-such-model' not found");
  EXPECT_THAT(complaint(R"("messages":[{"role":"user","content":[]}])"), HasSubstr("of type string"));
  EXPECT_THAT(complaint(R"("messages":[{"role":"robot","content":"a"}])"), HasSubstr("invalid role"));
  EXPECT_THAT(complaint(R"("messages":[{"role":"user","content":"a","images":["https://a.example/"]}])"),
              HasSubstr("illegal base64"));
  EXPECT_THAT(
      complaint(
          R"("messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}])"),
      HasSubstr("arguments"));
  EXPECT_THAT(complaint(hello + R"(,"format":"yaml")"), HasSubstr("invalid format"));
}

TEST_F(Ollama, FailsAsOllamaDoes) {
  const Reply busy = post(hello, "m", "x-simulate-fault: status=503\r\n");
  EXPECT_EQ(busy.status, 503);
  EXPECT_THAT(busy.body, HasSubstr("server busy"));
  const Reply midway = post(hello, "m", "x-simulate-fault: error-in-stream=1\r\n");
  EXPECT_THAT(midway.body, HasSubstr("\n{\"error\":"));
}

}  // namespace
}  // namespace sluice::simulate
