#include "dialect/bedrock/sigv4.hpp"

#include "base/hash.hpp"
#include "dialect/bedrock/bedrock.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::dialect::bedrock {
namespace {

constexpr std::string_view id = "AKIDEXAMPLE";
constexpr std::string_view secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

std::string value_of(const Outgoing& out, std::string_view name) {
  const auto found = std::ranges::find(out.headers, name, &Header::name);
  return found == out.headers.end() ? "" : found->value;
}

struct Vector {
  std::string_view title, method, path;
  std::vector<Header> further;
  std::string_view body, names, signature;
};

/// AWS' own suite: https://docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html
TEST(SigV4, AgreesWithTheTestSuiteOfAws) {
  const Vector vectors[] = {
      {"get-vanilla",
       "GET",
       "/",
       {},
       "",
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"post-vanilla",
       "POST",
       "/",
       {},
       "",
       "host;x-amz-date",
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"get-unreserved",
       "GET",
       "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
       {},
       "",
       "host;x-amz-date",
       "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
      {"get-utf8",
       "GET",
       "/\xE1\x88\xB4",
       {},
       "",
       "host;x-amz-date",
       "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
      {"post-x-www-form-urlencoded",
       "POST",
       "/",
       {{"content-type", "application/x-www-form-urlencoded"}},
       "Param1=value1",
       "content-type;host;x-amz-date",
       "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
  };
  constexpr std::int64_t now = 1440938160;
  const std::string date = amz_date(now);
  EXPECT_EQ(date, "20150830T123600Z");
  for (const Vector& vector : vectors) {
    std::vector<Header> headers = vector.further;
    headers.push_back({"host", "example.amazonaws.com"});
    headers.push_back({"x-amz-date", date});
    EXPECT_EQ(
        sign_v4({vector.method, vector.path, headers, vector.body}, {id, secret, "us-east-1", "service"},
                date),
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=" +
            std::string(vector.names) + ", Signature=" + std::string(vector.signature))
        << vector.title;
  }
}

TEST(SigV4, WritesDatesOfAllTimes) {
  EXPECT_EQ(amz_date(0), "19700101T000000Z");
  EXPECT_EQ(amz_date(951782399), "20000228T235959Z");
  EXPECT_EQ(amz_date(951868799), "20000229T235959Z");
  EXPECT_EQ(amz_date(4102444800), "21000101T000000Z");
}

Outgoing outgoing() {
  Outgoing out;
  out.path = "/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse";
  out.body = R"({"messages":[{"role":"user","content":[{"text":"hi"}]}],"inferenceConfig":{"maxTokens":16}})";
  return out;
}
constexpr Destination frankfurt{.host = "bedrock-runtime.eu-central-1.amazonaws.com", .now = 1735787045};

Credentials keys() {
  return {.access_key_id = Secret(std::string(id)),
          .secret_access_key = Secret(std::string(secret)),
          .region = "eu-central-1"};
}

/// Verified with botocore: the path that is encoded already is encoded once more.
TEST(BedrockAuthorize, SignsAsBotocoreDoes) {
  Outgoing out = outgoing();
  EXPECT_EQ(hex(sha256(out.body)), "5903c58ae9037766e41ea3e3ef4368cbac6b3f82d1c1f15a67ac4a7520b79d7f");
  authorize(keys(), frankfurt, out);
  EXPECT_EQ(value_of(out, "x-amz-date"), "20250102T030405Z");
  EXPECT_EQ(value_of(out, "authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20250102/eu-central-1/bedrock/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=cb635b0aba23e742f970755a6ff257364f37fba61e5ca479320b5271dacaa9ec");
  EXPECT_EQ(out.headers.size(), 2U);
}

TEST(BedrockAuthorize, CoversTheSessionTokenTheBasePathAndTheTime) {
  const auto signed_with = [](const Credentials& credentials, const Destination& to) {
    Outgoing out = outgoing();
    authorize(credentials, to, out);
    return out;
  };
  const std::string plain = value_of(signed_with(keys(), frankfurt), "authorization");
  Credentials session = keys();
  session.session_token = Secret("token");
  const Outgoing with_token = signed_with(session, frankfurt);
  EXPECT_EQ(value_of(with_token, "x-amz-security-token"), "token");
  EXPECT_NE(value_of(with_token, "authorization").find("host;x-amz-date;x-amz-security-token,"),
            std::string::npos);
  Destination elsewhere = frankfurt;
  elsewhere.path = "/proxy";
  EXPECT_NE(value_of(signed_with(keys(), elsewhere), "authorization"), plain);
  Destination later = frankfurt;
  later.now += 1;
  EXPECT_NE(value_of(signed_with(keys(), later), "authorization"), plain);
}

TEST(BedrockAuthorize, SendsAnApiKeyAsItIs) {
  Outgoing out = outgoing();
  Credentials both = keys();
  both.api_key = Secret("bedrock-api-key-x");
  authorize(both, frankfurt, out);
  ASSERT_EQ(out.headers.size(), 1U);
  EXPECT_EQ(value_of(out, "authorization"), "Bearer bedrock-api-key-x");
}

}  // namespace
}  // namespace sluice::dialect::bedrock
