#include "dialect/openai/openai.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace sluice::dialect::openai {
namespace {

Error decode(int status, std::string_view body) {
  return decode_error({.status = status, .body = body, .now = 1754667600});
}

TEST(ChatError, KeepsWhatIsSaidBesideTheMessage) {
  const Error groq = decode(
      400,
      R"({"error":{"message":"m","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"[{\"name\":1}]"}})");
  EXPECT_EQ(groq.message(), "m");
  EXPECT_EQ(groq.native_code(), "tool_use_failed");
  EXPECT_EQ(groq.metadata(), R"({"failed_generation":"[{\"name\":1}]"})");
  const Error azure = decode(
      400,
      R"({"error":{"code":"content_filter","message":"m","innererror":{"content_filter_result":{"hate":{"filtered":true}}}}})");
  EXPECT_EQ(azure.metadata(), R"({"content_filter_result":{"hate":{"filtered":true}}})");
  const Error llama = decode(
      400,
      R"({"error":{"code":400,"message":"m","type":"exceed_context_size_error","n_ctx":512,"n_prompt_tokens":2009}})");
  EXPECT_EQ(llama.code(), ErrorCode::context_length_exceeded);
  EXPECT_EQ(llama.metadata(), R"({"n_ctx":512,"n_prompt_tokens":2009})");
  EXPECT_EQ(decode(400, R"({"error":{"message":"m"}})").metadata(), "");
}

TEST(ChatError, ReadsWhenALimitIsLifted) {
  const std::string body =
      R"({"error":{"message":"m","code":429,"metadata":{"headers":{"X-RateLimit-Reset":"1754667660000"}}}})";
  EXPECT_EQ(decode(429, body).retry_after(), std::chrono::seconds(60));
  EXPECT_EQ(decode_error({.status = 429, .body = body, .retry_after = "3", .now = 1}).retry_after(),
            std::chrono::seconds(3));
  EXPECT_FALSE(decode_error({.status = 429, .body = body}).retry_after()) << "no clock";
  for (std::string_view reset : {"1", "x", "", "99999999999999999999"})
    EXPECT_FALSE(decode(429, R"({"error":{"message":"m","metadata":{"headers":{"X-RateLimit-Reset":")" +
                                 std::string(reset) + R"("}}}})")
                     .retry_after());
}

TEST(ChatError, ReadsBodiesOfEveryShape) {
  EXPECT_EQ(decode(401, R"({"detail":"Invalid API Key"})").code(), ErrorCode::upstream_auth);
  EXPECT_EQ(decode(400, R"({"code":400,"message":"Validation: x","type":"Bad Request"})").message(),
            "Validation: x");
  EXPECT_EQ(decode(400, R"({"code":"Client specified","error":"Model x"})").message(), "Model x");
  EXPECT_EQ(decode(503, "").code(), ErrorCode::upstream_overloaded);
  EXPECT_EQ(decode(502, "<html>").metadata(), "");
}

TEST(ChatError, KeyGoesAsBearer) {
  Outgoing out;
  authorize({.api_key = Secret("sk-1")}, {}, out);
  const auto& headers = out.headers;
  ASSERT_EQ(headers.size(), 1U);
  EXPECT_EQ(headers[0].name, "authorization");
  EXPECT_EQ(headers[0].value, "Bearer sk-1");
}

TEST(ChatError, AzureHasAFieldForKeysAndTakesTokensAsBearer) {
  Outgoing key, token;
  authorize({.api_key = Secret("k"), .api_key_field = true}, {}, key);
  ASSERT_EQ(key.headers.size(), 1U);
  EXPECT_EQ(key.headers[0].name, "api-key");
  EXPECT_EQ(key.headers[0].value, "k");
  authorize({.access_token = Secret("t"), .api_key_field = true}, {}, token);
  ASSERT_EQ(token.headers.size(), 1U);
  EXPECT_EQ(token.headers[0].name, "authorization");
  EXPECT_EQ(token.headers[0].value, "Bearer t");
}

}  // namespace
}  // namespace sluice::dialect::openai
