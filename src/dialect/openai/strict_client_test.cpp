#include "dialect/openai/testing/strict_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sluice::dialect::openai {
namespace {

const Expectation expected{.model = "m", .request_id = "r", .include_usage = true};

std::string chunk(std::string_view rest, std::string_view id = "c") {
  return std::string(R"(data: {"id":")").append(id) +
         R"(","object":"chat.completion.chunk","created":1,"model":"m","request_id":"r","usage":null,)" +
         std::string(rest) + "}\n\n";
}

std::string delta(std::string_view delta, std::string_view finish = "null") {
  return chunk(std::string(R"("choices":[{"index":0,"delta":)").append(delta) + R"(,"finish_reason":)" +
               std::string(finish) + "}]");
}

constexpr std::string_view role = R"({"role":"assistant","content":""})";

std::string first_departure(const std::string& stream) {
  const Seen seen = read_stream(stream, expected);
  return seen.departures.empty() ? "" : seen.departures[0].substr(0, seen.departures[0].find(':'));
}

TEST(StrictClient, IsContentWithWhatOpenAiSends) {
  const Seen seen = read_stream(
      delta(role) + delta(R"({"content":"hi"})") + delta("{}", "\"stop\"") + "data: [DONE]\n\n", expected);
  EXPECT_EQ(seen.departures_joined(), "");
  EXPECT_EQ(seen.choices.at(0).text, "hi");
  EXPECT_EQ(seen.choices.at(0).finish, "stop");
}

TEST(StrictClient, SeesEveryDeparture) {
  const std::string done = "data: [DONE]\n\n", stop = delta("{}", "\"stop\"");
  EXPECT_EQ(first_departure(delta(role) + stop), "done");
  EXPECT_EQ(first_departure(delta(role) + done), "finish");
  EXPECT_EQ(first_departure(stop + done), "role");
  EXPECT_EQ(first_departure(delta(role) + delta(role) + stop + done), "role");
  EXPECT_EQ(first_departure(delta(role) + stop + stop + done), "finish");
  EXPECT_EQ(first_departure(delta(role) + stop + done + stop), "done");
  EXPECT_EQ(first_departure(delta(role) + delta("{}", "\"eos\"") + done), "finish-value");
  EXPECT_EQ(first_departure(delta(role) + chunk(R"("choices":null)") + stop + done), "choices");
  EXPECT_EQ(first_departure(delta(role) + delta("null") + stop + done), "delta");
  EXPECT_EQ(first_departure(delta(role) + chunk(R"("choices":[])", "other") + stop + done), "id");
  EXPECT_EQ(first_departure(delta(role) + delta(R"({"content":[]})") + stop + done), "content");
  EXPECT_EQ(first_departure(delta(role) + "data: {\n\n" + stop + done), "json");
  EXPECT_EQ(first_departure(delta(role) +
                            delta(R"({"tool_calls":[{"index":1,"id":"a","type":"function",)"
                                  R"("function":{"name":"f","arguments":""}}]})") +
                            stop + done),
            "tool-index");
  const std::string call = delta(
      R"({"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]})");
  EXPECT_EQ(first_departure(delta(role) + call + call + stop + done), "tool-repeat");
  EXPECT_EQ(first_departure(delta(role) + call + stop + done), "");
}

TEST(StrictClient, ReadsWholeAnswersAsStrictly) {
  const auto answer = [](std::string_view choice) {
    return std::string(R"({"id":"c","object":"chat.completion","created":1,"model":"m","request_id":"r",)"
                       R"("http_status_code":200,"response_time":1,"choices":[)") +
           std::string(choice) + "]}";
  };
  const auto first = [&](std::string_view choice) {
    const Seen seen = read_answer(answer(choice), expected);
    return seen.departures.empty() ? "" : seen.departures[0].substr(0, seen.departures[0].find(':'));
  };
  EXPECT_EQ(first(R"({"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"})"), "");
  EXPECT_EQ(first(R"({"index":0,"message":{"role":"assistant"},"finish_reason":"stop"})"), "content");
  EXPECT_EQ(first(R"({"index":1,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"})"),
            "index");
  EXPECT_EQ(first(R"({"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":null})"),
            "finish");
  EXPECT_EQ(first(R"({"index":0,"message":{"content":"x"},"finish_reason":"stop"})"), "role");
  EXPECT_EQ(first(R"({"index":0,"finish_reason":"stop"})"), "message");
}

}  // namespace
}  // namespace sluice::dialect::openai
