#include "json/schema/pattern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::json::schema {
namespace {

bool matches(std::string_view source, std::string_view text) {
  const auto pattern = Pattern::compile(source);
  EXPECT_TRUE(pattern) << source << ": " << pattern.error().message();
  return pattern && pattern->matches(text);
}

std::string refusal(std::string_view source) {
  const auto pattern = Pattern::compile(source);
  return pattern ? "" : std::string(pattern.error().traits().name) + ": " + pattern.error().message();
}

TEST(Pattern, IsNotAnchored) {
  EXPECT_TRUE(matches("b", "abc"));
  EXPECT_FALSE(matches("^b", "abc"));
  EXPECT_TRUE(matches("", "abc"));
}

TEST(Pattern, EndIsTheEndOfTheText) {
  EXPECT_TRUE(matches("^abc$", "abc"));
  EXPECT_FALSE(matches("^abc$", "abc\n"));
  EXPECT_FALSE(matches("^b$", "a\nb\nc"));
}

TEST(Pattern, DotMatchesAllButLineEnds) {
  EXPECT_TRUE(matches("^.$", "🐲"));
  for (const char* end : {"\n", "\r", "\u2028", "\u2029"}) EXPECT_FALSE(matches("^.$", end));
  EXPECT_TRUE(matches("^[^]$", "\n"));
  EXPECT_FALSE(matches("[]", "a"));
}

TEST(Pattern, SpacesAreThoseOfEcmaScript) {
  for (const char* space : {" ", "\t", "\v", "\f", "\n", "\u00a0", "\u2003", "\u2029", "\ufeff"}) {
    EXPECT_TRUE(matches(R"(^\s$)", space));
    EXPECT_TRUE(matches(R"(^[\s]$)", space));
    EXPECT_FALSE(matches(R"(^\S$)", space));
    EXPECT_FALSE(matches(R"(^[\Sx]$)", space));
  }
  EXPECT_TRUE(matches(R"(^[\S]$)", "é"));
  EXPECT_TRUE(matches(R"(^[^\s]$)", "é"));
}

TEST(Pattern, WordsAndDigitsAreAscii) {
  EXPECT_FALSE(matches(R"(\d)", "৪২"));
  EXPECT_FALSE(matches(R"(^\w$)", "é"));
  EXPECT_TRUE(matches(R"(^[\W]$)", "é"));
  EXPECT_TRUE(matches(R"(\bfoo\b)", "a foo b"));
}

TEST(Pattern, EscapesMeanCharacters) {
  EXPECT_TRUE(matches(R"(^\u0041\x42\u{43}\cJ\0\t\/\-\.$)", std::string("ABC\n\0\t/-.", 9)));
  EXPECT_TRUE(matches(R"(^\ud83d\udc32$)", "🐲"));
  EXPECT_TRUE(matches(R"(^[\u{1F409}-\u{1F432}]+$)", "🐉🐲"));
  EXPECT_TRUE(matches(R"(^[\b]$)", "\b"));
}

TEST(Pattern, PropertiesGoByLongNamesToo) {
  EXPECT_TRUE(matches(R"(^\p{Letter}\p{L}\p{Lu}\p{Uppercase_Letter}$)", "éßÀÉ"));
  EXPECT_TRUE(matches(R"(^\p{digit}\p{Nd}\p{gc=Nd}$)", "৪২1"));
  EXPECT_TRUE(matches(R"(^\p{Script=Greek}\p{sc=Cyrillic}$)", "λж"));
  EXPECT_TRUE(matches(R"(^[\p{Letter}\P{ASCII}_]+$)", "aé_🐲"));
  EXPECT_TRUE(matches(R"(^\P{Letter}[\p{ASCII}]$)", "1a"));
  EXPECT_EQ(refusal(R"(\p{Emoji})"),
            "unsupported_schema: at byte 0 stands a Unicode property that is not known here; general "
            "categories and "
            "scripts are");
}

TEST(Pattern, ClassesTakeBracketsAndHyphensLiterally) {
  EXPECT_TRUE(matches("^[[]$", "["));
  EXPECT_TRUE(matches("^[[:alpha:]]$", ":]"));
  EXPECT_TRUE(matches(R"(^[\w-.]+$)", "a-b.c"));
  EXPECT_TRUE(matches("^[a-]+$", "a-"));
  EXPECT_TRUE(matches("^[-a]+$", "-a"));
  EXPECT_TRUE(matches("^[a^]+$", "^a"));
  EXPECT_FALSE(matches("^[a-c-e]+$", "d"));
}

TEST(Pattern, LoneBracesAreLiteral) {
  EXPECT_TRUE(matches("^{a}$", "{a}"));
  EXPECT_TRUE(matches("^a{,2}$", "a{,2}"));
  EXPECT_TRUE(matches("^]$", "]"));
}

TEST(Pattern, GroupsMayHaveNames) {
  EXPECT_TRUE(matches("^(?<year>[0-9]{4})-(?:0[1-9]|1[0-2])$", "2024-02"));
  EXPECT_TRUE(matches("^(?P<a>x)(?i:y)$", "xY"));
  EXPECT_TRUE(matches("(?i)^yes$", "YES"));
}

TEST(Pattern, LongRepetitionsAreWrittenOut) {
  EXPECT_TRUE(matches("^.{1,2500}$", std::string(2500, 'x')));
  EXPECT_FALSE(matches("^.{1,2500}$", std::string(2501, 'x')));
  EXPECT_TRUE(matches("^a{1500,}b$", std::string(1600, 'a') + "b"));
  EXPECT_FALSE(matches("^a{1500,}b$", std::string(1499, 'a') + "b"));
  EXPECT_TRUE(matches("^(?:é|b){2}c{0}$", "éb"));
  EXPECT_TRUE(matches("^é{2}$", "éé"));
}

TEST(Pattern, OneClassForAllOfTheTextIsCounted) {
  constexpr std::string_view name = R"(^[\p{L}\p{N} '-]{2,1000}$)";
  EXPECT_TRUE(matches(name, "Åsa Lindström"));
  EXPECT_FALSE(matches(name, "Å"));
  EXPECT_FALSE(matches(name, "Å!"));
  EXPECT_TRUE(matches(name, std::string(1000, 'a')));
  EXPECT_FALSE(matches(name, std::string(1001, 'a')));
  EXPECT_FALSE(matches(name, "ab\n"));
  EXPECT_TRUE(matches("^.{50000}$", std::string(50000, 'x')));
  EXPECT_TRUE(matches(R"(^\d{3,}$)", "1234"));
  EXPECT_FALSE(matches(R"(^\d{3,}$)", "12"));
  EXPECT_TRUE(matches("^a{0}$", ""));
  EXPECT_FALSE(matches("^a{0}$", "a"));
  EXPECT_TRUE(matches("^a{2}$|b", "b"));
  EXPECT_TRUE(matches(R"(^\bword{1}$)", "word"));
  EXPECT_FALSE(matches(R"(^\B{2}$)", "ab")) << "an assertion is no character";
}

TEST(Pattern, LookAheadsAtTheBeginningAreConditions) {
  constexpr std::string_view password = R"(^(?=.*[A-Z])(?=.*\d)(?!.*\s).{8,}$)";
  EXPECT_TRUE(matches(password, "abcdefG1"));
  EXPECT_FALSE(matches(password, "abcdefg1"));
  EXPECT_FALSE(matches(password, "abcdefGh"));
  EXPECT_FALSE(matches(password, "abc efG1"));
  EXPECT_FALSE(matches(password, "abcdG1"));
  EXPECT_FALSE(matches(R"(^(?!foo|bar))", "barrel"));
  EXPECT_TRUE(matches(R"(^(?!foo|bar))", "a bar"));
}

TEST(Pattern, SaysWhatItCannotRun) {
  for (const char* source : {"(?<=a)b", "(?<!a)b", "a(?=b)", "^(?:(?=a)b)", "^(?=a)b|c", "^(?=a)+b",
                             R"((a)\1)", R"((?<x>a)\k<x>)", "a{30000}b"})
    EXPECT_TRUE(refusal(source).starts_with("unsupported_schema: at byte "))
        << source << ": " << refusal(source);
  EXPECT_EQ(refusal("(?:a{900}){900}"),
            "unsupported_schema: repetitions inside repetitions come to more than 1000");
  EXPECT_EQ(refusal(R"(^x[\p{L}\p{N}\p{M}]{20000}$)"),
            "unsupported_schema: the expression is too large when its repetitions are written out");
}

TEST(Pattern, SaysWhatIsNoExpression) {
  for (const char* source : {"(", ")", "[a", "a**", "*a", "a{3,2}", R"(\)", R"(\Z)", R"(\a)", R"(\p{)",
                             R"(\u12)", R"(\xg0)", R"(\u{110000})", "(?>a)", "(?<a", R"(\07)", "[b-a]"})
    EXPECT_TRUE(refusal(source).starts_with("invalid_request: ")) << source << ": " << refusal(source);
  EXPECT_NE(refusal(std::string(1000, '(') + std::string(1000, ')')), "");
}

}  // namespace
}  // namespace sluice::json::schema
