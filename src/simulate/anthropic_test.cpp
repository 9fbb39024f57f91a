#include "simulate/test_server.hpp"

#include <gmock/gmock.h>

namespace sluice::simulate {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Anthropic : public testing::Test {
 protected:
  Reply post(const std::string& members, std::string_view model = "claude-sonnet-4-6",
             std::string_view fields = anthropic_key) {
    return ask(server_,
               {.path = "/v1/messages",
                .body = R"({"max_tokens":4096,"model":")" + std::string(model) + R"(",)" + members + "}",
                .fields = std::string(fields)});
  }
  std::string complaint(const std::string& members, std::string_view model = "claude-sonnet-4-6") {
    const Reply reply = post(members, model);
    EXPECT_EQ(reply.status, 400) << reply.body;
    const Json body(reply.body);
    EXPECT_TRUE(body["type"].equals("error"));
    EXPECT_TRUE(body["error"]["type"].equals("invalid_request_error"));
    EXPECT_THAT(body["request_id"].string(), StartsWith("req_"));
    return body["error"]["message"].string();
  }

  TestServer server_;
};

const std::string hello = R"("messages":[{"role":"user","content":"Hello there"}])";
const std::string add_tool =
    R"("tools":[{"name":"add","input_schema":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}},)"
    R"({"name":"now","input_schema":{"type":"object","properties":{}}}])";
const std::string budget = R"("thinking":{"type":"enabled","budget_tokens":1024})";

TEST_F(Anthropic, AnswersWithAnEcho) {
  const Reply reply = post(hello);
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.fields.at("request-id"), StartsWith("req_011C"));
  const Json body(reply.body);
  EXPECT_THAT(body["id"].string(), StartsWith("msg_01"));
  EXPECT_TRUE(body["type"].equals("message"));
  EXPECT_TRUE(body["role"].equals("assistant"));
  EXPECT_TRUE(body["model"].equals("claude-sonnet-4-6"));
  ASSERT_EQ(body["content"].size(), 1U);
  EXPECT_EQ(body["content"][0]["text"].string(),
            "This is a simulated answer from claude-sonnet-4-6. You said: \"Hello there\"");
  EXPECT_TRUE(body["stop_reason"].equals("end_turn"));
  EXPECT_TRUE(body["stop_sequence"].is_null());
  EXPECT_EQ(body["usage"]["input_tokens"].integer(), 3);
  EXPECT_EQ(body["usage"]["output_tokens"].integer(), tokens_in(body["content"][0]["text"].string().size()));
  EXPECT_EQ(post(hello).body, reply.body);
}

/// Checks the order of a stream's events and puts its message together again.
struct Streamed {
  explicit Streamed(const std::string& body) {
    std::int64_t open = -1;
    std::int64_t blocks = 0;
    for (const std::string& data : events_of(body)) {
      const Json event(data);
      const std::string type = event["type"].string();
      order += order.empty() || order.ends_with(type) ? "" : " ";
      if (!order.ends_with(type)) order += type;
      if (type == "message_start") start_usage = event["message"]["usage"].raw();
      if (type == "content_block_start") {
        EXPECT_EQ(open, -1);
        open = *event["index"].integer();
        EXPECT_EQ(open, blocks++);
        kinds += event["content_block"]["type"].string() + " ";
        content.emplace_back();
      }
      if (type == "content_block_delta") {
        EXPECT_EQ(event["index"].integer(), open);
        const json::Value delta = event["delta"];
        if (delta["type"].equals("signature_delta")) signature = delta["signature"].string();
        for (const std::string_view member : {"text", "thinking", "partial_json"})
          content.back() += delta[member].string();
      }
      if (type == "content_block_stop") {
        EXPECT_EQ(event["index"].integer(), open);
        open = -1;
      }
      if (type == "message_delta") {
        stop_reason = event["delta"]["stop_reason"].string();
        output_tokens = event["usage"]["output_tokens"].integer().value_or(-1);
      }
    }
    EXPECT_EQ(open, -1);
  }
  std::string order, kinds, stop_reason, signature, start_usage;
  std::vector<std::string> content;
  std::int64_t output_tokens = 0;
};

TEST_F(Anthropic, StreamsTheSameAnswerByAnthropicsRules) {
  const Json whole(post(hello).body);
  const Reply reply = post(R"("stream":true,)" + hello);
  EXPECT_EQ(reply.fields.at("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_THAT(reply.body,
              StartsWith("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{"));
  EXPECT_TRUE(reply.body.ends_with("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"));
  const Streamed streamed(reply.body);
  EXPECT_EQ(streamed.order,
            "message_start content_block_start ping content_block_delta content_block_stop message_delta "
            "message_stop");
  EXPECT_EQ(streamed.kinds, "text ");
  EXPECT_EQ(streamed.content[0], whole["content"][0]["text"].string());
  EXPECT_EQ(streamed.stop_reason, "end_turn");
  EXPECT_EQ(streamed.output_tokens, whole["usage"]["output_tokens"].integer());
}

TEST_F(Anthropic, CallsToolsAfterAThoughtThatMustComeBack) {
  const std::string user = R"({"role":"user","content":"call add {\"a\":5} and now"})";
  const std::string options = "," + add_tool + "," + budget;
  const Reply reply = post(R"("messages":[)" + user + "]" + options);
  const Json body(reply.body);
  ASSERT_EQ(body["content"].size(), 4U) << reply.body;
  EXPECT_TRUE(body["content"][0]["type"].equals("thinking"));
  EXPECT_TRUE(body["content"][1]["type"].equals("text"));
  EXPECT_TRUE(body["content"][2]["type"].equals("tool_use"));
  EXPECT_THAT(body["content"][2]["id"].string(), StartsWith("toolu_01"));
  EXPECT_EQ(body["content"][2]["input"].raw(), R"({"a":5})");
  EXPECT_EQ(body["content"][3]["input"].raw(), "{}");
  EXPECT_TRUE(body["stop_reason"].equals("tool_use"));
  EXPECT_GT(*body["usage"]["output_tokens_details"]["thinking_tokens"].integer(), 0);

  const auto history = [&](std::string assistant, const std::string& extra = "") {
    return R"("messages":[)" + user + R"(,{"role":"assistant","content":)" + assistant +
           R"(},{"role":"user","content":[{"type":"tool_result","tool_use_id":)" +
           std::string(body["content"][2]["id"].raw()) +
           R"(,"content":"5"},{"type":"tool_result","is_error":true,"tool_use_id":)" +
           std::string(body["content"][3]["id"].raw()) +
           R"(,"content":[{"type":"text","text":"broken clock"}]})" + extra + "]}]" + options;
  };
  const std::string assistant(body["content"].raw());
  const Json answer(post(history(assistant)).body);
  EXPECT_EQ(answer["content"][1]["text"].string(),
            "This is a simulated answer from claude-sonnet-4-6. add returned: \"5\". now returned: \"an "
            "error: broken clock\".");
  const Json more(post(history(assistant, R"(,{"type":"text","text":"And you?"})")).body);
  EXPECT_THAT(more["content"][1]["text"].string(), HasSubstr("You said: \"And you?\""));

  const std::string thought(body["content"][0].raw());
  EXPECT_THAT(
      complaint(history("[" + assistant.substr(thought.size() + 2))),
      HasSubstr("messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`."));
  std::string changed = assistant;
  changed.replace(changed.find("simulator"), 9, "Simulator");
  EXPECT_EQ(complaint(history(changed)), "messages.1.content.0: Invalid `signature` in `thinking` block");
}

TEST_F(Anthropic, StreamsThoughtsAndCalls) {
  const Reply reply =
      post(R"("stream":true,"messages":[{"role":"user","content":"add {\"a\":123456} and now"}],)" +
           add_tool + "," + budget);
  const Streamed streamed(reply.body);
  EXPECT_EQ(streamed.kinds, "thinking text tool_use tool_use ");
  EXPECT_EQ(streamed.content[2], R"({"a":123456})");
  EXPECT_EQ(streamed.content[3], "");
  EXPECT_EQ(streamed.stop_reason, "tool_use");
  const std::string sent_back =
      R"("messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"thinking","thinking":)";
  EXPECT_EQ(post(sent_back + "\"" + json::escape(streamed.content[0]) + R"(","signature":")" +
                 streamed.signature + R"("},{"type":"text","text":"y"}]},{"role":"user","content":"z"}])")
                .status,
            200);
}

TEST_F(Anthropic, ObeysToolChoiceFormatsStopsAndLimits) {
  const Json named(post(hello + "," + add_tool + R"(,"tool_choice":{"type":"tool","name":"now"})").body);
  ASSERT_EQ(named["content"].size(), 1U);
  EXPECT_TRUE(named["content"][0]["name"].equals("now"));
  const Json schema(
      post(
          hello +
          R"(,"output_config":{"format":{"type":"json_schema","schema":{"type":"object","additionalProperties":false,
    "properties":{"n":{"type":"integer"}},"required":["n"]}}})")
          .body);
  EXPECT_EQ(schema["content"][0]["text"].string(), R"({"n":1})");
  const Json stopped(post(hello + R"(,"stop_sequences":["You said"])").body);
  EXPECT_TRUE(stopped["stop_reason"].equals("stop_sequence"));
  EXPECT_TRUE(stopped["stop_sequence"].equals("You said"));
  const Reply cut = ask(server_, {.path = "/messages",
                                  .body = R"({"model":"claude-haiku-4-5","max_tokens":2,)" + hello + "}",
                                  .fields = std::string(anthropic_key)});
  EXPECT_TRUE(Json(cut.body)["stop_reason"].equals("max_tokens"));
  EXPECT_EQ(Json(cut.body)["content"][0]["text"].string(), "This is ");
}

TEST_F(Anthropic, CountsTheCacheApart) {
  const Json body(
      post(
          R"("system":[{"type":"text","text":"12345678","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[
    {"type":"text","text":"1234","cache_control":{"type":"ephemeral"}},{"type":"text","text":"5678"}]}])")
          .body);
  EXPECT_EQ(body["usage"]["cache_read_input_tokens"].integer(), 2);
  EXPECT_EQ(body["usage"]["cache_creation_input_tokens"].integer(), 1);
  EXPECT_EQ(body["usage"]["input_tokens"].integer(), 1);
}

TEST_F(Anthropic, MentionsWhatWasAttached) {
  const Json body(
      post(
          R"("messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}},
    {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"aGk="}},{"type":"text","text":"Look"}]}])")
          .body);
  EXPECT_THAT(body["content"][0]["text"].string(),
              HasSubstr("You said: \"Look\" You sent 1 image and 1 document."));
}

TEST_F(Anthropic, RefusesWhatAnthropicRefuses) {
  const auto turns = [](const std::string& messages) { return R"("messages":[)" + messages + "]"; };
  const std::string user = R"({"role":"user","content":"x"})";
  const std::string call =
      R"({"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"add","input":{}}]})";
  EXPECT_EQ(complaint(hello + R"(,"stop":["x"])"), "stop: Extra inputs are not permitted");
  EXPECT_EQ(complaint(turns("")), "messages: at least one message is required");
  EXPECT_EQ(complaint(turns(R"({"role":"assistant","content":"x"})")),
            "messages: first message must use the \"user\" role");
  EXPECT_THAT(complaint(turns(user + "," + user)), HasSubstr("roles must alternate"));
  EXPECT_THAT(complaint(turns(R"({"role":"system","content":"x"})")),
              HasSubstr("Unexpected role \"system\""));
  EXPECT_THAT(complaint(turns(R"({"role":"user","content":""})")),
              HasSubstr("messages.0: all messages must have non-empty content"));
  EXPECT_THAT(complaint(turns(R"({"role":"user","content":[{"type":"text","text":""}]})")),
              HasSubstr("must be non-empty"));
  EXPECT_THAT(complaint(turns(R"({"role":"user","content":[{"type":"text","text":" \n"}]})")),
              HasSubstr("non-whitespace"));
  EXPECT_EQ(complaint(turns(R"({"role":"user","content":[{"type":"text","text":"x","name":"y"}]})")),
            "messages.0.content.0.text.name: Extra inputs are not permitted");
  EXPECT_THAT(
      complaint(turns(user + "," + call + "," + user)),
      StartsWith(
          "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t1."));
  EXPECT_THAT(
      complaint(turns(
          user + "," + call +
          R"(,{"role":"user","content":[{"type":"text","text":"x"},{"type":"tool_result","tool_use_id":"t1"}]})")),
      HasSubstr("immediately after: t1"));
  EXPECT_THAT(
      complaint(turns(R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t9"}]})")),
      StartsWith("messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t9."));
  EXPECT_EQ(
      complaint(turns(
          user +
          R"(,{"role":"assistant","content":[{"type":"tool_use","id":"a.b","name":"add","input":{}}]})")),
      "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
  EXPECT_THAT(
      complaint(turns(
          user +
          R"(,{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"add","input":"{}"}]})")),
      HasSubstr("input: Input should be a valid dictionary"));
  EXPECT_THAT(
      complaint(turns(
          R"({"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/bmp","data":"aGk="}}]})")),
      HasSubstr("Input should be 'image/jpeg'"));
  EXPECT_THAT(complaint(turns(user + R"(,{"role":"assistant","content":"x "})"), "claude-haiku-4-5"),
              HasSubstr("trailing whitespace"));
  EXPECT_THAT(complaint(hello + R"(,"tool_choice":{"type":"auto"})"),
              HasSubstr("only be specified while providing tools"));
  EXPECT_THAT(complaint(hello + R"(,"tools":[{"name":"a b","input_schema":{"type":"object"}}])"),
              HasSubstr("tools.0.custom.name"));
  EXPECT_EQ(complaint(hello + R"(,"tools":[{"name":"a","input_schema":{}}])"),
            "tools.0.custom.input_schema.type: Field required");
  EXPECT_EQ(complaint(hello + R"(,"temperature":1.5)"), "temperature: range: 0..1");
  EXPECT_THAT(complaint(hello + R"(,"stop_sequences":[" "])"), HasSubstr("non-whitespace"));
  const std::string marked = R"({"type":"text","text":"x","cache_control":{"type":"ephemeral"}})";
  EXPECT_EQ(complaint(turns(R"({"role":"user","content":[)" + marked + "," + marked + "," + marked + "," +
                            marked + "," + marked + "]}")),
            "A maximum of 4 blocks with cache_control may be provided. Found 5.");
}

TEST_F(Anthropic, RefusesWhatAModelDoesNotTake) {
  const std::string schema = R"(,"output_config":{"format":{"type":"json_schema","schema":)";
  EXPECT_EQ(
      complaint(
          hello + schema +
          R"({"type":"object","additionalProperties":false,"properties":{"n":{"type":"integer","minimum":1}}}}})"),
      "output_config.format.schema: For 'integer' type, property 'minimum' is not supported");
  const auto node = [&](std::string_view next) {
    return hello + schema +
           R"({"type":"object","additionalProperties":false,"properties":{"n":{"$ref":"#/$defs/N"}},)"
           R"("$defs":{"N":{"type":"object","additionalProperties":false,"properties":{"$ref":{"type":"string"},"next":)" +
           std::string(next) + "}}}}}}";
  };
  EXPECT_EQ(complaint(node(R"({"anyOf":[{"$ref":"#/$defs/N"},{"type":"null"}]})")),
            "output_config.format.schema: Recursive schemas are not supported");
  EXPECT_EQ(post(node(R"({"type":"null"})")).status, 200);
  EXPECT_THAT(complaint(hello + schema + R"({"type":"object","properties":{}}}})"),
              HasSubstr("must be explicitly set to false"));
  EXPECT_EQ(complaint(hello + R"(,"output_config":{"effort":"xhigh"})", "claude-opus-4-6"),
            "This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium.");
  EXPECT_THAT(complaint(hello + R"(,"temperature":1)", "claude-opus-4-7"),
              HasSubstr("`temperature` is not supported"));
  EXPECT_THAT(complaint(hello + R"(,"temperature":1,"top_p":1)"), HasSubstr("cannot both be specified"));
  EXPECT_THAT(complaint(hello + "," + budget, "claude-opus-5"), HasSubstr("thinking.type.adaptive"));
  EXPECT_THAT(complaint(hello + "," + budget + R"(,"temperature":0.5)"),
              HasSubstr("may only be set to 1 when thinking is enabled"));
  EXPECT_THAT(complaint(hello + "," + budget + "," + add_tool + R"(,"tool_choice":{"type":"any"})"),
              HasSubstr("forces tool use"));
  EXPECT_THAT(complaint(hello + R"(,"thinking":{"type":"enabled","budget_tokens":4096})"),
              HasSubstr("`max_tokens` must be greater"));
  EXPECT_THAT(complaint(R"("messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}])"),
              HasSubstr("does not support assistant message prefill"));
  EXPECT_EQ(ask(server_, {.path = "/v1/messages",
                          .body = R"({"model":"claude-opus-4-1","max_tokens":64000,)" + hello + "}",
                          .fields = std::string(anthropic_key)})
                .status,
            400);
}

TEST_F(Anthropic, RefusesCredentialsHeadersAndModels) {
  const Reply unknown_key = post(hello, "claude-sonnet-4-6", "anthropic-version: 2023-06-01\r\n");
  EXPECT_EQ(unknown_key.status, 401);
  EXPECT_TRUE(Json(unknown_key.body)["error"]["type"].equals("authentication_error"));
  EXPECT_EQ(
      post(hello, "claude-sonnet-4-6", "x-api-key: invalid\r\nanthropic-version: 2023-06-01\r\n").status,
      401);
  const Reply version = post(hello, "claude-sonnet-4-6", "x-api-key: k\r\n");
  EXPECT_EQ(version.status, 400);
  EXPECT_EQ(Json(version.body)["error"]["message"].string(), "anthropic-version: header is required");
  const Reply model = post(hello, "no-such-model");
  EXPECT_EQ(model.status, 404);
  EXPECT_EQ(Json(model.body)["error"]["message"].string(), "model: no-such-model");
  const Reply list =
      ask(server_, {.path = "/v1/models", .fields = std::string(anthropic_key), .method = "GET"});
  EXPECT_TRUE(Json(list.body)["data"][0]["type"].equals("model"));
}

}  // namespace
}  // namespace sluice::simulate
