#include "app/env_references.hpp"

#include "app/load_config.hpp"
#include "app/test_environment.hpp"

#include <gtest/gtest.h>

namespace sluice::app {
namespace {

Config loaded(std::string_view text, std::map<std::string, std::string> variables = {}) {
  auto config = parse_config(text, "c.yaml", environment(std::move(variables)));
  EXPECT_TRUE(config) << config.error().message();
  return config ? std::move(*config) : Config();
}

std::string why_not(std::string_view text, std::map<std::string, std::string> variables = {}) {
  const auto config = parse_config(text, "c.yaml", environment(std::move(variables)));
  return config ? "" : config.error().message();
}

TEST(Environment, TakesItsPlaceAfterParsing) {
  const std::string text =
      "providers:\n  openai: {api_key: ${KEY}, base_url: \"https://${HOST:-h.example}/v1\"}\n";
  const Config config = loaded(text, {{"KEY", "a: {b} # c\", 'd'"}});
  EXPECT_EQ(config.providers[0].api_key.reveal(), "a: {b} # c\", 'd'");
  EXPECT_EQ(config.providers[0].base_url.host, "h.example");
  EXPECT_EQ(loaded(text, {{"KEY", "k"}, {"HOST", ""}}).providers[0].base_url.host, "h.example");
  EXPECT_EQ(loaded(text, {{"KEY", "k"}, {"HOST", "other"}}).providers[0].base_url.host, "other");
}

TEST(Environment, IsNotAskedByComments) {
  EXPECT_EQ(why_not("# key: ${NOT_SET}\nproviders: {openai: {api_key: k}} # ${NOR_THIS}\n"), "");
}

TEST(Environment, CanBeEscaped) {
  EXPECT_EQ(loaded("providers: {openai: {api_key: $${KEY}}}").providers[0].api_key.reveal(), "${KEY}");
  EXPECT_EQ(loaded("providers: {openai: {api_key: a$b$$c}}").providers[0].api_key.reveal(), "a$b$$c");
}

TEST(Environment, NamesWhatIsNoReference) {
  EXPECT_EQ(why_not("providers:\n  openai:\n    api_key: ${1KEY}\n"),
            "c.yaml:3: '${1KEY}' is no reference to the environment; write ${NAME} or ${NAME:-default}, or "
            "$${ for the "
            "characters themselves");
}

TEST(Environment, AnEmptyKeyIsAnError) {
  EXPECT_EQ(why_not("providers:\n  openai:\n    api_key: ${KEY}\n", {{"KEY", ""}}),
            "c.yaml:3: providers.openai.api_key: is empty; give a value");
  EXPECT_EQ(why_not("providers:\n  openai:\n    api_key: ${KEY}\n", {{"KEY", "k\n"}}),
            "c.yaml:3: providers.openai.api_key: holds a line break or another control character; put it on "
            "one line");
}

TEST(EnvReferences, KeepLines) {
  const EnvReferences references("a: ${A}\n\nb: ${B:-x y}\n# ${\n$${C}");
  EXPECT_EQ(std::count(references.marked().begin(), references.marked().end(), '\n'), 4);
  EXPECT_EQ(references.original(references.marked()), "a: ${A}\n\nb: ${B:-x y}\n# ${\n$${C}");
}

TEST(EnvReferences, AreNotConfusedByMarksInTheText) {
  const std::string text =
      "\xEE\x80\x80"
      "0\xEE\x80\x81 \xEE\x80\x80 ";
  const EnvReferences references(text + "${A}");
  ConfigProblems problems("f");
  EXPECT_EQ(references.expand(references.marked(), 1, environment({{"A", "a"}}), problems), text + "a");
  EXPECT_EQ(references.original(references.marked()), text + "${A}");
}

}  // namespace
}  // namespace sluice::app
