#include "simulate/responses.hpp"

#include "simulate/identity.hpp"
#include "simulate/test_server.hpp"

#include <gmock/gmock.h>

namespace sluice::simulate {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Responses : public testing::Test {
 protected:
  Reply post(const std::string& members, std::string_view model = "gpt-5") {
    return ask(server_, {.path = "/v1/responses",
                         .body = R"({"model":")" + std::string(model) + R"(",)" + members + "}",
                         .fields = std::string(openai_key)});
  }
  std::string complaint(const std::string& members, std::string_view model = "gpt-5") {
    const Reply reply = post(members, model);
    EXPECT_GE(reply.status, 400) << reply.body;
    const Json body(reply.body);
    return body["error"]["message"].string() + " | " + body["error"]["param"].string();
  }

  TestServer server_;
};

const std::string hello =
    R"("input":[{"role":"developer","content":"Be kind."},{"role":"user","content":[{"type":"input_text","text":"Hello there"}]}])";
const std::string add_tool =
    R"("tools":[{"type":"function","name":"add","strict":false,"parameters":{"type":"object","properties":{"a":{"type":"integer"}}}}])";

TEST_F(Responses, AnswersWithAnEcho) {
  const Reply reply = post(hello, "gpt-4.1");
  ASSERT_EQ(reply.status, 200) << reply.body;
  const Json body(reply.body);
  EXPECT_THAT(body["id"].string(), StartsWith("resp_"));
  EXPECT_EQ(body["object"].string(), "response");
  EXPECT_EQ(body["status"].string(), "completed");
  ASSERT_EQ(body["output"].size(), 1U);
  EXPECT_THAT(body["output"][0]["content"][0]["text"].string(), HasSubstr("Hello there"));
  EXPECT_EQ(body["usage"]["total_tokens"].integer(),
            *body["usage"]["input_tokens"].integer() + *body["usage"]["output_tokens"].integer());
}

TEST_F(Responses, StreamsWhatItWouldAnswer) {
  const Reply reply = post(hello + R"(,"stream":true,"reasoning":{"effort":"low","summary":"auto"},)"
                                   R"("include":["reasoning.encrypted_content"])");
  ASSERT_EQ(reply.status, 200) << reply.body;
  std::string text, thoughts, last;
  std::int64_t sequence = 0;
  for (const std::string& data : events_of(reply.body)) {
    const Json event(data);
    EXPECT_EQ(event["sequence_number"].integer(), sequence++);
    last = event["type"].string();
    if (last == "response.output_text.delta") text += event["delta"].string();
    if (last == "response.reasoning_summary_text.delta") thoughts += event["delta"].string();
    if (last != "response.completed") continue;
    const json::Value output = event["response"]["output"];
    ASSERT_EQ(output.size(), 2U);
    EXPECT_EQ(output[0]["summary"][0]["text"].string(), thoughts);
    EXPECT_TRUE(verify(responses::reasoning_seal, output[0]["encrypted_content"].string()));
    EXPECT_EQ(output[1]["content"][0]["text"].string(), text);
  }
  EXPECT_EQ(last, "response.completed");
  EXPECT_FALSE(thoughts.empty());
  EXPECT_THAT(text, HasSubstr("Hello there"));
}

TEST_F(Responses, CallsToolsAndTakesTheirResults) {
  const std::string question = R"({"role":"user","content":"please add"})";
  const Json first(
      post(R"("input":[)" + question + R"(],"include":["reasoning.encrypted_content"],)" + add_tool).body);
  const json::Value thought = first["output"][0], call = first["output"][1];
  ASSERT_EQ(call["type"].string(), "function_call");
  EXPECT_EQ(call["name"].string(), "add");
  const std::string result = R"({"type":"function_call_output","call_id":)" +
                             std::string(call["call_id"].raw()) + R"(,"output":"forty-two"})";
  const Reply second = post(R"("input":[)" + question + "," + std::string(thought.raw()) + "," +
                            std::string(call.raw()) + "," + result + "]," + add_tool);
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_THAT(second.body, HasSubstr("forty-two"));
}

TEST_F(Responses, IsIncompleteAtItsLimit) {
  const Json body(post(R"("input":"write 100 words","max_output_tokens":16)", "gpt-4.1").body);
  EXPECT_EQ(body["status"].string(), "incomplete");
  EXPECT_EQ(body["incomplete_details"]["reason"].string(), "max_output_tokens");
}

TEST_F(Responses, FaultsMidwayAreEvents) {
  const Reply reply =
      ask(server_, {.path = "/v1/responses",
                    .body = R"({"model":"gpt-4.1","stream":true,)" + hello + "}",
                    .fields = std::string(openai_key) + "x-simulate-fault: error-in-stream=5\r\n"});
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr(R"(event: error)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("code":"server_error")"));
}

struct Refused {
  std::string_view model;
  std::string members;
  std::string_view says;
};

std::string input(std::string_view items) {
  return R"("input":[)" + std::string(items) + "]";
}

const Refused refused[] = {
    {"gpt-5", R"("messages":[])", "Unknown parameter: 'messages'. | messages"},
    {"gpt-5", hello + R"(,"stop":["a"])", "Unknown parameter: 'stop'."},
    {"gpt-5", hello + R"(,"max_tokens":5)", "Unknown parameter: 'max_tokens'."},
    {"gpt-5", hello + R"(,"max_output_tokens":15)", "Expected a value >= 16"},
    {"gpt-5", hello + R"(,"temperature":0.2)", "Unsupported parameter: 'temperature'"},
    {"gpt-4.1", hello + R"(,"reasoning":{"effort":"low"})", "Unsupported parameter: 'reasoning.effort'"},
    {"gpt-4.1", hello + R"(,"include":["reasoning.encrypted_content"])",
     "Encrypted content is not supported"},
    {"gpt-5", hello + R"(,"previous_response_id":"resp_1")", "not found. | previous_response_id"},
    {"gpt-5", hello + R"(,"stream_options":{"include_obfuscation":false})", "only allowed when"},
    {"gpt-5", input(R"({"role":"assistant","content":[{"type":"input_text","text":"a"}]})"),
     "Supported values are: 'output_text' and 'refusal'"},
    {"gpt-5", input(R"({"role":"user","content":[{"type":"text","text":"a"}]})"),
     "Supported values are: 'input_text'"},
    {"gpt-5",
     input(R"({"role":"user","content":[{"type":"input_image","image_url":{"url":"https://a.b/c.png"}}]})"),
     "expected an image URL, but got an object instead"},
    {"gpt-5",
     input(
         R"({"role":"user","content":[{"type":"input_file","file_data":"data:application/pdf;base64,AA=="}]})"),
     "filename"},
    {"gpt-5", input(R"({"role":"tool","content":"a"})"), "Supported values are: 'assistant'"},
    {"gpt-5", input(R"({"type":"function_call_output","call_id":"c","output":"a"})"),
     "No tool call found for function call output with call_id c."},
    {"gpt-5", input(R"({"type":"function_call","call_id":"c","name":"f","arguments":"{}"})"),
     "No tool output found for function call c."},
    {"gpt-5",
     input(R"({"type":"function_call","call_id":")" + std::string(65, 'x') +
           R"(","name":"f","arguments":"{}"})"),
     "maximum length 64"},
    {"gpt-5", input(R"({"type":"reasoning","id":"rs_1","summary":[]},{"role":"assistant","content":"a"})"),
     "Items are not persisted"},
    {"gpt-5",
     input(
         R"({"type":"reasoning","id":"rs_1","encrypted_content":"x","summary":[]},{"role":"assistant","content":"a"})"),
     "could not be verified"},
    {"gpt-5", input(R"({"type":"reasoning","encrypted_content":"x"},{"role":"assistant","content":"a"})"),
     "input[0].summary"},
    {"gpt-5",
     input(
         R"({"role":"user","content":"a"},{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":")" +
         sign(responses::reasoning_seal, 1) + "\"}"),
     "without its required following item"},
    {"gpt-5", hello + R"(,"tools":[{"type":"function","function":{"name":"f"}}])", "tools[0].name"},
    {"gpt-5", hello + R"(,"tools":[{"type":"function","name":"f","parameters":{}}])", "got 'type: \"None\"'"},
    {"gpt-5",
     hello + R"(,"tools":[{"type":"function","name":"f","strict":true,"parameters":{"type":"object"}}])",
     "'additionalProperties' is required"},
    {"gpt-5", hello + R"(,"tools":[{"type":"x_search"}])", "Invalid value: 'x_search'"},
    {"gpt-5", hello + "," + add_tool + R"(,"tool_choice":{"type":"function","name":"mul"})",
     "not found in 'tools'"},
    {"gpt-5", hello + R"(,"text":{"format":{"type":"json_object"}})", "must contain the word 'json'"},
    {"gpt-5", hello + R"(,"text":{"format":{"type":"json_schema","name":"n"}})", "text.format.schema"},
    {"no-such-model", hello, "does not exist"},
};

TEST_F(Responses, RefusesWhatTheApiRefuses) {
  for (const Refused& c : refused) EXPECT_THAT(complaint(c.members, c.model), HasSubstr(c.says)) << c.members;
}

TEST_F(Responses, ChatCompletionsSendToItWhatTheyRefuse) {
  const auto chat = [&](std::string_view model) {
    return ask(
        server_,
        {.path = "/v1/chat/completions",
         .body =
             R"({"model":")" + std::string(model) +
             R"(","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f"}}]})",
         .fields = std::string(openai_key)});
  };
  EXPECT_THAT(chat("gpt-5.6-terra").body, HasSubstr("To use function tools, use /v1/responses"));
  EXPECT_THAT(chat("gpt-5-codex").body, HasSubstr("only supported in v1/responses"));
  EXPECT_EQ(chat("gpt-5.4").status, 200);
  EXPECT_EQ(chat("gpt-5").status, 200);
}

}  // namespace
}  // namespace sluice::simulate
