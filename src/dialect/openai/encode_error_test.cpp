#include "dialect/openai/openai.hpp"
#include "json/document.hpp"

#include <gtest/gtest.h>

namespace sluice::dialect::openai {
namespace {

std::string encoded(const Error& error) {
  std::string out;
  encode_error(error, "req", out);
  json::Document document;
  const auto parsed = document.parse(out);
  EXPECT_TRUE(parsed) << out;
  return out;
}

TEST(EncodeError, SaysItInOpenAisFormAndTheHostedOne) {
  EXPECT_EQ(encoded(Error(ErrorCode::invalid_request, "n must be \"1\"").with_param("n")),
            R"({"error":{"message":"n must be \"1\"","type":"invalid_request_error","param":"n","code":)"
            R"("invalid_request","metadata":{}},"code":400,"message":"n must be \"1\"","request_id":"req"})");
}

TEST(EncodeError, TellsWhatTheProviderSaid) {
  EXPECT_EQ(
      encoded(Error(ErrorCode::upstream_overloaded, "busy")
                  .with_native_code("overloaded_error")
                  .with_upstream_status(529)
                  .with_metadata("{\"provider\":\"a\",\n\"reasons\":[1]}")),
      R"({"error":{"message":"busy","type":"overloaded_error","param":null,"code":"overloaded",)"
      R"("metadata":{"upstream_status":529,"upstream_code":"overloaded_error","provider":"a","reasons":[1]}},)"
      R"("code":503,"message":"busy","request_id":"req"})");
}

TEST(EncodeError, AProvidersWordForABadRequestIsTheCode) {
  EXPECT_NE(encoded(Error(ErrorCode::upstream_invalid_request, "no").with_native_code("bad_thing"))
                .find(R"("code":"bad_thing","metadata":{})"),
            std::string::npos);
}

TEST(EncodeError, EveryCodeHasAStatusAndAType) {
  for (const ErrorTraits& row : error_table) {
    json::Document document;
    const std::string out = encoded(Error(row.code, "x"));
    const auto body = document.parse(out);
    ASSERT_TRUE(body);
    EXPECT_EQ((*body)["code"].integer(), row.http_status);
    EXPECT_EQ((*body)["error"]["type"].string(), row.type);
    EXPECT_EQ((*body)["error"]["code"].string(), row.name);
  }
}

TEST(EncodeError, BytesThatAreNoTextDoNotBreakTheJson) {
  EXPECT_NE(encoded(Error(ErrorCode::upstream_error, "a\xff\n\"b")).find(R"(a�\n\"b)"), std::string::npos);
}

TEST(EncodeError, InAStreamItIsOneEvent) {
  std::string out = "data: {\"before\":1}\n\n";
  const std::size_t before = out.size();
  encode_stream_error(Error(ErrorCode::upstream_truncated, "cut").with_metadata("{\"a\":\n1}"), "req", out);
  const std::string event = out.substr(before);
  EXPECT_TRUE(event.starts_with(R"(data: {"error":{"message":"cut","type":"api_error")")) << event;
  EXPECT_EQ(event.find('\n'), event.size() - 2);
}

}  // namespace
}  // namespace sluice::dialect::openai
