#include "dialect/openai/testing/decoded.hpp"

#include <gmock/gmock.h>

namespace sluice::dialect::openai {
namespace {

using testing::HasSubstr;

std::string refused(std::string_view members) {
  const Decoded decoded(with_members(members));
  EXPECT_EQ(decoded.code(), ErrorCode::invalid_request) << members;
  return decoded.complaint();
}

TEST(DecodeRequest, TakesWhatAPlainQuestionHas) {
  const Decoded d(R"({"model":"gpt-5\u002e5","messages":[{"role":"user","content":"hi"}]})");
  EXPECT_EQ(d->model, "gpt-5.5");
  ASSERT_EQ(d->messages.size(), 1U);
  EXPECT_EQ(d.message(0).role, chat::Role::user);
  EXPECT_EQ(d.part<chat::TextPart>(0, 0).text.escaped(), "hi");
  EXPECT_FALSE(d->stream);
  EXPECT_FALSE(d->max_tokens);
  EXPECT_EQ(d->tool_choice.kind, chat::ToolChoice::Kind::unset);
  EXPECT_EQ(d->source["model"].raw(), R"("gpt-5\u002e5")");
}

TEST(DecodeRequest, MakesAUserMessageOfAPrompt) {
  const Decoded d(R"({"model":"m","prompt":"hi"})");
  ASSERT_EQ(d->messages.size(), 1U);
  EXPECT_EQ(d.message(0).role, chat::Role::user);
  EXPECT_EQ(d.part<chat::TextPart>(0, 0).text.escaped(), "hi");
  EXPECT_TRUE(d->from_prompt);
}

TEST(DecodeRequest, RefusesPromptBesideMessages) {
  EXPECT_EQ(Decoded(with_members(R"("prompt":"hi")")).param(), "prompt");
  EXPECT_EQ(Decoded(R"({"model":"m","prompt":null,"messages":[{"role":"user","content":"x"}]})").param(),
            "(accepted)");
}

TEST(DecodeRequest, WantsMessagesOrPrompt) {
  const Decoded d(R"({"model":"m"})");
  EXPECT_EQ(d.param(), "messages");
  EXPECT_THAT(d.complaint(),
              HasSubstr("Missing required parameter: 'messages'. It must be given, or `prompt`."));
  EXPECT_EQ(Decoded(R"({"model":"m","messages":"hi"})").param(), "messages");
  EXPECT_EQ(Decoded(R"({"model":"m","prompt":""})").param(), "prompt");
  EXPECT_EQ(Decoded(R"({"model":"m","prompt":["hi"]})").param(), "prompt");
}

TEST(DecodeRequest, WantsAModel) {
  for (const char* body :
       {R"({"messages":[{"role":"user","content":"x"}]})", R"({"model":null,"prompt":"x"})",
        R"({"model":"","prompt":"x"})", R"({"model":7,"prompt":"x"})"})
    EXPECT_EQ(Decoded(body).param(), "model") << body;
}

TEST(DecodeRequest, WantsAnObject) {
  EXPECT_THAT(Decoded("[1]").complaint(), HasSubstr("must be a JSON object, not an array"));
  EXPECT_THAT(Decoded("null").complaint(), HasSubstr("must be a JSON object, not null"));
}

TEST(DecodeRequest, ReadsEverySamplingMember) {
  const Decoded d(with_members(
      R"("temperature":0.5,"top_p":0.9,"presence_penalty":-2,"frequency_penalty":2,"top_k":40,"seed":-7,"n":2,)"
      R"("logprobs":true,"top_logprobs":5,"logit_bias":{"50256":-100},"user":"u","service_tier":"flex")"));
  const auto& s = d->sampling;
  EXPECT_EQ(s.temperature, 0.5);
  EXPECT_EQ(s.top_p, 0.9);
  EXPECT_EQ(s.presence_penalty, -2.0);
  EXPECT_EQ(s.frequency_penalty, 2.0);
  EXPECT_EQ(s.top_k, 40);
  EXPECT_EQ(s.seed, -7);
  EXPECT_EQ(s.n, 2);
  EXPECT_EQ(s.logprobs, true);
  EXPECT_EQ(s.top_logprobs, 5);
  EXPECT_EQ(s.logit_bias.raw(), R"({"50256":-100})");
  EXPECT_EQ(d->user.escaped(), "u");
  EXPECT_EQ(d->service_tier.escaped(), "flex");
}

TEST(DecodeRequest, TakesNullForNotGiven) {
  const Decoded d(with_members(
      R"("temperature":null,"max_tokens":null,"stop":null,"tools":null,"tool_choice":null,"stream":null,)"
      R"("stream_options":null,"response_format":null,"n":null,"reasoning_effort":null,"user":null,"seed":null)"));
  EXPECT_FALSE(d->sampling.temperature);
  EXPECT_FALSE(d->max_tokens);
  EXPECT_TRUE(d->tools.empty());
}

TEST(DecodeRequest, RefusesInOpenAisWords) {
  EXPECT_EQ(refused(R"("temperature":"warm")"),
            "temperature: Invalid type for 'temperature': expected a decimal, but got a string instead.");
  EXPECT_EQ(refused(R"("max_completion_tokens":1.5)"),
            "max_completion_tokens: Invalid type for 'max_completion_tokens': expected an integer, but got a "
            "decimal instead.");
  EXPECT_EQ(refused(R"("stream":"yes")"),
            "stream: Invalid type for 'stream': expected a boolean, but got a string instead.");
  EXPECT_EQ(
      refused(R"("stream_options":{"include_usage":1})"),
      "stream_options.include_usage: Invalid type for 'stream_options.include_usage': expected a boolean, "
      "but got an integer instead.");
  EXPECT_EQ(refused(R"("stop":["a",7])"),
            "stop[1]: Invalid type for 'stop[1]': expected a string, but got an integer instead.");
  EXPECT_EQ(
      refused(R"("stop":{})"),
      "stop: Invalid type for 'stop': expected one of a string or an array of strings, but got an object "
      "instead.");
  EXPECT_EQ(refused(R"("logit_bias":[])"),
            "logit_bias: Invalid type for 'logit_bias': expected an object, but got an array instead.");
  EXPECT_EQ(refused(R"("seed":1e30)"),
            "seed: Invalid type for 'seed': expected an integer, but got a decimal instead.");
  EXPECT_EQ(
      refused(R"("reasoning":{"max_tokens":-1})"),
      "reasoning.max_tokens: Invalid 'reasoning.max_tokens': integer below minimum value. Expected a value "
      ">= 0, but got -1 instead.");
  EXPECT_EQ(refused(R"("max_tokens":0)"),
            "max_tokens: Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 "
            "instead.");
  EXPECT_EQ(Decoded(with_members(R"("max_tokens":-1)")).native_code(), "integer_below_min_value");
  EXPECT_EQ(Decoded(with_members(R"("stop":{})")).native_code(), "invalid_type");
  EXPECT_EQ(Decoded(R"({"model":"m"})").native_code(), "missing_required_parameter");
}

TEST(DecodeRequest, LeavesToTheProviderWhatAnotherHostMayTake) {
  const auto doubt = [](std::string_view members) { return Decoded(with_members(members)).doubt(); };
  EXPECT_EQ(
      doubt(R"("temperature":99.0)"),
      "decimal_above_max_value: Invalid 'temperature': decimal above maximum value. Expected a value <= 2, "
      "but got 99.0 instead.");
  EXPECT_EQ(
      doubt(R"("temperature":-0.1)"),
      "decimal_below_min_value: Invalid 'temperature': decimal below minimum value. Expected a value >= 0, "
      "but got -0.1 instead.");
  EXPECT_EQ(
      doubt(R"("n":129)"),
      "integer_above_max_value: Invalid 'n': integer above maximum value. Expected a value <= 128, but got "
      "129 instead.");
  EXPECT_THAT(doubt(R"("logprobs":5)"), HasSubstr("expected a boolean, but got an integer"));
  EXPECT_EQ(
      Decoded(R"({"model":"m","messages":[]})").doubt(),
      "empty_array: Invalid 'messages': empty array. Expected an array with minimum length 1, but got an "
      "empty array instead.");
  EXPECT_THAT(doubt(R"("n":0,"temperature":3)"), HasSubstr("'n'")) << "the first one";
  EXPECT_EQ(doubt(R"("temperature":2,"n":128)"), "");
}

TEST(DecodeRequest, DoesNotReadWhatIsInDoubt) {
  const Decoded d(with_members(R"("temperature":99.0,"n":0,"reasoning_effort":"default")"));
  EXPECT_FALSE(d->sampling.temperature);
  EXPECT_FALSE(d->sampling.n);
  EXPECT_FALSE(d->reasoning.effort);
}

TEST(DecodeRequest, TheNewTokenLimitWins) {
  EXPECT_EQ(Decoded(with_members(R"("max_tokens":50,"max_completion_tokens":80)"))->max_tokens, 80);
  EXPECT_EQ(Decoded(with_members(R"("max_completion_tokens":80,"max_tokens":50)"))->max_tokens, 80);
  EXPECT_EQ(Decoded(with_members(R"("max_tokens":50,"max_completion_tokens":null)"))->max_tokens, 50);
}

TEST(DecodeRequest, StopIsAStringOrAListAndEmptyOnesMeanNothing) {
  EXPECT_EQ(Decoded(with_members(R"("stop":"END")"))->stop.at(0).escaped(), "END");
  EXPECT_TRUE(Decoded(with_members(R"("stop":"")"))->stop.empty());
  const Decoded d(with_members(R"("stop":["a","","\n\n","b","c","d"])"));
  ASSERT_EQ(d->stop.size(), 5U);
  EXPECT_EQ(d->stop[1].escaped(), "\\n\\n") << "a blank line is a stop sequence; who cannot send it says so";
}

TEST(DecodeRequest, NothingIsTakenTwice) {
  for (const char* name : {"model", "messages", "stream", "max_tokens", "tools", "temperature", "fallbacks",
                           "model_region", "post_processing_steps"}) {
    const std::string twice = std::string("\"") + name + "\":null,\"" + name + "\":null";
    EXPECT_THAT(refused(twice), HasSubstr("is given more than once")) << name;
  }
  EXPECT_THAT(refused(R"("\u0073tream":true,"stream":false)"),
              HasSubstr("Invalid 'stream': it is given more than once."));
  EXPECT_TRUE(Decoded(with_members(R"("vendor":1,"vendor":2)")).ok()) << "what nobody reads may be anything";
}

TEST(DecodeRequest, ReadsStreamWishes) {
  const Decoded d(
      with_members(R"("stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false})"));
  EXPECT_TRUE(d->stream);
  EXPECT_TRUE(d->include_usage);
}

TEST(DecodeRequest, ReadsReasoningInBothForms) {
  EXPECT_EQ(Decoded(with_members(R"("reasoning_effort":"xhigh")"))->reasoning.effort, chat::Effort::xhigh);
  const Decoded d(with_members(R"("reasoning":{"effort":"low","max_tokens":2000,"exclude":true})"));
  EXPECT_EQ(d->reasoning.effort, chat::Effort::low);
  EXPECT_EQ(d->reasoning.max_tokens, 2000);
  EXPECT_EQ(d->reasoning.exclude, true);
  EXPECT_EQ(Decoded(with_members(R"("reasoning":{"enabled":false})"))->reasoning.effort, chat::Effort::none);
  EXPECT_FALSE(Decoded(with_members(R"("reasoning":{"enabled":true})"))->reasoning.effort);
}

TEST(DecodeRequest, NamesTheEffortsThereAre) {
  const std::string words = "'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'";
  EXPECT_EQ(refused(R"("reasoning":{"effort":"extreme"})"),
            "reasoning.effort: Invalid value for 'reasoning.effort': 'extreme'. Supported values are: " +
                words + ".");
  EXPECT_EQ(refused(R"("reasoning_effort":3)"),
            "reasoning_effort: Invalid type for 'reasoning_effort': expected one of " + words +
                ", but got an integer instead.");
  EXPECT_EQ(
      Decoded(with_members(R"("reasoning_effort":"default")")).doubt(),
      "invalid_value: Invalid value for 'reasoning_effort': 'default'. Supported values are: " + words + ".");
  EXPECT_THAT(refused(R"("reasoning_effort":"low","reasoning":{"effort":"high"})"),
              HasSubstr("must be the same"));
  EXPECT_THAT(refused(R"("reasoning":{"effort":"high"},"reasoning_effort":"low")"),
              HasSubstr("must be the same"));
  EXPECT_THAT(refused(R"("reasoning":"high")"), HasSubstr("'reasoning': expected an object"));
}

TEST(DecodeRequest, ReadsResponseFormats) {
  using Kind = chat::ResponseFormat::Kind;
  EXPECT_EQ(Decoded(with_members(R"("response_format":{"type":"text"})"))->response_format.kind, Kind::text);
  EXPECT_EQ(Decoded(with_members(R"("response_format":{"type":"json_object"})"))->response_format.kind,
            Kind::json_object);
  const Decoded d(with_members(
      R"("response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object",)"
      R"("properties":{"title":{"$ref":"#/x"},"format":{}}}}})"));
  EXPECT_EQ(d->response_format.kind, Kind::json_schema);
  EXPECT_EQ(d->response_format.name.escaped(), "n");
  EXPECT_EQ(d->response_format.strict, true);
  EXPECT_EQ(d->response_format.schema.raw(),
            R"({"type":"object","properties":{"title":{"$ref":"#/x"},"format":{}}})");
}

TEST(DecodeRequest, WantsCompleteResponseFormats) {
  EXPECT_THAT(Decoded(with_members(R"("response_format":{"type":"grammar"})")).doubt(),
              HasSubstr("'grammar'. Supported values are: 'text', 'json_object', and 'json_schema'."));
  EXPECT_EQ(Decoded(with_members(R"("response_format":{"type":1})")).param(), "response_format.type");
  EXPECT_THAT(refused(R"("response_format":"json_object")"), HasSubstr("expected an object with a `type`"));
  EXPECT_EQ(Decoded(with_members(R"("response_format":{"type":"json_schema"})")).param(),
            "response_format.json_schema");
  EXPECT_EQ(Decoded(with_members(R"("response_format":{"type":"json_schema","json_schema":{"schema":{}}})"))
                .param(),
            "response_format.json_schema.name");
  EXPECT_EQ(
      Decoded(with_members(R"("response_format":{"type":"json_schema","json_schema":{"name":"n"}})")).param(),
      "response_format.json_schema.schema");
}

TEST(DecodeRequest, SafetyIdentifierComesBeforeUser) {
  EXPECT_EQ(Decoded(with_members(R"("user":"old","safety_identifier":"new")"))->user.escaped(), "new");
  EXPECT_EQ(Decoded(with_members(R"("safety_identifier":"new","user":"old")"))->user.escaped(), "new");
}

TEST(DecodeRequest, WhatItDoesNotKnowStaysInTheSource) {
  const Decoded d(with_members(R"("prediction":{"type":"content"},"metadata":{"a":"b"})"));
  EXPECT_EQ(d->source["prediction"]["type"].string(), "content");
  EXPECT_EQ(d->source["metadata"].raw(), R"({"a":"b"})");
}

}  // namespace
}  // namespace sluice::dialect::openai
