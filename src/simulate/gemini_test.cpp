#include "simulate/test_server.hpp"

#include <gmock/gmock.h>

namespace sluice::simulate {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Gemini : public testing::Test {
 protected:
  Reply post(const std::string& members, std::string_view model = "gemini-2.5-flash",
             std::string_view method = "generateContent", std::string_view prefix = "/v1beta") {
    return ask(server_,
               {.path = std::string(prefix) + "/models/" + std::string(model) + ":" + std::string(method),
                .body = "{" + members + "}",
                .fields = std::string(google_key)});
  }
  std::string complaint(const std::string& members, std::string_view model = "gemini-2.5-flash",
                        std::string_view prefix = "/v1beta") {
    const Reply reply = post(members, model, "generateContent", prefix);
    EXPECT_EQ(reply.status, 400) << reply.body;
    const Json body(reply.body);
    EXPECT_EQ(body["error"]["code"].integer(), 400);
    EXPECT_TRUE(body["error"]["status"].equals("INVALID_ARGUMENT"));
    return body["error"]["message"].string();
  }

  TestServer server_;
};

const std::string hello = R"("contents":[{"role":"user","parts":[{"text":"Hello there"}]}])";
const std::string add_tool =
    R"("tools":[{"functionDeclarations":[{"name":"add","parameters":{"type":"OBJECT","properties":{"a":{"type":"INTEGER"}},"required":["a"]}},)"
    R"({"name":"now"}]}])";

TEST_F(Gemini, AnswersWithAnEcho) {
  const Reply reply = post(hello);
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.fields.at("content-type"), "application/json; charset=UTF-8");
  EXPECT_THAT(reply.body, StartsWith("{\n  \"candidates\": [\n    {\n      \"content\": {\n"));
  const Json body(reply.body);
  const json::Value candidate = body["candidates"][0];
  EXPECT_TRUE(candidate["content"]["role"].equals("model"));
  EXPECT_EQ(candidate["content"]["parts"][0]["text"].string(),
            "This is a simulated answer from gemini-2.5-flash. You said: \"Hello there\"");
  EXPECT_TRUE(candidate["finishReason"].equals("STOP"));
  EXPECT_EQ(candidate["index"].integer(), 0);
  const json::Value usage = body["usageMetadata"];
  EXPECT_EQ(usage["promptTokenCount"].integer(), 3);
  const auto output =
      static_cast<std::int64_t>(tokens_in(candidate["content"]["parts"][0]["text"].string().size()));
  EXPECT_EQ(usage["candidatesTokenCount"].integer(), output);
  EXPECT_GT(*usage["thoughtsTokenCount"].integer(), 0);
  EXPECT_EQ(usage["totalTokenCount"].integer(), 3 + output + *usage["thoughtsTokenCount"].integer());
  EXPECT_TRUE(body["modelVersion"].equals("gemini-2.5-flash"));
  EXPECT_TRUE(body["responseId"].is_string());
  EXPECT_EQ(post(hello).body, reply.body);
}

TEST_F(Gemini, StreamsTheSameAnswerAsEventsAndAsAnArray) {
  const Json whole(post(hello).body);
  const Reply events = post(hello, "gemini-2.5-flash", "streamGenerateContent?alt=sse");
  EXPECT_EQ(events.fields.at("content-type"), "text/event-stream");
  const std::vector<std::string> chunks = events_of(events.body, "\r\n");
  std::string text;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const Json chunk(chunks[i]);
    text += chunk["candidates"][0]["content"]["parts"][0]["text"].string();
    EXPECT_EQ(chunk["candidates"][0]["finishReason"].exists(), i + 1 == chunks.size());
    EXPECT_TRUE(chunk["usageMetadata"].is_object());
  }
  EXPECT_EQ(text, whole["candidates"][0]["content"]["parts"][0]["text"].string());
  EXPECT_EQ(Json(chunks.back())["usageMetadata"]["totalTokenCount"].integer(),
            whole["usageMetadata"]["totalTokenCount"].integer());

  const Reply array = post(hello, "gemini-2.5-flash", "streamGenerateContent");
  EXPECT_EQ(array.fields.at("content-type"), "application/json; charset=UTF-8");
  const Json elements(array.body);
  ASSERT_TRUE(elements.root().is_array());
  EXPECT_EQ(elements.root().size(), chunks.size());
  EXPECT_THAT(array.body, HasSubstr("}\n,\r\n{"));
}

TEST_F(Gemini, CallsToolsWhoseSignatureMustComeBack) {
  const std::string user = R"({"role":"user","parts":[{"text":"call add(a=7) and now"}]})";
  const std::string tools = "," + add_tool;
  const Reply reply = post(R"("contents":[)" + user + "]" + tools, "gemini-3-flash-preview");
  const Json body(reply.body);
  const json::Value content = body["candidates"][0]["content"];
  ASSERT_EQ(content["parts"].size(), 2U) << reply.body;
  EXPECT_EQ(Json(std::string(content["parts"][0]["functionCall"]["args"].raw()))["a"].integer(), 7);
  EXPECT_TRUE(content["parts"][0]["functionCall"]["id"].is_string());
  EXPECT_TRUE(content["parts"][0]["thoughtSignature"].is_string());
  EXPECT_FALSE(content["parts"][1]["thoughtSignature"].exists());
  EXPECT_TRUE(body["candidates"][0]["finishReason"].equals("STOP"));
  EXPECT_TRUE(body["candidates"][0]["finishMessage"].equals("Model generated function call(s)."));

  const auto history = [&](const std::string& model_turn) {
    return R"("contents":[)" + user + "," + model_turn +
           R"(,{"role":"user","parts":[{"functionResponse":{"name":"add","response":{"output":"seven"}}},{"functionResponse":{"name":"now","response":{"t":1}}}]}])" +
           tools;
  };
  const std::string turn(content.raw());
  const Json answer(post(history(turn), "gemini-3-flash-preview").body);
  EXPECT_EQ(answer["candidates"][0]["content"]["parts"][0]["text"].string(),
            "This is a simulated answer from gemini-3-flash-preview. add returned: \"seven\". now returned: "
            "\"{\"t\":1}\".");

  const std::string signature(content["parts"][0]["thoughtSignature"].string());
  std::string without = turn;
  without.replace(without.find("thoughtSignature"), 16, "thoughtSignaturf");
  EXPECT_THAT(complaint(history(without), "gemini-3-flash-preview"),
              HasSubstr("Unknown name \"thoughtSignaturf\" at 'contents[1].parts[0]'"));
  const std::string unsigned_turn =
      R"({"role":"model","parts":[{"functionCall":{"name":"add","args":{}}},{"functionCall":{"name":"now"}}]})";
  EXPECT_THAT(complaint(history(unsigned_turn), "gemini-3-flash-preview"),
              StartsWith("Function call is missing a thought_signature in functionCall parts."));
  EXPECT_EQ(post(history(unsigned_turn), "gemini-2.5-flash").status, 200);
  std::string changed = turn;
  changed.replace(changed.find(signature) + 9, 1, signature[9] == 'A' ? "B" : "A");
  EXPECT_EQ(complaint(history(changed), "gemini-3-flash-preview"), "Corrupted thought signature.");
  std::string dummy = turn;
  dummy.replace(dummy.find(signature), signature.size(), "skip_thought_signature_validator");
  EXPECT_EQ(post(history(dummy), "gemini-3-flash-preview").status, 200);
  std::string no_id =
      R"({"role":"model","parts":[{"functionCall":{"name":"add","args":{}}},{"functionCall":{"name":"now","id":"x"}}]})";
  EXPECT_EQ(complaint(history(no_id), "gemini-2.5-flash", "/v1/projects/p/locations/l/publishers/google"),
            "Invalid JSON payload received. Unknown name \"id\" at 'contents[1].parts[1].function_call': "
            "Cannot find field.");
}

TEST_F(Gemini, ShowsThoughtsOnlyWhenAsked) {
  const std::string asked = hello + R"(,"generationConfig":{"thinkingConfig":{"includeThoughts":true}})";
  const Json shown(post(asked, "gemini-3-pro-preview").body);
  const json::Value parts = shown["candidates"][0]["content"]["parts"];
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0]["thought"].boolean(), true);
  EXPECT_TRUE(parts[1]["thoughtSignature"].is_string());
  const Json off(post(hello + R"(,"generationConfig":{"thinkingConfig":{"thinkingBudget":0}})").body);
  EXPECT_FALSE(off["usageMetadata"]["thoughtsTokenCount"].exists());
  const auto chunks =
      events_of(post(asked, "gemini-3-pro-preview", "streamGenerateContent?alt=sse").body, "\r\n");
  EXPECT_EQ(Json(chunks.front())["candidates"][0]["content"]["parts"][0]["thought"].boolean(), true);
  const Json last(chunks.back());
  EXPECT_EQ(last["candidates"][0]["content"]["parts"][0]["text"].string(), "");
  EXPECT_TRUE(last["candidates"][0]["content"]["parts"][0]["thoughtSignature"].is_string());
}

TEST_F(Gemini, ObeysModesFormatsLimitsAndCandidates) {
  const auto config = [](const std::string& members) {
    return hello + R"(,"generationConfig":{)" + members + "}";
  };
  const Json any(
      post(hello + "," + add_tool +
           R"(,"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["now"]}})")
          .body);
  EXPECT_TRUE(any["candidates"][0]["content"]["parts"][0]["functionCall"]["name"].equals("now"));
  const Json schema(
      post(
          config(
              R"("responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"s":{"type":"STRING","enum":["x","y"]}}})"))
          .body);
  EXPECT_EQ(schema["candidates"][0]["content"]["parts"][0]["text"].string(), R"({"s":"x"})");
  const Json two(post(config(R"("candidateCount":2)")).body);
  EXPECT_EQ(two["candidates"][1]["index"].integer(), 1);
  const Json cut(post(config(R"("maxOutputTokens":2)"), "gemini-2.0-flash").body);
  EXPECT_TRUE(cut["candidates"][0]["finishReason"].equals("MAX_TOKENS"));
  EXPECT_EQ(cut["candidates"][0]["content"]["parts"][0]["text"].string(), "This is ");
  const Json thought_away(post(config(R"("maxOutputTokens":2)")).body);
  EXPECT_TRUE(thought_away["candidates"][0]["finishReason"].equals("MAX_TOKENS"));
  EXPECT_FALSE(thought_away["candidates"][0]["content"]["parts"].exists());
  const Json stopped(post(config(R"("stopSequences":["answer"])")).body);
  EXPECT_EQ(stopped["candidates"][0]["content"]["parts"][0]["text"].string(), "This is a simulated ");
  const Json cached(post(hello + R"(,"cachedContent":"cachedContents/1")").body);
  EXPECT_EQ(cached["usageMetadata"]["cachedContentTokenCount"].integer(), 2048);
}

TEST_F(Gemini, RefusesWhatGoogleRefuses) {
  const auto contents = [](const std::string& list) { return R"("contents":[)" + list + "]"; };
  const auto config = [](const std::string& members) {
    return hello + R"(,"generationConfig":{)" + members + "}";
  };
  const std::string user = R"({"role":"user","parts":[{"text":"x"}]})";
  const std::string call = R"({"role":"model","parts":[{"functionCall":{"name":"add","args":{}}}]})";
  const auto response = [](const std::string& members) {
    return R"({"role":"user","parts":[{"functionResponse":{)" + members + "}}]}";
  };
  EXPECT_EQ(complaint(""), "* GenerateContentRequest.contents: contents is not specified\n");
  EXPECT_EQ(complaint(hello + R"(,"max_tokens":5)"),
            "Invalid JSON payload received. Unknown name \"max_tokens\": Cannot find field.");
  EXPECT_EQ(complaint(contents(R"({"role":"assistant","parts":[{"text":"x"}]})")),
            "Please use a valid role: user, model.");
  EXPECT_THAT(complaint(contents(R"({"role":"user","parts":[]})")),
              HasSubstr("contents[0].parts: contents.parts must not be empty."));
  EXPECT_THAT(complaint(contents(R"({"role":"user","parts":[{}]})")),
              HasSubstr("required oneof field 'data'"));
  EXPECT_THAT(complaint(contents(call)), HasSubstr("function call turn comes immediately after a user turn"));
  EXPECT_THAT(complaint(contents(user + "," + response(R"("name":"add","response":{})"))),
              HasSubstr("function response turn comes immediately after"));
  EXPECT_THAT(complaint(contents(user + "," + call + "," + user)),
              HasSubstr("number of function response parts is equal"));
  EXPECT_THAT(complaint(contents(user + "," + call + "," + response(R"("name":"sub","response":{})"))),
              HasSubstr("function response name 'sub'"));
  EXPECT_THAT(complaint(contents(user + "," + call + "," + response(R"("response":{})"))),
              HasSubstr("function_response.name: Name cannot be empty."));
  EXPECT_THAT(complaint(contents(user + "," + call + "," + response(R"("name":"add","response":"x")"))),
              HasSubstr("protobuf.Struct"));
  EXPECT_THAT(complaint(hello + R"(,"tools":[{}])"), HasSubstr("tool_type"));
  EXPECT_THAT(complaint(hello + R"(,"tools":[{"functionDeclarations":[{"name":"1x"}]}])"),
              HasSubstr("Invalid function name."));
  EXPECT_EQ(
      complaint(
          hello +
          R"(,"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"object","properties":{"p":{"$ref":"#/x"}}}}]}])"),
      "Invalid JSON payload received. Unknown name \"$ref\" at "
      "'tools[0].function_declarations[0].parameters.properties[0].value': Cannot find field.");
  EXPECT_THAT(complaint(config(
                  R"("responseMimeType":"application/json","responseSchema":{"type":"INTEGER","enum":[1]})")),
              HasSubstr("enum[0]' (TYPE_STRING), 1"));
  EXPECT_THAT(
      complaint(config(
          R"("responseMimeType":"application/json","responseSchema":{"type":"OBJECT","required":["x"]})")),
      HasSubstr("required[0]: property is not defined"));
  EXPECT_THAT(complaint(config(R"("temperature":3)")), HasSubstr("temperature must be in the range"));
  EXPECT_THAT(complaint(config(R"("stop":["x"])")), HasSubstr("at 'generation_config'"));
  EXPECT_THAT(complaint(config(R"("thinkingConfig":{"thinkingBudget":1,"thinkingLevel":"LOW"})"),
                        "gemini-3-pro-preview"),
              HasSubstr("only one of thinking budget and thinking level"));
  EXPECT_THAT(complaint(config(R"("thinkingConfig":{"thinkingBudget":1})"), "gemini-2.0-flash"),
              HasSubstr("thinking is not supported"));
  EXPECT_THAT(
      complaint(hello + "," + add_tool + R"(,"generationConfig":{"responseMimeType":"application/json"})"),
      HasSubstr("Function calling with a response mime type"));
  EXPECT_THAT(
      complaint(hello + "," + add_tool +
                R"(,"toolConfig":{"functionCallingConfig":{"mode":"AUTO","allowedFunctionNames":["add"]}})"),
      HasSubstr("only when function calling mode is ANY"));
}

TEST_F(Gemini, RefusesCredentialsModelsAndTellsErrorsOfArraysInArrays) {
  const Reply nobody =
      ask(server_, {.path = "/v1beta/models/gemini-2.5-flash:generateContent", .body = "{" + hello + "}"});
  EXPECT_EQ(nobody.status, 403);
  const Reply refused = ask(server_, {.path = "/v1beta/models/gemini-2.5-flash:generateContent?key=invalid",
                                      .body = "{" + hello + "}"});
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(Json(refused.body)["error"]["details"][0]["reason"].equals("API_KEY_INVALID"));
  EXPECT_EQ(ask(server_,
                {.path = "/v1beta/models/gemini-2.5-flash:generateContent?key=k", .body = "{" + hello + "}"})
                .status,
            200);
  const Reply model = post(hello, "no-such-model", "streamGenerateContent");
  EXPECT_EQ(model.status, 404);
  EXPECT_TRUE(Json(model.body)[0]["error"]["status"].equals("NOT_FOUND"));
  EXPECT_TRUE(
      Json(post(hello, "no-such-model", "streamGenerateContent?alt=sse").body)["error"]["status"].equals(
          "NOT_FOUND"));
  const Reply models =
      ask(server_, {.path = "/v1beta/models", .fields = std::string(google_key), .method = "GET"});
  EXPECT_THAT(Json(models.body)["models"][0]["name"].string(), StartsWith("models/"));
}

}  // namespace
}  // namespace sluice::simulate
