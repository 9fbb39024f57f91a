#include "observe/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <regex>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace sluice::observe {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

/// A file that a log writes to.
class LogTest : public testing::Test {
 protected:
  LogTest() { std::signal(SIGPIPE, SIG_IGN); }
  ~LogTest() override { ::close(file_); }

  LogOptions options() const { return {.descriptor = file_}; }
  std::string written() const {
    std::string text(static_cast<std::size_t>(::lseek(file_, 0, SEEK_END)), '\0');
    EXPECT_EQ(::pread(file_, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    return text;
  }
  /// Without the times, which are checked here.
  std::string written_without_times() const {
    const std::regex time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)");
    std::istringstream lines(written());
    std::string out;
    for (std::string line; std::getline(lines, line);) {
      EXPECT_TRUE(std::regex_search(line, time)) << line;
      out += std::regex_replace(line, time, "T") + "\n";
    }
    return out;
  }

  Metrics metrics_;
  Counters& counters_ = metrics_.open_counters();
  const int file_ = ::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
};

constexpr std::string_view id = "0193571e-7c8b-7f00-8a3b-0123456789ab";

TEST_F(LogTest, AccessLinesNameWhatIsKnown) {
  {
    Log log(options());
    LogChannel& channel = log.open_channel(counters_);
    channel.write(id, {.endpoint = "POST /v1/chat/completions",
                       .provider = "anthropic",
                       .key = "dev",
                       .model = "claude-sonnet-4-6",
                       .status = 200,
                       .input_tokens = 15,
                       .total_us = 275510});
    channel.write(id, {.endpoint = "POST /v1/chat/completions", .error = "timeout", .status = 504});
  }
  EXPECT_EQ(
      written_without_times(),
      "T INFO  request finished request_id=0193571e-7c8b-7f00-8a3b-0123456789ab "
      "endpoint=\"POST /v1/chat/completions\" provider=anthropic key=dev model=claude-sonnet-4-6 status=200 "
      "input_tokens=15 total_us=275510\n"
      "T WARN  request finished request_id=0193571e-7c8b-7f00-8a3b-0123456789ab "
      "endpoint=\"POST /v1/chat/completions\" error=timeout status=504\n");
}

TEST_F(LogTest, JsonLinesAreObjects) {
  LogOptions json = options();
  json.json = true;
  {
    Log log(json);
    log.open_channel(counters_).write(Level::error, Event::internal_error, "",
                                      {"chat_handler", "a \"b\"\\\n\x01\xff\xc2\x9b"});
    log.say(Level::info, "listening on 127.0.0.1:8080");
  }
  EXPECT_EQ(written_without_times(),
            R"({"time":"T","level":"error","event":"internal_error","where":"chat_handler",)"
            R"("what":"a \"b\"\\\u000a\u0001)"
            "\xef\xbf\xbd"
            R"(\u009b"})"
            "\n"
            R"({"time":"T","level":"info","event":"message","message":"listening on 127.0.0.1:8080"})"
            "\n");
}

TEST_F(LogTest, StrangersCannotForgeLinesOrColours) {
  {
    Log log(options());
    log.open_channel(counters_).write(Level::warn, Event::client_connection_failed, "",
                                      {"::1", "x\n2026 ERROR \x1b[31m\x7f = \xed\xa0\x80ü"}, {400});
    log.say(Level::warn, "cannot read \"a\nb\"");
  }
  EXPECT_EQ(
      written_without_times(),
      "T WARN  connection of a client failed client=::1 "
      "reason=\"x\\u000a2026 ERROR \\u001b[31m\\u007f = \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdü\" status=400\n"
      "T WARN  cannot read \"a\\u000ab\"\n");
}

TEST_F(LogTest, LongTextsAreCutBetweenCharactersAndSaySo) {
  {
    Log log(options());
    std::string name;
    for (int i = 0; i < 100; ++i) name += "ü";
    log.open_channel(counters_).write(
        id, {.endpoint = "e", .provider = "p", .key = "k", .model = name, .status = 400});
  }
  std::string expected = "key=k model=\"";
  for (int i = 0; i < 90; ++i) expected += "ü";
  EXPECT_THAT(written(), HasSubstr(expected + "…\" status=400\n"));
}

TEST_F(LogTest, WhatIsBelowTheLevelIsNotLogged) {
  LogOptions quiet = options();
  quiet.level = Level::warn;
  {
    Log log(quiet);
    LogChannel& channel = log.open_channel(counters_);
    EXPECT_FALSE(channel.wants(Level::info));
    channel.write(id, {.endpoint = "e", .status = 200});
    log.say(Level::info, "no");
    channel.write(id, {.endpoint = "e", .status = 500});
  }
  EXPECT_THAT(written(), HasSubstr("status=500"));
  EXPECT_THAT(written(), Not(HasSubstr("status=200")));
  EXPECT_THAT(written(), Not(HasSubstr("no")));
  EXPECT_EQ(level_named("warn"), Level::warn);
  EXPECT_EQ(level_named("loud"), std::nullopt);
}

TEST_F(LogTest, DropsWhatDoesNotFitAndSaysHowMuch) {
  LogOptions small = options();
  small.channel_records = 4;
  small.interval = std::chrono::hours(1);
  Log log(small);
  LogChannel& channel = log.open_channel(counters_);
  for (int i = 0; i < 10; ++i) channel.write(Level::info, Event::request_row_refused, id);
  log.say(Level::info, "next");
  EXPECT_THAT(written(), HasSubstr("WARN  6 log records were dropped"));
  EXPECT_LT(written().find("not stored"), written().find("next")) << "records come before what is said later";
  EXPECT_EQ(metrics_.total(Metric::log_records_dropped), 6);
  const std::string before = written();
  log.flush();
  EXPECT_EQ(written(), before) << "a loss is reported once";
}

TEST_F(LogTest, WritesByItselfAndLosesNothingBetweenThreads) {
  constexpr int per_thread = 20'000, threads = 3;
  {
    Log log(options());
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t)
      workers.emplace_back([this, &log, t] {
        Counters& counters = metrics_.open_counters();
        LogChannel& channel = log.open_channel(counters);
        for (int i = 0; i < per_thread; ++i)
          channel.write(Level::info, Event::upstream_attempt_failed, id, {"p"}, {t, i});
      });
    log.say(Level::info, "while they run");
    workers.clear();
    for (int tries = 0; written().empty() && tries < 100; ++tries)
      std::this_thread::sleep_for(milliseconds(50));
    EXPECT_FALSE(written().empty());
    log.stop();
    log.stop();
  }
  std::vector<std::int64_t> next(threads, -1);
  std::istringstream lines(written());
  std::int64_t seen = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto values = line.find(" attempt=");
    if (values == std::string::npos) continue;
    std::size_t thread = 0;
    std::int64_t number = 0;
    char equals = 0;
    std::istringstream(line.substr(values + 9)) >> thread;
    std::istringstream(line.substr(line.rfind('='))) >> equals >> number;
    EXPECT_GT(number, next.at(thread)) << "the order of a thread is kept";
    next[thread] = number;
    ++seen;
  }
  EXPECT_EQ(seen + metrics_.total(Metric::log_records_dropped), threads * per_thread);
}

TEST_F(LogTest, AReaderThatStallsDelaysNoOneForLongAndLearnsWhatItMissed) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const auto read_all = [&] {
    std::string text(1 << 20, '\0');
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    const ssize_t count = ::read(ends[0], text.data(), text.size());
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
  };
  {
    Log log({.descriptor = ends[1], .interval = std::chrono::hours(1)});
    LogChannel& channel = log.open_channel(counters_);
    for (int i = 0; i < 4096; ++i)
      channel.write(id, {.endpoint = "POST /v1/chat/completions", .status = 200});
    const auto start = std::chrono::steady_clock::now();
    log.flush();
    log.say(Level::info, "nobody reads this");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
    EXPECT_FALSE(read_all().empty());
    log.say(Level::info, "again");
    log.flush();
    EXPECT_THAT(read_all(),
                testing::ContainsRegex("^\n.*INFO  again\n.*WARN  [0-9]+ log lines were lost.*\n$"));
    ::close(ends[0]);
    log.say(Level::info, "nobody can read this");
  }
  ::close(ends[1]);
}

TEST_F(LogTest, ColoursOnlyOnATerminal) {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0)
    GTEST_SKIP() << "no pseudo terminals here";
  const int descriptor = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  const auto line = [&](bool json) {
    Log({.json = json, .descriptor = descriptor}).say(Level::warn, "careful");
    std::string text(1000, '\0');
    text.resize(static_cast<std::size_t>(::read(terminal, text.data(), text.size())));
    return text;
  };
  ::unsetenv("NO_COLOR");
  EXPECT_THAT(line(false), HasSubstr("\x1b[33mWARN \x1b[0m careful"));
  EXPECT_THAT(line(true), HasSubstr("\"message\":\"careful\""));
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_THAT(line(false), HasSubstr("Z WARN  careful"));
  ::unsetenv("NO_COLOR");
  ::close(descriptor);
  ::close(terminal);
}

}  // namespace
}  // namespace sluice::observe
