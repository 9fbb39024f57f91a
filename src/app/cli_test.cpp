#include "app/cli.hpp"

#include "app/test_environment.hpp"
#include "app/version.hpp"
#include "json/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace sluice::app {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// What the commands were called with; they take no context.
ServeOptions served;
SimulateOptions simulated;
RepairOptions repaired;
TranslateOptions translated;
const Commands commands{.serve =
                            [](const ServeOptions& options) {
                              served = options;
                              return 7;
                            },
                        .simulate =
                            [](const SimulateOptions& options) {
                              simulated = options;
                              return 8;
                            },
                        .repair =
                            [](const RepairOptions& options, const Terminal&) {
                              repaired = options;
                              return 9;
                            },
                        .translate =
                            [](const TranslateOptions& options, const Terminal&) {
                              translated = options;
                              return 10;
                            }};

struct Outcome {
  int status;
  std::string out, err;
};

Outcome run(const std::vector<std::string>& arguments, std::size_t width = 0, bool colours = false) {
  std::ostringstream out, err;
  const int status = run_command(arguments, commands, environment({{"KEY", "k"}}),
                                 {.out = out, .err = err, .width = width, .colours = colours});
  return {.status = status, .out = out.str(), .err = err.str()};
}

/// A file that is gone when the test ends.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text)
      : path_(testing::TempDir() + "cli_test_" + std::to_string(getpid()) + ".yaml") {
    std::ofstream(path_) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(Serve, GetsItsOptions) {
  served = {};
  EXPECT_EQ(run({"serve"}).status, 7);
  EXPECT_FALSE(served.config_file || served.listen || served.demo);

  EXPECT_EQ(run({"serve", "--config", "a.yaml", "--listen", "[::1]:80", "--demo"}).status, 7);
  EXPECT_EQ(served.config_file, "a.yaml");
  EXPECT_EQ(http::to_string(*served.listen), "[::1]:80");
  EXPECT_TRUE(served.demo);
}

TEST(Serve, RefusesAnAddressThatIsNone) {
  const Outcome outcome = run({"serve", "--listen", "here"});
  EXPECT_EQ(outcome.status, exit_usage);
  EXPECT_EQ(
      outcome.err,
      "sluice: --listen: 'here' is no address to listen on: the port must be a number from 0 to 65535; write "
      "HOST:PORT with an address literal, as 127.0.0.1:8080 or [::1]:8080; see sluice --help\n");
}

TEST(Simulate, GetsItsOptions) {
  EXPECT_EQ(run({"simulate", "--listen", "127.0.0.1:9000", "--replay", "dir"}).status, 8);
  EXPECT_EQ(http::to_string(simulated.listen), "127.0.0.1:9000");
  EXPECT_EQ(simulated.replay, "dir");
  EXPECT_EQ(run({"simulate"}).status, exit_usage);
  EXPECT_EQ(run({"simulate"}).err, "sluice: --listen is required; see sluice --help\n");
}

TEST(Check, SaysThatAllIsRight) {
  const TemporaryFile file(
      "providers: {anthropic: {api_key: $"
      "{KEY}}}\nkeys: [{name: a, secret: s}]\n");
  const Outcome outcome = run({"check", file.path()});
  EXPECT_EQ(outcome.status, exit_ok) << outcome.err;
  EXPECT_EQ(outcome.out, file.path() + ": all right (1 listener, 1 provider, 8 models, 1 key)\n");
}

TEST(Check, SaysAllThatIsWrong) {
  const TemporaryFile file(
      "stor: memory\nproviders: {anthropic: {api_key: $"
      "{NO_KEY}}}\n");
  const Outcome outcome = run({"check", file.path()});
  EXPECT_EQ(outcome.status, exit_failed);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            file.path() +
                ":1: unknown key 'stor'; did you mean 'store'? known here: listen, store, providers, "
                "models, keys, limits, log, echo_request\n" +
                file.path() + ":2: environment variable NO_KEY is not set; set it, or write $" +
                "{NO_KEY:-default}\n");
}

TEST(Check, KnowsTheDemoOnlyIfToldSo) {
  const TemporaryFile file("models: [{id: m, targets: [{provider: demo}]}]\n");
  EXPECT_EQ(run({"check", file.path()}).status, exit_failed);
  EXPECT_EQ(run({"check", "--demo", file.path()}).status, exit_ok);
}

TEST(Check, NeedsAFile) {
  EXPECT_EQ(run({"check"}).status, exit_usage);
  const Outcome outcome = run({"check", "/nonexistent.yaml"});
  EXPECT_EQ(outcome.status, exit_failed);
  EXPECT_EQ(outcome.err, "/nonexistent.yaml: cannot be read: No such file or directory\n");
}

TEST(Models, AreATableByQuality) {
  const Outcome outcome = run({"models"});
  EXPECT_EQ(outcome.status, exit_ok);
  EXPECT_THAT(outcome.out, StartsWith("MODEL  "));
  EXPECT_THAT(outcome.out, HasSubstr("\nclaude-opus-4-6 "));
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 27);
  EXPECT_LT(outcome.out.find("claude-opus-4-6"), outcome.out.find("gpt-oss-20b"));
}

TEST(Models, AreSortedAndFiltered) {
  const Outcome outcome = run({"models", "--sort", "latency", "--region", "eu"});
  EXPECT_EQ(outcome.status, exit_ok);
  EXPECT_EQ(outcome.out.find("gpt-"), std::string::npos);
  EXPECT_LT(outcome.out.find("gemini-2.5-flash-lite"), outcome.out.find("claude-haiku"));
}

TEST(Models, AreJsonIfAskedFor) {
  const Outcome outcome = run({"models", "--json", "--sort=price"}, 80, true);
  EXPECT_EQ(outcome.status, exit_ok);
  json::Document document;
  const auto root = document.parse(outcome.out);
  ASSERT_TRUE(root) << outcome.out;
  EXPECT_EQ((*root)["data"].size(), 26U);
  EXPECT_TRUE((*root)["data"][0]["id"].equals("gpt-oss-20b"));
}

TEST(Models, FitTheTerminal) {
  EXPECT_EQ(run({"models"}).out.find('\x1b'), std::string::npos);
  const Outcome outcome = run({"models"}, 60, true);
  EXPECT_THAT(outcome.out, StartsWith("\x1b[1mMODEL"));
  std::istringstream lines(outcome.out);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) EXPECT_LE(line.size(), 60U) << line;
}

TEST(Models, RefuseAnUnknownOrder) {
  const Outcome outcome = run({"models", "--sort", "prise"});
  EXPECT_EQ(outcome.status, exit_usage);
  EXPECT_EQ(outcome.err,
            "sluice: --sort: 'prise' is not allowed; did you mean 'price'? use one of quality, latency, "
            "price, provider; "
            "see sluice --help\n");
  EXPECT_EQ(run({"models", "--region", "mars"}).status, exit_usage);
}

TEST(Version, IsPrinted) {
  EXPECT_EQ(run({"version"}).out, "sluice " + std::string(version()) + "\n");
}

TEST(Help, HasExamples) {
  const Outcome outcome = run({"--help"});
  EXPECT_EQ(outcome.status, exit_ok);
  for (const char* text : {"serve", "check", "simulate", "models", "version", "Examples:", "Exit status"})
    EXPECT_THAT(outcome.out, HasSubstr(text));
  const Outcome of_serve = run({"serve", "--help"});
  EXPECT_EQ(of_serve.status, exit_ok);
  EXPECT_THAT(of_serve.out, HasSubstr("Usage: sluice serve "));
  EXPECT_THAT(of_serve.out, HasSubstr("--listen HOST:PORT"));
  EXPECT_THAT(of_serve.out, HasSubstr("sluice serve --demo"));
}

TEST(CommandLine, WithoutACommandIsHelpAndAnError) {
  const Outcome outcome = run({});
  EXPECT_EQ(outcome.status, exit_usage);
  EXPECT_THAT(outcome.err, HasSubstr("serve"));
}

TEST(CommandLine, TranslatesThreeThings) {
  EXPECT_EQ(run({"translate", "request", "--to", "gemini", "--model", "gemini-2.5-pro"}).status, 10);
  EXPECT_EQ(translated.what, TranslateOptions::What::request);
  EXPECT_EQ(translated.api, "gemini");
  EXPECT_EQ(run({"translate", "stream", "--from", "anthropic.messages", "--whole"}).status, 10);
  EXPECT_EQ(translated.what, TranslateOptions::What::stream);
  EXPECT_TRUE(translated.whole);
  EXPECT_EQ(run({"translate", "request", "--to", "gemeni"}).status, exit_usage);
  EXPECT_THAT(run({"translate", "request", "--to", "gemeni"}).err, HasSubstr("did you mean 'gemini'"));
  EXPECT_EQ(run({"translate"}).status, exit_usage);
}

TEST(CommandLine, SuggestsTheCommandThatWasMeant) {
  EXPECT_EQ(run({"srve"}).status, exit_usage);
  EXPECT_EQ(run({"srve"}).err,
            "sluice: unknown command 'srve'; did you mean 'serve'? the commands are serve, check, simulate, "
            "models, "
            "repair, translate, version; see sluice --help\n");
}

TEST(CommandLine, SuggestsTheOptionThatWasMeant) {
  const Outcome outcome = run({"serve", "--confg", "x"});
  EXPECT_EQ(outcome.status, exit_usage);
  EXPECT_EQ(outcome.err,
            "sluice: 'serve' takes no --confg; did you mean '--config'? it takes --help, --config, --listen, "
            "--demo; see "
            "sluice --help\n");
  EXPECT_EQ(run({"--verbose"}).status, exit_usage);
  EXPECT_EQ(run({"version", "extra"}).status, exit_usage);
}

}  // namespace
}  // namespace sluice::app
