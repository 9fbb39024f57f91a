#include "simulate/fault.hpp"

#include "simulate/test_server.hpp"

#include <gmock/gmock.h>

namespace sluice::simulate {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

TEST(FaultList, IsReadItemByItem) {
  const auto fault = parse_fault("status=429, retry-after=2,stall-before=10,truncate,times=3");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->status, 429);
  EXPECT_EQ(fault->retry_after, "2");
  EXPECT_EQ(fault->stall_before, 10ms);
  EXPECT_TRUE(fault->truncate);
  EXPECT_EQ(fault->times, 3U);
  EXPECT_FALSE(parse_fault("")->breaks_body());
  EXPECT_EQ(parse_fault("stauts=429").error().message().substr(0, 34), "unknown fault 'stauts'; known are ");
  EXPECT_EQ(parse_fault("status=200").error().message(), "fault 'status' takes a number from 400 to 599");
  EXPECT_EQ(parse_fault("truncate=1").error().message(), "fault 'truncate' takes no value");
  EXPECT_FALSE(parse_fault("stall-after=-1"));
  EXPECT_FALSE(parse_fault("stall-after=1x"));
}

TEST(FaultList, StandsBehindAModelsName) {
  std::string model = "claude-sonnet-4-6+fault:status=529,retry-after=1";
  EXPECT_EQ(take_fault_suffix(model), "status=529,retry-after=1");
  EXPECT_EQ(model, "claude-sonnet-4-6");
  EXPECT_EQ(take_fault_suffix(model), "");
}

/// Faults as a client of the real HTTP client sees them.
class Faults : public testing::Test {
 protected:
  Reply post(const std::string& fault, bool stream = true, std::size_t leave_after = std::size_t{1} << 30) {
    return ask(server_, question(fault, stream, leave_after));
  }
  static Question question(const std::string& fault, bool stream,
                           std::size_t leave_after = std::size_t{1} << 30) {
    return {.path = "/v1/chat/completions",
            .body = std::string(R"({"model":"kimi-k2","stream":)") + (stream ? "true" : "false") +
                    R"(,"messages":[{"role":"user","content":"Say it all"}]})",
            .fields = std::string(openai_key) + "x-simulate-fault: " + fault + "\r\n",
            .leave_after = leave_after};
  }
  std::int64_t stat(std::string_view name) {
    const Reply reply = ask(server_, {.path = "/simulate/stats", .method = "GET"});
    return Json(reply.body)[name].integer().value_or(-1);
  }
  /// Waits for a number that is about to come.
  bool reaches(std::string_view name, std::int64_t wanted) {
    for (int i = 0; i < 200 && stat(name) != wanted; ++i) std::this_thread::sleep_for(5ms);
    return stat(name) == wanted;
  }

  TestServer server_;
};

TEST_F(Faults, RefuseInEachProvidersWords) {
  const std::string anthropic_body =
      R"({"model":"claude-sonnet-4-6+fault:status=429,retry-after=2","max_tokens":9,"messages":[{"role":"user","content":"x"}]})";
  const Reply limited =
      ask(server_, {.path = "/v1/messages", .body = anthropic_body, .fields = std::string(anthropic_key)});
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.fields.at("retry-after"), "2");
  EXPECT_EQ(limited.fields.at("x-should-retry"), "true");
  EXPECT_TRUE(Json(limited.body)["error"]["type"].equals("rate_limit_error"));

  const Reply google = ask(
      server_, {.path = "/v1beta/models/gemini-2.5-flash%2Bfault:status=429,retry-after=34:generateContent",
                .body = R"({"contents":[{"parts":[{"text":"x"}]}]})",
                .fields = std::string(google_key)});
  EXPECT_EQ(google.status, 429);
  EXPECT_FALSE(google.fields.contains("retry-after"));
  EXPECT_TRUE(Json(google.body)["error"]["status"].equals("RESOURCE_EXHAUSTED"));
  EXPECT_EQ(Json(google.body)["error"]["details"][0]["retryDelay"].string(), "34s");

  const Reply openai = post("status=503", false);
  EXPECT_EQ(openai.status, 503);
  EXPECT_TRUE(Json(openai.body)["error"]["type"].equals("server_error"));
  const Reply wrong = post("stall=3", false);
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(Json(wrong.body)["error"]["message"].string(), HasSubstr("simulate: unknown fault 'stall'"));
}

TEST_F(Faults, StrikeOnlySoManyTimes) {
  EXPECT_EQ(post("status=500,times=2").status, 500);
  EXPECT_EQ(post("status=500,times=2").status, 500);
  EXPECT_EQ(post("status=500,times=2").status, 200);
}

TEST_F(Faults, DelayTheHead) {
  const Reply late = post("stall-before=120", false);
  EXPECT_EQ(late.status, 200);
  EXPECT_GE(late.lasted, 110ms);
  const Reply slow = post("slow-headers=160", false);
  EXPECT_EQ(slow.status, 200) << slow.failure_message;
  EXPECT_GE(slow.lasted, 100ms);
  EXPECT_EQ(slow.fields.at("x-simulated-slowly"), "HTTP/1.1 200 OK");
  EXPECT_TRUE(Json(slow.body)["choices"].is_array());
}

TEST_F(Faults, EndAnAnswerBeforeItsEnd) {
  const Reply whole = post("pace=0");
  EXPECT_FALSE(whole.failure);
  const Reply early = post("end-early=3");
  EXPECT_FALSE(early.failure) << early.failure_message;
  EXPECT_EQ(events_of(early.body).size(), 3U);
  const Reply truncated = post("truncate");
  EXPECT_EQ(truncated.failure, ErrorCode::upstream_truncated);
  EXPECT_TRUE(whole.body.starts_with(truncated.body));
  EXPECT_FALSE(truncated.body.ends_with("\n\n"));
  const Reply reset = post("reset-after=2");
  EXPECT_TRUE(reset.failure);
  EXPECT_THAT(reset.failure_message, HasSubstr("reset"));
  EXPECT_EQ(events_of(reset.body).size(), 2U);
  EXPECT_TRUE(post("reset-after=0").failure);
  const Reply plain = post("truncate", false);
  EXPECT_EQ(plain.failure, ErrorCode::upstream_truncated);
  EXPECT_TRUE(post("end-early=1", false).body.starts_with("{\"id\":"));
}

TEST_F(Faults, SayThingsThatNobodyCanRead) {
  EXPECT_EQ(post("garbage").failure, ErrorCode::upstream_protocol);
  const Reply error = post("error-in-stream=2");
  EXPECT_FALSE(error.failure);
  const auto events = events_of(error.body);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_TRUE(Json(events[2])["error"]["type"].equals("server_error"));
  const Reply json = post("bad-json");
  const auto damaged = events_of(json.body);
  json::Document document;
  EXPECT_TRUE(document.parse(damaged[0]));
  EXPECT_FALSE(document.parse(damaged[1]));
  EXPECT_TRUE(document.parse(damaged[2]));
  EXPECT_FALSE(document.parse(post("bad-json", false).body));
  const Reply page = post("bad-sse");
  EXPECT_FALSE(page.failure);
  EXPECT_THAT(page.body, HasSubstr("\n\n<html>"));
}

TEST_F(Faults, InStreamErrorsHaveEachProvidersForm) {
  const Reply anthropic = ask(
      server_,
      {.path = "/v1/messages",
       .body =
           R"({"model":"claude-sonnet-4-6","stream":true,"max_tokens":99,"messages":[{"role":"user","content":"x"}]})",
       .fields = std::string(anthropic_key) + "x-simulate-fault: error-in-stream=3\r\n"});
  EXPECT_THAT(anthropic.body,
              HasSubstr("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\""));
  const Question array{.path = "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
                       .body = R"({"contents":[{"parts":[{"text":"x"}]}]})",
                       .fields = std::string(google_key) + "x-simulate-fault: error-in-stream=2\r\n"};
  const Json elements(ask(server_, array).body);
  EXPECT_EQ(elements.root().size(), 3U);
  EXPECT_TRUE(elements[2]["error"]["status"].equals("UNAVAILABLE"));
}

TEST_F(Faults, StallUntilTheClientLeavesAndTellWhenItDid) {
  const auto began = std::chrono::steady_clock::now();
  const Reply reply = post("stall-after=3", true, 1);
  EXPECT_FALSE(reply.failure);
  EXPECT_FALSE(reply.body.empty());
  EXPECT_TRUE(reaches("cancelled", 1));
  EXPECT_TRUE(reaches("streams_open", 0));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
  EXPECT_LT(stat("last_cancel_ms"), 2000);
  Question silent = question("stall-before=60000", false);
  silent.patience = 100ms;
  EXPECT_EQ(ask(server_, silent).failure, ErrorCode::upstream_timeout);
  EXPECT_TRUE(reaches("cancelled", 2));
  EXPECT_LT(stat("last_cancel_ms"), 2000);
}

TEST_F(Faults, PaceKeepsEventsApartAndLeavingEndsThem) {
  const Reply paced = post("pace=10,end-early=10");
  EXPECT_GE(paced.lasted, 90ms);
  EXPECT_GE(paced.pieces.size(), 5U);
  const Reply left = post("pace=60", true, 2);
  EXPECT_FALSE(left.failure);
  EXPECT_TRUE(reaches("cancelled", 1));
}

TEST(Simulator, KeepsTheLastRequestsWithoutTheirSecrets) {
  const TestServer server(Options{.kept_requests = 2});
  for (const std::string text : {"one", "two", "three"})
    ask(server, {.path = "/v1beta/models/gemini-2.5-flash:generateContent?key=AIza-secret&alt=json",
                 .body = R"({"contents":[{"parts":[{"text":")" + text + R"("}]}]})",
                 .fields = "Authorization: Bearer sk-secret\r\nX-Custom: kept\r\n"});
  const Reply reply = ask(server, {.path = "/simulate/requests?last=5", .method = "GET"});
  EXPECT_THAT(reply.body, Not(HasSubstr("secret")));
  const Json kept(reply.body);
  ASSERT_EQ(kept.root().size(), 2U);
  EXPECT_EQ(kept[1]["body"]["contents"][0]["parts"][0]["text"].string(), "three");
  EXPECT_TRUE(kept[1]["headers"]["authorization"].equals("***"));
  EXPECT_TRUE(kept[1]["headers"]["x-custom"].equals("kept"));
  EXPECT_TRUE(kept[1]["query"].equals("key=***&alt=json"));
  const Reply last = ask(server, {.path = "/simulate/requests?last=1", .method = "GET"});
  EXPECT_EQ(Json(last.body).root().size(), 1U);
  const Reply stats = ask(server, {.path = "/simulate/stats", .method = "GET"});
  EXPECT_EQ(Json(stats.body)["requests"].integer(), 3);
  EXPECT_EQ(Json(stats.body)["completed"].integer(), 3);
  EXPECT_EQ(ask(server, {.path = "/simulate/other", .method = "GET"}).status, 404);
}

}  // namespace
}  // namespace sluice::simulate
