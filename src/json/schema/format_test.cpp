#include "json/schema/format.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::json::schema {
namespace {

struct Case {
  std::string format;
  std::vector<std::string> right, wrong;
};

const std::vector<Case> cases{
    {"date", {"2024-02-29", "1999-12-31"}, {"2023-02-29", "2024-13-01", "2024-1-1", "2024-01-32", ""}},
    {"time",
     {"12:00:00Z", "23:59:60Z", "15:59:60-08:00", "08:30:06.283185+01:00"},
     {"12:00:00", "24:00:00Z", "22:59:60Z", "12:00:00.Z", "12:00:00+24:00"}},
    {"date-time",
     {"2024-02-29T12:00:00Z", "2024-02-29t12:00:00z"},
     {"2024-02-29 12:00:00Z", "2024-02-29T12:00:00", "2024-02-29"}},
    {"duration",
     {"P4DT12H30M5S", "P4Y", "PT0S", "P2W", "P1M"},
     {"P", "P1YT", "PT1D", "P1D2H", "P1Y1D", "4DT12H", "P2S", "P1W2D"}},
    {"email",
     {"joe.bloggs@example.com", "\"joe bloggs\"@example.com", "te~st@example.com", "joe@[127.0.0.1]"},
     {"2962", ".test@example.com", "te..st@example.com", "joe@", "@example.com", "joe@invalid=domain.com",
      "joe@[127.0.0.300]"}},
    {"idn-email", {"실례@실례.테스트", "joe@example.com"}, {"2962", "@x"}},
    {"hostname",
     {"www.example.com", "xn--4gbwdl.xn--wgbh1c", "a", std::string(63, 'a')},
     {"-a", "a-", "a_b", "", "a..b", std::string(64, 'a'), "a.", "ab--cd"}},
    {"ipv4", {"192.168.0.1"}, {"127.0.0.0.1", "256.1.1.1", "127.0", "0x7f.1.1.1", "087.10.0.1", "1.2.3."}},
    {"ipv6",
     {"::1", "::", "1::d6:192.168.0.1", "1:2:3:4:5:6:7:8", "::42:ff:1", "d6::"},
     {"12345::", "1:1:1:1:1:1:1:1:1", "1::2::3", ":2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "::1/64",
      "1:2:3:4:5:6:7:8::"}},
    {"uri",
     {"http://foo.bar/?baz=qux#quux", "urn:oasis:names", "http://[2001:db8::7]:80/", "mailto:a@b.c"},
     {"//foo.bar", "/abc", "\\\\WINDOWS", "http:// x", "http://a:b", ":// bad", "http://x/%zz",
      "http://ƒ.com"}},
    {"uri-reference", {"//foo.bar", "/abc", "abc", "#frag", "", "?q"}, {"\\\\a", "#a\\b", "1:a b"}},
    {"iri", {"http://ƒøø.ßår/?∂éœ=πîx#πîüx"}, {"/abc", "http://2001:0db8:85a3:0000:0000:8a2e:0370:7334"}},
    {"iri-reference", {"/ʃ", "âππ"}, {"\\\\a"}},
    {"uuid",
     {"2eb8aa08-AA98-11ea-b4aa-73b441d16380"},
     {"2eb8aa08aa9811eab4aa73b441d16380", "2eb8-aa08-aa98-11ea-b4aa73b44-1d16380",
      "2eb8aa08-aa98-11ea-b4ga-73b441d16380"}},
    {"json-pointer", {"", "/foo/bar~0/baz~1/%a", "/"}, {"a", "/foo~", "/~2"}},
    {"relative-json-pointer", {"1", "0/foo", "2#", "120/a~1b"}, {"/foo", "-1/foo", "01/a", "0##", ""}},
    {"regex", {"([abc])+\\s+$", "(?<=a)b"}, {"^(abc]", "\\Z"}},
};

TEST(Formats, AreToldApart) {
  for (const Case& each : cases) {
    const Format format = find_format(each.format);
    EXPECT_NE(format, Format::none) << each.format;
    EXPECT_EQ(name(format), each.format);
    for (const auto& text : each.right) EXPECT_TRUE(conforms(format, text)) << each.format << ": " << text;
    for (const auto& text : each.wrong) EXPECT_FALSE(conforms(format, text)) << each.format << ": " << text;
  }
}

TEST(Formats, ThatAreNotKnownTakeAnything) {
  EXPECT_EQ(find_format("colour"), Format::none);
  EXPECT_EQ(find_format(""), Format::none);
  EXPECT_TRUE(conforms(Format::none, "x"));
}

}  // namespace
}  // namespace sluice::json::schema
