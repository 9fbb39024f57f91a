#include "http/address.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace sluice::http {
namespace {

TEST(Address, ReadsWhatOperatorsWrite) {
  const std::array<std::pair<std::string_view, std::string_view>, 9> cases{
      {{"127.0.0.1:8080", "127.0.0.1:8080"},
       {"[::1]:8080", "[::1]:8080"},
       {"localhost:80", "127.0.0.1:80"},
       {":8080", "0.0.0.0:8080"},
       {"*:8080", "0.0.0.0:8080"},
       {"8080", "0.0.0.0:8080"},
       {"[::]:0", "[::]:0"},
       {"10.1.2.3:65535", "10.1.2.3:65535"},
       {"::1:80", "[::1]:80"}}};
  for (const auto& [text, expected] : cases) {
    const auto address = parse_listen_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_string(*address), expected);
  }
}

TEST(Address, SaysWhatIsWrong) {
  for (std::string_view text :
       {"", ":", "a", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:8o",
        "gw.test:80", "[::1:80", "[::g]:80", "1.2.3:80", "127.0.0.1:80:90"}) {
    const auto address = parse_listen_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().code(), ErrorCode::invalid_request);
    EXPECT_NE(address.error().message().find("'" + std::string(text) + "'"), std::string::npos);
    EXPECT_NE(address.error().message().find("127.0.0.1:8080"), std::string::npos);
  }
  using namespace std::string_literals;
  EXPECT_FALSE(parse_listen_address("127.0.0.1\0x:80"s));
}

TEST(Address, TellsWhoCalls) {
  const auto peer = [](std::string_view host) { return peer_of(*parse_literal(host, 1234), 7); };
  EXPECT_EQ(peer("192.0.2.1").address, "192.0.2.1");
  EXPECT_EQ(peer("192.0.2.1").listener, 7U);
  EXPECT_FALSE(peer("192.0.2.1").loopback);
  EXPECT_FALSE(peer("2001:db8::1").loopback);
  EXPECT_TRUE(peer("127.9.9.9").loopback);
  EXPECT_TRUE(peer("::1").loopback);
  EXPECT_EQ(peer("::ffff:127.0.0.1").address, "127.0.0.1");
  EXPECT_TRUE(peer("::ffff:127.0.0.1").loopback);
  EXPECT_FALSE(peer("::127.0.0.1").loopback);
}

}  // namespace
}  // namespace sluice::http
