#include "http/url.hpp"

#include <gtest/gtest.h>

#include <array>

namespace sluice::http {
namespace {

struct Case {
  std::string_view text;
  bool tls;
  std::string_view host;
  std::uint16_t port;
  std::string_view path, authority;
};

TEST(Url, ReadsWhatOperatorsWrite) {
  constexpr std::array cases{
      Case{"https://api.openai.com/v1", true, "api.openai.com", 443, "/v1", "api.openai.com"},
      Case{"HTTPS://API.Example.com", true, "api.example.com", 443, "", "api.example.com"},
      Case{"http://127.0.0.1:8080/", false, "127.0.0.1", 8080, "", "127.0.0.1:8080"},
      Case{"http://h:80/a/b//", false, "h", 80, "/a/b", "h"},
      Case{"https://h:80", true, "h", 80, "", "h:80"},
      Case{"https://[::1]", true, "::1", 443, "", "[::1]"},
      Case{"http://[2001:db8::1]:99/x", false, "2001:db8::1", 99, "/x", "[2001:db8::1]:99"},
      Case{"https://h/v1/projects/p%20q:generate", true, "h", 443, "/v1/projects/p%20q:generate", "h"}};
  for (const Case& expected : cases) {
    const auto url = parse_url(expected.text);
    ASSERT_TRUE(url) << expected.text;
    EXPECT_EQ(url->tls, expected.tls) << expected.text;
    EXPECT_EQ(url->host, expected.host);
    EXPECT_EQ(url->port, expected.port);
    EXPECT_EQ(url->path, expected.path);
    EXPECT_EQ(url->authority(), expected.authority);
  }
}

TEST(Url, SaysWhatIsWrong) {
  for (std::string_view text : {"",
                                "api.openai.com",
                                "ftp://h",
                                "https://",
                                "https:///v1",
                                "https://u:p@h",
                                "https://h:0",
                                "https://h:65536",
                                "https://h:",
                                "https://h:x",
                                "https://h?x",
                                "https://h/p?x",
                                "https://h/p#x",
                                "https://h/a b",
                                "https://h/%zz",
                                "https://[::1",
                                "https://[::g]",
                                "https://a,b",
                                "http//h",
                                "https://h\n"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code(), ErrorCode::invalid_request);
    EXPECT_NE(url.error().message().find("https://HOST[:PORT][/PATH]"), std::string::npos);
  }
}

}  // namespace
}  // namespace sluice::http
