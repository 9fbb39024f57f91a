#include "simulate/test_server.hpp"

#include <gmock/gmock.h>

namespace sluice::simulate {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class OpenAi : public testing::Test {
 protected:
  Reply post(const std::string& members, std::string_view fields = openai_key,
             std::string_view model = "kimi-k2") {
    return ask(server_, {.path = "/anything/v1/chat/completions",
                         .body = R"({"model":")" + std::string(model) + R"(",)" + members + "}",
                         .fields = std::string(fields)});
  }
  std::string complaint(const std::string& members, std::string_view model = "kimi-k2") {
    const Reply reply = post(members, openai_key, model);
    EXPECT_EQ(reply.status, 400) << reply.body;
    const Json body(reply.body);
    EXPECT_TRUE(body["error"]["type"].equals("invalid_request_error"));
    return body["error"]["message"].string() + " | " + body["error"]["param"].string();
  }

  TestServer server_;
};

const std::string hello =
    R"("messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hello there"}])";
const std::string add_tool =
    R"("tools":[{"type":"function","function":{"name":"add","parameters":{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"required":["a","b"]}}},)"
    R"({"type":"function","function":{"name":"mul","parameters":{"type":"object","properties":{}}}}])";

TEST_F(OpenAi, AnswersWithAnEcho) {
  const Reply reply = post(hello);
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.fields.at("content-type"), "application/json");
  EXPECT_THAT(reply.fields.at("x-request-id"), StartsWith("req_"));
  const Json body(reply.body);
  EXPECT_THAT(body["id"].string(), StartsWith("chatcmpl-"));
  EXPECT_TRUE(body["object"].equals("chat.completion"));
  EXPECT_TRUE(body["created"].integer());
  EXPECT_TRUE(body["model"].equals("kimi-k2"));
  const json::Value choice = body["choices"][0];
  EXPECT_EQ(choice["index"].integer(), 0);
  EXPECT_TRUE(choice["finish_reason"].equals("stop"));
  EXPECT_TRUE(choice["message"]["role"].equals("assistant"));
  EXPECT_EQ(choice["message"]["content"].string(),
            "This is a simulated answer from kimi-k2. You said: \"Hello there\"");
  EXPECT_TRUE(choice["message"]["refusal"].is_null());
  const auto output = static_cast<std::int64_t>(tokens_in(choice["message"]["content"].string().size()));
  EXPECT_EQ(body["usage"]["prompt_tokens"].integer(), 5);  // 8 and 11 characters
  EXPECT_EQ(body["usage"]["completion_tokens"].integer(), output);
  EXPECT_EQ(body["usage"]["total_tokens"].integer(), 5 + output);
  EXPECT_EQ(post(hello).body, reply.body);
  EXPECT_NE(post(hello + R"(,"user":"x")").body, reply.body);
}

TEST_F(OpenAi, StreamsTheSameAnswerByOpenAisRules) {
  const Reply whole = post(hello);
  const Reply reply = post(hello + R"(,"stream":true,"stream_options":{"include_usage":true})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.fields.at("content-type"), "text/event-stream; charset=utf-8");
  const std::vector<std::string> events = events_of(reply.body);
  ASSERT_GT(events.size(), 5U);
  EXPECT_EQ(events.back(), "[DONE]");
  std::string text;
  std::string id;
  for (std::size_t i = 0; i + 1 < events.size(); ++i) {
    const Json chunk(events[i]);
    EXPECT_TRUE(chunk["object"].equals("chat.completion.chunk"));
    if (i == 0) id = chunk["id"].string();
    EXPECT_EQ(chunk["id"].string(), id);
    const json::Value delta = chunk["choices"][0]["delta"];
    EXPECT_EQ(delta["role"].exists(), i == 0);
    text += delta["content"].string();
    const bool usage_chunk = i + 2 == events.size();
    const bool finish_chunk = i + 3 == events.size();
    EXPECT_EQ(chunk["choices"].size(), usage_chunk ? 0U : 1U);
    EXPECT_EQ(chunk["usage"].is_object(), usage_chunk);
    EXPECT_EQ(chunk["choices"][0]["finish_reason"].is_string(), finish_chunk);
    if (finish_chunk) EXPECT_TRUE(chunk["choices"][0]["finish_reason"].equals("stop"));
    if (finish_chunk) EXPECT_EQ(delta.size(), 0U);
  }
  EXPECT_EQ(text, Json(whole.body)["choices"][0]["message"]["content"].string());
  EXPECT_EQ(events_of(post(hello + R"(,"stream":true)").body).size(), events.size() - 1);
}

TEST_F(OpenAi, CallsToolsInParallelAndQuotesTheirResults) {
  const std::string user = R"({"role":"user","content":"call add(a=2, b=40) and mul"})";
  const Reply reply = post(R"("messages":[)" + user + "]," + add_tool);
  const Json body(reply.body);
  const json::Value message = body["choices"][0]["message"];
  EXPECT_TRUE(body["choices"][0]["finish_reason"].equals("tool_calls"));
  EXPECT_TRUE(message["content"].is_null());
  ASSERT_EQ(message["tool_calls"].size(), 2U) << reply.body;
  const json::Value call = message["tool_calls"][0];
  EXPECT_THAT(call["id"].string(), StartsWith("call_"));
  EXPECT_TRUE(call["type"].equals("function"));
  EXPECT_TRUE(call["function"]["name"].equals("add"));
  EXPECT_EQ(call["function"]["arguments"].string(), R"({"a":2,"b":40})");
  EXPECT_EQ(message["tool_calls"][1]["function"]["arguments"].string(), "{}");
  EXPECT_NE(message["tool_calls"][1]["id"].string(), call["id"].string());

  const std::string history =
      R"("messages":[)" + user + R"(,{"role":"assistant","content":null,"tool_calls":)" +
      std::string(message["tool_calls"].raw()) + R"(},{"role":"tool","tool_call_id":)" +
      std::string(message["tool_calls"][1]["id"].raw()) +
      R"(,"content":"nothing"},{"role":"tool","tool_call_id":)" + std::string(call["id"].raw()) +
      R"(,"content":[{"type":"text","text":"42"}]}],)" + add_tool;
  const Json answer(post(history).body);
  EXPECT_EQ(answer["choices"][0]["message"]["content"].string(),
            "This is a simulated answer from kimi-k2. mul returned: \"nothing\". add returned: \"42\".");
  const Json single(post(R"("messages":[)" + user + R"(],"parallel_tool_calls":false,)" + add_tool).body);
  EXPECT_EQ(single["choices"][0]["message"]["tool_calls"].size(), 1U);
}

TEST_F(OpenAi, StreamsCallsByIndex) {
  const Reply reply =
      post(R"("stream":true,"messages":[{"role":"user","content":"add {\"a\":123456,\"b\":2} and mul"}],)" +
           add_tool);
  std::map<std::int64_t, std::string> arguments;
  std::map<std::int64_t, int> starts;
  std::string finish;
  const auto events = events_of(reply.body);
  for (std::size_t i = 0; i + 1 < events.size(); ++i) {
    const Json chunk(events[i]);
    if (chunk["choices"][0]["finish_reason"]) finish = chunk["choices"][0]["finish_reason"].string();
    for (json::Value call : chunk["choices"][0]["delta"]["tool_calls"].elements()) {
      const std::int64_t index = *call["index"].integer();
      if (call["id"]) ++starts[index];
      EXPECT_EQ(call["id"].exists(), call["function"]["name"].exists());
      arguments[index] += call["function"]["arguments"].string();
    }
  }
  EXPECT_EQ(finish, "tool_calls");
  EXPECT_EQ(starts, (std::map<std::int64_t, int>{{0, 1}, {1, 1}}));
  EXPECT_EQ(arguments[0], R"({"a":123456,"b":2})");
  EXPECT_EQ(arguments[1], "{}");
}

TEST_F(OpenAi, ObeysToolChoice) {
  const std::string said = R"("messages":[{"role":"user","content":"call add"}],)";
  const auto called = [&](const std::string& members) {
    const Json body(post(said + members).body);
    return body["choices"][0]["message"]["tool_calls"][0]["function"]["name"].string();
  };
  EXPECT_EQ(called(add_tool), "add");
  EXPECT_EQ(called(add_tool + R"(,"tool_choice":"none")"), "");
  EXPECT_EQ(called(add_tool + R"(,"tool_choice":{"type":"function","function":{"name":"mul"}})"), "mul");
  const Json forced(post(hello + "," + add_tool + R"(,"tool_choice":"required")").body);
  EXPECT_EQ(forced["choices"][0]["message"]["tool_calls"].size(), 1U);
  EXPECT_EQ(forced["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"].string(),
            R"({"a":1,"b":1})");
  const Json legacy(post(said + R"("functions":[{"name":"add"}])").body);
  EXPECT_TRUE(legacy["choices"][0]["finish_reason"].equals("function_call"));
  EXPECT_TRUE(legacy["choices"][0]["message"]["function_call"]["name"].equals("add"));
}

TEST_F(OpenAi, LoopsUntilThereAreEnoughResults) {
  std::string history = R"({"role":"user","content":"loop 3 with add"})";
  for (int round = 0; round < 5; ++round) {
    const Json body(post(R"("messages":[)" + history + "]," + add_tool).body);
    const json::Value message = body["choices"][0]["message"];
    EXPECT_EQ(message["tool_calls"].size(), round < 3 ? 1U : 0U) << round;
    if (round >= 3) break;
    history += "," + std::string(message.raw()) + R"(,{"role":"tool","content":"ok","tool_call_id":)" +
               std::string(message["tool_calls"][0]["id"].raw()) + "}";
  }
}

TEST_F(OpenAi, WritesDocuments) {
  const Json object(
      post(R"("messages":[{"role":"user","content":"json"}],"response_format":{"type":"json_object"})").body);
  EXPECT_TRUE(Json(object["choices"][0]["message"]["content"].string())["simulated"].boolean() == true);
  const Json schema(
      post(hello +
           R"(,"response_format":{"type":"json_schema","json_schema":{"name":"p","schema":{"type":"object",
    "properties":{"age":{"type":"integer","minimum":18}},"required":["age"]}}})")
          .body);
  EXPECT_EQ(schema["choices"][0]["message"]["content"].string(), R"({"age":18})");
}

TEST_F(OpenAi, ObeysInstructionsToAnswerInJson) {
  const auto told = [&](const std::string& instructions) {
    const Json body(post(R"("messages":[{"role":"system","content":")" + json::escape(instructions) +
                         R"("},{"role":"user","content":"Hi"}])")
                        .body);
    return body["choices"][0]["message"]["content"].string();
  };
  EXPECT_EQ(
      told(
          R"(Answer only with JSON like {"n": 1}. Schema: {"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]})"),
      R"({"n":1})");
  EXPECT_EQ(told("Write JSON and nothing else."), R"({"simulated":true,"model":"kimi-k2","you_said":"Hi"})");
  EXPECT_THAT(told("Be brief."), StartsWith("This is"));
}

TEST_F(OpenAi, HonoursLimitsStopsAndChoices) {
  const Json cut(post(hello + R"(,"max_tokens":3)").body);
  EXPECT_TRUE(cut["choices"][0]["finish_reason"].equals("length"));
  EXPECT_EQ(cut["choices"][0]["message"]["content"].string(), "This is a si");
  EXPECT_EQ(cut["usage"]["completion_tokens"].integer(), 3);
  const Json stopped(post(hello + R"(,"stop":["Hello","simulated"])").body);
  EXPECT_EQ(stopped["choices"][0]["message"]["content"].string(), "This is a ");
  EXPECT_TRUE(stopped["choices"][0]["finish_reason"].equals("stop"));
  const Json two(post(hello + R"(,"n":2)").body);
  ASSERT_EQ(two["choices"].size(), 2U);
  EXPECT_EQ(two["choices"][1]["index"].integer(), 1);
  EXPECT_THAT(two["choices"][1]["message"]["content"].string(), StartsWith("Choice 2. "));
  const std::string said = R"j("messages":[{"role":"user","content":"add(a=123456789,b=2)"}],)j";
  const Json call(post(R"("max_tokens":3,)" + said + add_tool).body);
  EXPECT_TRUE(call["choices"][0]["finish_reason"].equals("length"));
  EXPECT_EQ(call["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"].string(), R"({"a":123)");
}

TEST_F(OpenAi, ShowsReasoningOnlyWhereHostsDo) {
  const Json host(post(hello + R"(,"reasoning_effort":"low")").body);
  EXPECT_THAT(host["choices"][0]["message"]["reasoning_content"].string(), HasSubstr("Hello there"));
  EXPECT_GT(*host["usage"]["completion_tokens_details"]["reasoning_tokens"].integer(), 0);
  const Json own(post(hello, openai_key, "gpt-5-mini").body);
  EXPECT_FALSE(own["choices"][0]["message"]["reasoning_content"].exists());
  EXPECT_GT(*own["usage"]["completion_tokens_details"]["reasoning_tokens"].integer(), 0);
  const Json neither(post(hello, openai_key, "gpt-4.1").body);
  EXPECT_EQ(neither["usage"]["completion_tokens_details"]["reasoning_tokens"].integer(), 0);
}

TEST_F(OpenAi, CountsCachedTokens) {
  const Json marked(
      post(
          R"("messages":[{"role":"user","content":[{"type":"text","text":"12345678","cache_control":{"type":"ephemeral"}},{"type":"text","text":"x"}]}])")
          .body);
  EXPECT_EQ(marked["usage"]["prompt_tokens_details"]["cached_tokens"].integer(), 2);
  const Json large(
      post(R"("messages":[{"role":"user","content":")" + std::string(8192, 'x') + R"("}])").body);
  EXPECT_EQ(large["usage"]["prompt_tokens_details"]["cached_tokens"].integer(), 1024);
}

TEST_F(OpenAi, RefusesWhatOpenAiRefuses) {
  const std::string call =
      R"({"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"add","arguments":"{}"}}]})";
  const std::string user = R"({"role":"user","content":"x"})";
  const auto turns = [](const std::string& messages) { return R"("messages":[)" + messages + "]"; };
  EXPECT_THAT(complaint(R"("messages":[])"), HasSubstr("Invalid 'messages': empty array"));
  EXPECT_THAT(complaint(R"("tools":[],)" + hello), HasSubstr("Invalid 'tools': empty array"));
  EXPECT_THAT(complaint(hello + R"(,"tool_choice":"auto")"),
              HasSubstr("only allowed when 'tools' are specified"));
  EXPECT_THAT(complaint(turns(user + "," + call)),
              HasSubstr("did not have response messages: c1 | messages.[2].role"));
  EXPECT_THAT(complaint(turns(user + "," + call + "," + user)),
              HasSubstr("did not have response messages: c1"));
  EXPECT_THAT(complaint(turns(user + R"(,{"role":"tool","tool_call_id":"c1","content":"x"})")),
              HasSubstr("must be a response to a preceeding message with 'tool_calls'. | messages.[1].role"));
  EXPECT_THAT(complaint(turns(user + "," + call + R"(,{"role":"tool","tool_call_id":"c2","content":"x"})")),
              HasSubstr("'tool_call_id' of 'c2' not found"));
  EXPECT_THAT(complaint(turns(R"({"role":"user","content":null})")),
              HasSubstr("expected a string, got null. | messages.[0].content"));
  EXPECT_THAT(complaint(turns(R"({"role":"robot","content":"x"})")),
              HasSubstr("Supported values are: 'system'"));
  EXPECT_THAT(complaint(turns(user + R"(,{"role":"assistant","tool_calls":[]})")), HasSubstr("empty array"));
  EXPECT_THAT(
      complaint(turns(R"({"role":"assistant","tool_calls":[{"id":")" + std::string(41, 'x') +
                      R"(","type":"function","function":{"name":"a","arguments":"{}"}}]})")),
      HasSubstr(
          "string too long. Expected a string with maximum length 40, but got a string with length 41"));
  EXPECT_THAT(
      complaint(turns(
          R"({"role":"assistant","tool_calls":[{"id":"x","type":"function","function":{"name":"a","arguments":{}}}]})")),
      HasSubstr("expected a string, but got an object"));
  EXPECT_THAT(
      complaint(turns(
          R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/bmp;base64,xx"}}]})")),
      HasSubstr("unsupported image"));
  EXPECT_THAT(complaint(hello + R"(,"temperature":99.0)"),
              "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 99.0 "
              "instead. | temperature");
  EXPECT_THAT(complaint(hello + R"(,"max_tokens":0)"), HasSubstr("integer below minimum value"));
  EXPECT_THAT(complaint(hello + R"(,"stop":["1","2","3","4","5"])"), HasSubstr("maximum length 4"));
  EXPECT_THAT(complaint(hello + R"(,"stream_options":{"include_usage":true})"),
              HasSubstr("only allowed when 'stream' is enabled"));
  EXPECT_THAT(complaint(R"("tools":[{"type":"function","function":{"name":"bad name"}}],)" + hello),
              HasSubstr("does not match pattern"));
  EXPECT_THAT(complaint(hello + R"(,"response_format":{"type":"json_schema","json_schema":{}})"),
              HasSubstr("response_format.json_schema.name"));
}

TEST_F(OpenAi, RefusesWhatIsTooLong) {
  EXPECT_THAT(complaint(R"("messages":[{"role":"user","content":")" + std::string(1'600'004, 'x') + R"("}])"),
              HasSubstr("However, your messages resulted in 400001 tokens."));
}

TEST_F(OpenAi, RefusesMoreForItsOwnModels) {
  const std::string image =
      R"("messages":[{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"c1","content":[{"type":"image_url","image_url":{"url":"https://x"}}]}])";
  EXPECT_THAT(complaint(image, "gpt-4.1"), HasSubstr("message with role 'tool' contains an image URL"));
  EXPECT_EQ(post(image).status, 200);
  EXPECT_THAT(complaint(hello + R"(,"reasoning":{})", "gpt-4.1"),
              HasSubstr("Unknown parameter: 'reasoning'."));
  EXPECT_THAT(complaint(hello + R"(,"max_tokens":9)", "gpt-5.1"),
              HasSubstr("Use 'max_completion_tokens' instead."));
  EXPECT_THAT(complaint(hello + R"(,"temperature":0.5)", "o3"),
              HasSubstr("'temperature' does not support 0.5 with this model"));
  EXPECT_THAT(complaint(hello + R"(,"stop":"x")", "gpt-5-mini"),
              HasSubstr("'stop' is not supported with this model."));
  EXPECT_THAT(complaint(hello + R"(,"response_format":{"type":"json_object"})", "gpt-4.1"),
              HasSubstr("must contain the word 'json'"));
  EXPECT_EQ(post(hello + R"(,"reasoning":{})", openai_key, "openai/gpt-oss-120b").status, 200);
  EXPECT_EQ(post(hello + R"(,"temperature":0.5,"reasoning_effort":"none")", openai_key, "gpt-5.1").status,
            200);
}

TEST_F(OpenAi, RefusesCredentialsModelsAndPaths) {
  EXPECT_EQ(post(hello, "").status, 401);
  const Reply refused = post(hello, "authorization: Bearer invalid\r\n");
  EXPECT_EQ(refused.status, 401);
  EXPECT_TRUE(Json(refused.body)["error"]["code"].equals("invalid_api_key"));
  const Reply unknown = post(hello, openai_key, "no-such-model");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_TRUE(Json(unknown.body)["error"]["code"].equals("model_not_found"));
  const Reply path =
      ask(server_, {.path = "/v1/embeddings", .body = "{}", .fields = std::string(openai_key)});
  EXPECT_EQ(path.status, 404);
  EXPECT_EQ(Json(path.body)["error"]["message"].string(), "Invalid URL (POST /v1/embeddings)");
  EXPECT_EQ(
      ask(server_, {.path = "/v1/chat/completions", .body = "{", .fields = std::string(openai_key)}).status,
      400);
  const Reply models =
      ask(server_, {.path = "/v1/models", .fields = std::string(openai_key), .method = "GET"});
  EXPECT_TRUE(Json(models.body)["data"][0]["object"].equals("model"));
}

}  // namespace
}  // namespace sluice::simulate
