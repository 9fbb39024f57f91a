#include "gateway/testing/client_view.hpp"

#include <gmock/gmock.h>

namespace sluice::gateway::testing {

using ::testing::HasSubstr;
using ::testing::Not;

std::string field(const Reply& reply, const std::string& name) {
  const auto found = reply.fields.find(name);
  return found == reply.fields.end() ? std::string() : found->second;
}

std::string streamed_text(const Reply& reply) {
  std::string text, rest = reply.body;
  EXPECT_EQ(field(reply, "content-type"), "text/event-stream; charset=utf-8");
  for (std::size_t at = rest.find("data: {"); at != std::string::npos; at = rest.find("data: {", at + 1)) {
    const Parsed chunk(rest.substr(at + 6, rest.find('\n', at) - at - 6));
    EXPECT_EQ(chunk["request_id"].string(), field(reply, "x-request-id"));
    text += chunk["choices"].elements().begin() == chunk["choices"].elements().end()
                ? ""
                : (*chunk["choices"].elements().begin())["delta"]["content"].string();
  }
  return text;
}

void expect_envelope(const Reply& reply, int status) {
  EXPECT_EQ(reply.status, status) << reply.body;
  ASSERT_FALSE(reply.error) << reply.error->message();
  ASSERT_TRUE(reply.fields.contains("x-request-id"));
  const Parsed body(reply.body);
  EXPECT_EQ(body["request_id"].string(), field(reply, "x-request-id"));
  EXPECT_EQ(body["code"].integer(), status);
  EXPECT_FALSE(body["message"].string().empty());
  EXPECT_FALSE(body["error"]["message"].string().empty());
  EXPECT_FALSE(body["error"]["type"].string().empty());
  EXPECT_FALSE(body["error"]["code"].string().empty());
  EXPECT_THAT(reply.body, Not(HasSubstr("secret")));
  EXPECT_THAT(reply.body, Not(HasSubstr("[DONE]")));
}

}  // namespace sluice::gateway::testing
