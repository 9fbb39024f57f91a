#include "http/grammar.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sluice::http {
namespace {

using namespace std::string_literals;

TEST(Grammar, KnowsTokenCharactersByte) {
  const std::string token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(is_token_character(c), token.find(c) != std::string::npos) << "byte " << byte;
    EXPECT_EQ(is_token(std::string("x") + c), is_token_character(c)) << "byte " << byte;
  }
  EXPECT_FALSE(is_token(""));
}

TEST(Grammar, LetsNoControlCharacterIntoAFieldValue) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool allowed = byte == '\t' || (byte >= 0x20 && byte != 0x7f);
    EXPECT_EQ(is_field_value(std::string(1, static_cast<char>(byte))), allowed) << "byte " << byte;
  }
  EXPECT_TRUE(is_field_value(""));
}

TEST(Grammar, TrimsSpacesAndTabsOnly) {
  EXPECT_EQ(trim_ows(" \t a b\t "), "a b");
  EXPECT_EQ(trim_ows(" \t "), "");
  EXPECT_EQ(trim_ows("\va\v"), "\va\v");
}

TEST(Grammar, ReadsDecimalsThatAreNothingElse) {
  EXPECT_EQ(parse_decimal("0"), 0U);
  EXPECT_EQ(parse_decimal("0062"), 62U);
  EXPECT_EQ(parse_decimal("18446744073709551615"), UINT64_MAX);
  for (std::string_view wrong : {"", "-1", "+1", " 1", "1 ", "1,1", "0x1", "1e3", "18446744073709551616",
                                 "99999999999999999999999999"})
    EXPECT_FALSE(parse_decimal(wrong)) << wrong;
}

TEST(Grammar, KnowsHosts) {
  for (std::string_view good : {"a", "gw.test", "gw.test:8443", "gw.test:", "127.0.0.1", "[::1]", "[::1]:80",
                                "a%20b", "[::ffff:1.2.3.4]", "[2001:db8::1]:", "a_b-c~d!$&'()*+;="})
    EXPECT_TRUE(is_host(good)) << good;
  for (std::string_view wrong : {"",
                                 ":80",
                                 "a,b",
                                 "a b",
                                 "a/b",
                                 "a?b",
                                 "a#b",
                                 "u@a",
                                 "a:80:90",
                                 "a:8o",
                                 "a:-1",
                                 "a%2",
                                 "a%zz",
                                 "[::1",
                                 "[::1]x",
                                 "[::g]",
                                 "[]",
                                 "[1.2.3.4]",
                                 "[:::1]",
                                 "[1:2:3:4:5:6:7:8:9]",
                                 "[::1%25eth0]",
                                 "a\x80",
                                 "[....::]",
                                 "<a>"})
    EXPECT_FALSE(is_host(wrong)) << wrong;
  EXPECT_FALSE(is_host("a\0b"s));
  EXPECT_FALSE(is_host("[::1\0]"s));
}

TEST(Grammar, KnowsTargets) {
  for (std::string_view good : {"/", "/a/b", "//", "/?", "/a?b/c?d", "/%2e%2E", "/a;b=c,d:e@f!$&'()*+~_-."})
    EXPECT_TRUE(is_origin_form(good)) << good;
  for (std::string_view wrong :
       {"",    "a",  "*",   "/ ", "/a b", "/a#b", "/%", "/%2",   "/%zz",      "/a?%4",
        "/\"", "/<", "/\\", "/^", "/`",   "/{",   "/|", "/\x7f", "/\xc3\xa9", "/a%2?b"})
    EXPECT_FALSE(is_origin_form(wrong)) << wrong;
  EXPECT_FALSE(is_origin_form("/a\0"s));
}

TEST(Grammar, FindsMembersOfLists) {
  EXPECT_TRUE(list_contains("close", "close"));
  EXPECT_TRUE(list_contains("keep-alive , \tCLOSE", "close"));
  EXPECT_TRUE(list_contains(",,close,", "close"));
  EXPECT_FALSE(list_contains("closed, x-close", "close"));
  EXPECT_FALSE(list_contains("", "close"));
}

}  // namespace
}  // namespace sluice::http
