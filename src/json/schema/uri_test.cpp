#include "json/schema/uri.hpp"

#include <gtest/gtest.h>

namespace sluice::json::schema {
namespace {

// RFC 3986 section 5.4, without fragments.
TEST(ResolveUri, FollowsTheExamplesOfTheStandard) {
  const auto resolve = [](const char* reference) { return resolve_uri("http://a/b/c/d;p?q", reference); };
  EXPECT_EQ(resolve("g:h"), "g:h");
  EXPECT_EQ(resolve("g"), "http://a/b/c/g");
  EXPECT_EQ(resolve("./g"), "http://a/b/c/g");
  EXPECT_EQ(resolve("g/"), "http://a/b/c/g/");
  EXPECT_EQ(resolve("/g"), "http://a/g");
  EXPECT_EQ(resolve("//g"), "http://g");
  EXPECT_EQ(resolve("?y"), "http://a/b/c/d;p?y");
  EXPECT_EQ(resolve("g?y"), "http://a/b/c/g?y");
  EXPECT_EQ(resolve(";x"), "http://a/b/c/;x");
  EXPECT_EQ(resolve(""), "http://a/b/c/d;p?q");
  EXPECT_EQ(resolve("."), "http://a/b/c/");
  EXPECT_EQ(resolve(".."), "http://a/b/");
  EXPECT_EQ(resolve("../g"), "http://a/b/g");
  EXPECT_EQ(resolve("../../g"), "http://a/g");
  EXPECT_EQ(resolve("../../../g"), "http://a/g");
  EXPECT_EQ(resolve("/../g"), "http://a/g");
  EXPECT_EQ(resolve("g."), "http://a/b/c/g.");
  EXPECT_EQ(resolve("./g/."), "http://a/b/c/g/");
  EXPECT_EQ(resolve("g/../h"), "http://a/b/c/h");
}

TEST(ResolveUri, NeedsNoBase) {
  EXPECT_EQ(resolve_uri("", "a/b.json"), "a/b.json");
  EXPECT_EQ(resolve_uri("", "urn:uuid:deadbeef-1234"), "urn:uuid:deadbeef-1234");
  EXPECT_EQ(resolve_uri("http://a", "b"), "http://a/b");
  EXPECT_EQ(resolve_uri("urn:example:weather?=op=map", "#x"), "urn:example:weather?=op=map");
}

}  // namespace
}  // namespace sluice::json::schema
