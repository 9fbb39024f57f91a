#include "dialect/provider_error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::dialect {
namespace {

using std::chrono::milliseconds;

Error read(int status, std::string_view body, std::string_view content_type = "application/json") {
  return read_provider_error({.status = status, .body = body, .content_type = content_type});
}

struct Case {
  std::string_view title;
  int status;
  std::string_view body;
  ErrorCode code;
  std::string_view message;
  std::string_view native;
};

// Bodies as the providers' documents show them, or as recorded.
constexpr Case cases[] = {
    {"OpenAI", 400,
     R"({"error":{"message":"Bad stop","type":"invalid_request_error","param":"stop","code":"unsupported_parameter"}})",
     ErrorCode::upstream_invalid_request, "Bad stop", "unsupported_parameter"},
    {"OpenAIContext", 400,
     R"({"error":{"message":"Your input exceeds the context window of this model.","code":"context_length_exceeded"}})",
     ErrorCode::context_length_exceeded, "Your input exceeds the context window of this model.",
     "context_length_exceeded"},
    {"OpenAIQuota", 429,
     R"({"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}})",
     ErrorCode::upstream_quota, "You exceeded your current quota", "insufficient_quota"},
    {"OpenAIRate", 429,
     R"({"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}})",
     ErrorCode::upstream_rate_limited, "Rate limit reached", "rate_limit_exceeded"},
    {"Anthropic", 529,
     R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"})",
     ErrorCode::upstream_overloaded, "Overloaded", "overloaded_error"},
    {"AnthropicContext", 400,
     R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 3 tokens > 2 maximum"}})",
     ErrorCode::context_length_exceeded, "prompt is too long: 3 tokens > 2 maximum", "invalid_request_error"},
    {"AnthropicContextSum", 400,
     R"({"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 1 + 2 > 2"}})",
     ErrorCode::context_length_exceeded, "input length and `max_tokens` exceed context limit: 1 + 2 > 2",
     "invalid_request_error"},
    {"AnthropicModel", 404, R"({"type":"error","error":{"type":"not_found_error","message":"model: nope"}})",
     ErrorCode::upstream_model_unavailable, "model: nope", "not_found_error"},
    {"AnthropicKey", 401,
     R"({"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}})",
     ErrorCode::upstream_auth, "invalid x-api-key", "authentication_error"},
    {"AnthropicBilling", 400,
     R"({"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}})",
     ErrorCode::upstream_quota, "Your credit balance is too low to access the API.", "invalid_request_error"},
    {"AnthropicSize", 413,
     R"({"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}})",
     ErrorCode::request_too_large, "Request exceeds the maximum size", "request_too_large"},
    {"GeminiKey", 400,
     R"({"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"@type":"x/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}})",
     ErrorCode::upstream_auth, "API key not valid.", "API_KEY_INVALID"},
    {"GeminiInAList", 503,
     R"([{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}])",
     ErrorCode::upstream_overloaded, "The model is overloaded.", "UNAVAILABLE"},
    {"GeminiContext", 400,
     R"({"error":{"code":400,"message":"The input token count (12) exceeds the maximum number of tokens allowed (10).","status":"INVALID_ARGUMENT"}})",
     ErrorCode::context_length_exceeded,
     "The input token count (12) exceeds the maximum number of tokens allowed (10).", "INVALID_ARGUMENT"},
    {"OpenRouter", 429,
     R"({"error":{"code":429,"message":"Provider returned error","metadata":{"provider_name":"X","raw":"{\"error\":{\"message\":\"slow down\"}}"}}})",
     ErrorCode::upstream_rate_limited, "Provider returned error: slow down", "429"},
    {"OpenRouterRawText", 502,
     R"({"error":{"code":502,"message":"Provider returned error","metadata":{"raw":"upstream fell over"}}})",
     ErrorCode::upstream_error, "Provider returned error: upstream fell over", "502"},
    {"OpenRouterRawSaysTheSame", 502,
     R"({"error":{"code":502,"message":"it fell over","metadata":{"raw":"upstream: it fell over"}}})",
     ErrorCode::upstream_error, "upstream: it fell over", "502"},
    {"OpenRouterRawIsEmpty", 502,
     R"({"error":{"code":502,"message":"Provider returned error","metadata":{"raw":""}}})",
     ErrorCode::upstream_error, "Provider returned error", "502"},
    {"Mistral", 400,
     R"({"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"})",
     ErrorCode::upstream_model_unavailable, "Invalid model: x", "invalid_model"},
    {"FastApi", 422,
     R"({"detail":[{"loc":["body","messages",0],"msg":"field required","type":"missing"},{"msg":"and more"}]})",
     ErrorCode::upstream_invalid_request, "messages.0: field required; and more", ""},
    {"Detail", 401, R"({"detail":"Invalid API Key"})", ErrorCode::upstream_auth, "Invalid API Key", ""},
    {"Xai", 400, R"({"code":"invalid-argument","error":"Incorrect API key provided."})",
     ErrorCode::upstream_auth, "Incorrect API key provided.", "invalid-argument"},
    {"BareString", 500, R"({"error":"it broke"})", ErrorCode::upstream_error, "it broke", ""},
    {"JsonString", 503, R"("try later")", ErrorCode::upstream_overloaded, "try later", ""},
    {"LlamaCpp", 400,
     R"({"error":{"code":400,"message":"request (2009 tokens) exceeds the available context size","type":"exceed_context_size_error"}})",
     ErrorCode::context_length_exceeded, "request (2009 tokens) exceeds the available context size",
     "exceed_context_size_error"},
    {"TextLimit", 400,
     R"({"error":{"message":"too long","param":"messages[0].content","code":"string_above_max_length"}})",
     ErrorCode::context_length_exceeded, "too long", "string_above_max_length"},
    {"IdLimit", 400,
     R"({"error":{"message":"too long","param":"messages[1].tool_calls[0].id","code":"string_above_max_length"}})",
     ErrorCode::upstream_invalid_request, "too long", "string_above_max_length"},
    {"Plain", 502, "Bad gateway, sorry", ErrorCode::upstream_error, "Bad gateway, sorry", ""},
    {"Empty", 500, "", ErrorCode::upstream_error, "the provider gave no reason (HTTP 500)", ""},
    {"BrokenJson", 500, R"({"error":{"message":)", ErrorCode::upstream_error, R"({"error":{"message":)", ""},
    {"InAStream", 200, R"({"error":{"type":"overloaded_error","message":"Overloaded"}})",
     ErrorCode::upstream_overloaded, "Overloaded", "overloaded_error"},
    {"InAStreamByNumber", 200, R"({"error":{"code":429,"message":"busy"}})", ErrorCode::upstream_rate_limited,
     "busy", "429"},
    {"InAStreamUnknown", 200, R"({"error":{"message":"hm"}})", ErrorCode::upstream_error, "hm", ""},
};

class ProviderErrorCases : public testing::TestWithParam<Case> {};

TEST_P(ProviderErrorCases, IsReadAndClassified) {
  const Case& c = GetParam();
  const Error error = read(c.status, c.body);
  EXPECT_EQ(error.traits().name, traits(c.code).name);
  EXPECT_EQ(error.code(), c.code);
  EXPECT_EQ(error.message(), c.message);
  EXPECT_EQ(error.native_code(), c.native);
  EXPECT_EQ(error.upstream_status(), c.status);
}

INSTANTIATE_TEST_SUITE_P(Shapes, ProviderErrorCases, testing::ValuesIn(cases),
                         [](const auto& info) { return std::string(info.param.title); });

TEST(ProviderError, NamesTheMemberThatTheProviderNamed) {
  EXPECT_EQ(read(400, R"({"error":{"message":"m","param":"stop"}})").param(), "stop");
}

TEST(ProviderError, NeverForwardsAPage) {
  for (std::string_view body :
       {"<html><body>502 nginx sk-abcdefghijkl</body></html>", "\n<!DOCTYPE html><p>x"}) {
    const Error error = read(502, body, "text/html");
    EXPECT_EQ(error.message(), "HTTP 502 with a web page instead of an API's answer");
  }
}

TEST(ProviderError, CutsEndlessMessagesBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "\xC3\xA4";
  const Error error = read(500, text, "text/plain");
  EXPECT_LE(error.message().size(), 4096U);
  EXPECT_EQ(error.message().size() % 2, 0U);
}

TEST(ProviderError, TakesAwsNamesFromTheHeader) {
  const Error error = read_provider_error({.status = 400,
                                           .body = R"({"message":"Too many requests"})",
                                           .error_type = "ThrottlingException:http://internal.amazon.com/"});
  EXPECT_EQ(error.code(), ErrorCode::upstream_rate_limited);
  EXPECT_EQ(error.native_code(), "ThrottlingException");
}

TEST(RetryAfter, ReadsHeadersBodiesAndMessages) {
  const auto wait = [](ErrorAnswer answer) { return read_provider_error(answer).retry_after(); };
  EXPECT_EQ(wait({.status = 429, .retry_after = "1.5"}), milliseconds(1500));
  EXPECT_EQ(wait({.status = 429, .retry_after = "7", .retry_after_ms = "250"}), milliseconds(250));
  EXPECT_EQ(wait({.status = 429, .retry_after = "Sun, 06 Nov 1994 08:49:37 GMT", .now = 784111767}),
            milliseconds(10000));
  EXPECT_EQ(wait({.status = 429, .retry_after = "Sun, 06 Nov 1994 08:49:37 GMT", .now = 784111999}),
            milliseconds(0));
  EXPECT_EQ(wait({.status = 429, .retry_after = "soon"}), std::nullopt);
  EXPECT_EQ(wait({.status = 429, .retry_after = "-3"}), std::nullopt);
  EXPECT_EQ(wait({.status = 429, .retry_after = "1e300"}), std::nullopt);
  EXPECT_EQ(wait({.status = 429, .retry_after = "nan"}), std::nullopt);
  EXPECT_EQ(wait({.status = 429, .body = R"({"error":{"message":"m","details":[{"retryDelay":"34.4s"}]}})"}),
            milliseconds(34400));
  EXPECT_EQ(wait({.status = 429, .body = R"({"error":{"message":"Please try again in 6m0.5s. Thanks"}})"}),
            milliseconds(360500));
  EXPECT_EQ(wait({.status = 429, .body = R"({"error":{"message":"Please try again in 20ms."}})"}),
            milliseconds(20));
  EXPECT_EQ(wait({.status = 429, .body = R"({"error":{"message":"Please try again in a while."}})"}),
            std::nullopt);
}

TEST(RedactSecrets, TakesCredentialsOutAndLeavesTheRest) {
  EXPECT_EQ(redact_secrets("Incorrect API key provided: sk-proj-abc***wxyz. See https://x.y/sk-docs."),
            "Incorrect API key provided: [redacted]. See https://x.y/sk-docs.");
  EXPECT_EQ(redact_secrets("key 'AIzaSyA1234567890abcdefgh' bad"), "key '[redacted]' bad");
  EXPECT_EQ(redact_secrets("Authorization: Bearer abcdefghijklmnopqrstuv!"),
            "Authorization: Bearer [redacted]!");
  EXPECT_EQ(redact_secrets("arn:aws:bedrock:us-east-1:123456789012:model/x"),
            "arn:aws:bedrock:us-east-1:[redacted]:model/x");
  EXPECT_EQ(redact_secrets("in organization org-abcdefghijklmnop on"), "in organization [redacted] on");
  EXPECT_EQ(redact_secrets("a risk-adjusted task-12345678 for sk-."),
            "a risk-adjusted task-12345678 for sk-.");
}

}  // namespace
}  // namespace sluice::dialect
