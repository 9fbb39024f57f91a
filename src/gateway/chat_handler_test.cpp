// The life of a chat request, over real sockets: a client, the gateway, and a provider that does as it is
// told.

#include "gateway/testing/client_view.hpp"
#include "gateway/testing/gateway_fixture.hpp"
#include "gateway/testing/provider_answers.hpp"

#include <gmock/gmock.h>

#include <array>

namespace sluice::gateway::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string asking(std::string_view model, std::string_view further = "") {
  std::string json = R"({"model":")";
  json.append(model).append(R"(","messages":[{"role":"user","content":"Hi"}])").append(further).append("}");
  return json;
}
const std::string streaming = R"(,"stream":true)";

FakeProvider::Script answers(std::string_view json, int status = 200,
                             std::vector<http::OutField> fields = {}) {
  return [=](http::Exchange& exchange) { return send_json(exchange, status, json, fields); };
}

FakeProvider::Script streams(std::vector<std::string_view> pieces) {
  return [=](http::Exchange& exchange) { return send_events(exchange, pieces); };
}

class ChatHandler : public GatewayFixture {};

TEST_F(ChatHandler, GivesWholeAnswersOfAllDialects) {
  run(
      [](http::Exchange& exchange) {
        const std::string_view path = exchange.head().path;
        return send_json(exchange, 200,
                         path.ends_with("/chat/completions") ? chat_answer
                         : path.ends_with("/messages")       ? claude_answer
                                                             : gemini_answer);
      },
      [](http::Client& client) -> Task<> {
        for (std::string_view model : {"gpt", "claude", "gemini"}) {
          SCOPED_TRACE(model);
          const Reply reply = co_await ask(client, asking(model));
          EXPECT_EQ(reply.status, 200) << reply.body;
          const Parsed body(reply.body);
          EXPECT_EQ(body["request_id"].string(), field(reply, "x-request-id"));
          EXPECT_EQ(body["model"].string(), model);
          EXPECT_EQ(body["llm_status_code"].integer(), 200);
          EXPECT_EQ(body["http_status_code"].integer(), 200);
          EXPECT_EQ(body["usage"]["input_tokens"].integer(), 5);
          EXPECT_EQ(body["usage"]["completion_tokens"].integer(), 2);
          const json::Value choice = *body["choices"].elements().begin();
          EXPECT_EQ(choice["message"]["content"].string(), "Hello there");
          EXPECT_EQ(choice["finish_reason"].string(), "stop");
        }
      });
  ASSERT_EQ(provider_.asked.size(), 3U);
  EXPECT_EQ(provider_.asked[0].authorization, "Bearer provider-secret-key");
  EXPECT_EQ(provider_.asked[1].api_key, "provider-secret-key");
  EXPECT_THAT(provider_.asked[0].body, HasSubstr("gpt-native"));
  EXPECT_EQ(idle_provider_connections_, 3U);
}

TEST_F(ChatHandler, StreamsAnswersOfAllDialects) {
  const std::string gemini = "data: " + std::string(gemini_answer) + "\r\n\r\n";
  run(
      [&](http::Exchange& exchange) {
        const std::string_view path = exchange.head().path;
        if (path.ends_with("/chat/completions")) return send_events(exchange, {chat_begins, chat_ends, done});
        return send_events(exchange,
                           {path.ends_with("/messages") ? claude_stream : std::string_view(gemini)});
      },
      [](http::Client& client) -> Task<> {
        for (std::string_view model : {"gpt", "claude", "gemini"}) {
          SCOPED_TRACE(model);
          const Reply reply = co_await ask(
              client, asking(model, R"(,"stream":true,"stream_options":{"include_usage":true})"));
          EXPECT_EQ(reply.status, 200);
          EXPECT_FALSE(reply.error);
          EXPECT_EQ(streamed_text(reply), "Hello there");
          EXPECT_THAT(reply.body, HasSubstr(R"("input_tokens":5)"));
          EXPECT_THAT(reply.body, EndsWith(done));
        }
      });
  EXPECT_EQ(idle_provider_connections_, 3U) << "connections are kept";
}

TEST_F(ChatHandler, TakesWhateverFormTheProviderAnswersIn) {
  run(
      [](http::Exchange& exchange) {
        return exchange.head().path.ends_with("/messages") ? send_events(exchange, {claude_stream})
                                                           : send_json(exchange, 200, chat_answer);
      },
      [](http::Client& client) -> Task<> {
        const Reply stream = co_await ask(client, asking("gpt", streaming));
        EXPECT_EQ(stream.status, 200);
        EXPECT_EQ(streamed_text(stream), "Hello there");
        EXPECT_THAT(stream.body, EndsWith(done));
        const Reply whole = co_await ask(client, asking("claude"));
        EXPECT_EQ(whole.status, 200);
        EXPECT_EQ(field(whole, "content-type"), "application/json");
        EXPECT_THAT(whole.body, HasSubstr(R"("content":"Hello there")"));
      });
}

struct Refusal {
  int status;
  std::string_view body;
  std::string_view model;
  int told;
  std::string_view code;
};

TEST_F(ChatHandler, TellsWhyAProviderRefuses) {
  constexpr std::string_view chat_error =
      R"({"error":{"message":"Incorrect API key provided: provider-secret-key","type":"x","code":"y"}})";
  constexpr std::string_view overloaded =
      R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})";
  constexpr std::string_view limited =
      R"({"type":"error","error":{"type":"rate_limit_error","message":"Too many"}})";
  constexpr std::string_view html =
      "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
  constexpr std::array refusals{
      Refusal{401, chat_error, "gpt", 502, "upstream_auth_error"},
      Refusal{403, chat_error, "gpt", 502, "upstream_auth_error"},
      Refusal{404, R"({"error":{"message":"The model `x` does not exist","code":"model_not_found"}})", "gpt",
              502, "upstream_model_unavailable"},
      Refusal{429, R"({"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}})", "gpt", 429,
              "rate_limit_exceeded"},
      Refusal{500, R"({"error":{"message":"Oops"}})", "gpt", 502, "upstream_error"},
      Refusal{502, html, "gpt", 502, "upstream_error"},
      Refusal{503, html, "gpt", 503, "overloaded"},
      Refusal{504, html, "gpt", 504, "timeout"},
      Refusal{429, limited, "claude", 429, "rate_limit_exceeded"},
      Refusal{529, overloaded, "claude", 503, "overloaded"}};
  const Refusal* current = nullptr;
  run(
      [&](http::Exchange& exchange) {
        const std::vector<http::OutField> wait{{"retry-after", "7"}};
        return send_json(exchange, current->status, current->body,
                         current->status == 429 ? wait : std::vector<http::OutField>());
      },
      [&](http::Client& client) -> Task<> {
        for (const Refusal& refusal : refusals)
          for (const bool stream : {false, true}) {
            SCOPED_TRACE(std::to_string(refusal.status) + (stream ? " to a stream" : ""));
            current = &refusal;
            const Reply reply = co_await ask(client, asking(refusal.model, stream ? streaming : ""));
            expect_envelope(reply, refusal.told);
            EXPECT_EQ(reply.fields.contains("retry-after"), refusal.status == 429);
            if (refusal.status == 429) EXPECT_EQ(field(reply, "retry-after"), "7");
            const Reply found = co_await row(client, reply);
            EXPECT_THAT(found.body, Not(HasSubstr("secret")));
            const Parsed record(found.body);
            EXPECT_EQ(record["llm_status_code"].integer(), refusal.status);
            EXPECT_EQ(record["http_status_code"].integer(), refusal.told);
            EXPECT_EQ(record["error"]["code"].string(), refusal.code);
          }
      });
}

TEST_F(ChatHandler, KeepsTheStatusOfAFailureBeforeTheFirstContent) {
  constexpr std::string_view only_role =
      R"(data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,)"
      R"("delta":{"role":"assistant","content":""},"finish_reason":null}]})"
      "\n\n";
  run(streams(
          {only_role, "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}}\n\n"}),
      [](http::Client& client) -> Task<> {
        const Reply reply = co_await ask(client, asking("gpt", streaming));
        expect_envelope(reply, 503);
        EXPECT_EQ(field(reply, "content-type"), "application/json");
      });
}

TEST_F(ChatHandler, EndsABrokenStreamWithAnErrorEvent) {
  int round = 0;
  run(
      [&](http::Exchange& exchange) -> Task<> {
        const std::array fields{http::OutField{"content-type", "text/event-stream"}};
        exchange.begin_stream(200, fields);
        co_await exchange.write(chat_begins);
        co_await exchange.loop().sleep(http::milliseconds(20));
        if (round == 0) exchange.reset_connection();
        if (round == 1) co_await exchange.end_stream("");
        if (round == 2)
          co_await exchange.end_stream(
              "data: {\"error\":{\"message\":\"Oops\",\"type\":\"server_error\"}}\n\n");
        if (round == 3) co_await exchange.end_stream("data: {\"id\":\"c-1\",\"cho");
      },
      [&](http::Client& client) -> Task<> {
        constexpr std::array codes{"upstream_stream_truncated", "upstream_stream_truncated", "upstream_error",
                                   "upstream_stream_truncated"};
        for (; round < 4; ++round) {
          SCOPED_TRACE(round);
          const Reply reply = co_await ask(client, asking("gpt", streaming));
          EXPECT_EQ(reply.status, 200);
          EXPECT_FALSE(reply.error) << "the stream itself ends properly";
          EXPECT_EQ(streamed_text(reply), "Hello");
          EXPECT_THAT(reply.body, HasSubstr(R"(data: {"error":{"message":")"));
          EXPECT_THAT(reply.body, Not(HasSubstr("[DONE]")));
          EXPECT_THAT(reply.body, Not(HasSubstr(R"("finish_reason":"stop")")));
          const Reply found = co_await row(client, reply);
          EXPECT_THAT(found.body, HasSubstr(codes[static_cast<std::size_t>(round)]));
        }
      });
}

TEST_F(ChatHandler, EndsWithTheAnswerWhateverTheProviderDoesBehindIt) {
  int round = 0;
  run(
      [&](http::Exchange& exchange) -> Task<> {
        const std::array fields{http::OutField{"content-type", "text/event-stream"}};
        exchange.begin_stream(200, fields);
        co_await exchange.write(chat_begins);
        co_await exchange.write(chat_ends);
        co_await exchange.write(done);
        if (round == 0) co_await provider_.asker_leaves(exchange);  // never ends its body
        if (round == 1) exchange.reset_connection();
      },
      [&](http::Client& client) -> Task<> {
        for (; round < 2; ++round) {
          const Reply reply = co_await ask(client, asking("gpt", streaming));
          EXPECT_FALSE(reply.error);
          EXPECT_EQ(streamed_text(reply), "Hello there");
          EXPECT_THAT(reply.body, EndsWith(done));
        }
      });
  EXPECT_EQ(provider_.left, 1);
  EXPECT_EQ(idle_provider_connections_, 0U);
}

TEST_F(ChatHandler, LeavesTheProviderWhenItsClientLeaves) {
  http::TimePoint left;
  bool noticed = false;
  run(
      [&](http::Exchange& exchange) -> Task<> {
        const std::array fields{http::OutField{"content-type", "text/event-stream"}};
        exchange.begin_stream(200, fields);
        co_await exchange.write(chat_begins);
        co_await provider_.asker_leaves(exchange);
        noticed = true;
        EXPECT_LT(http::Clock::now() - left, http::seconds(5));
      },
      [&](http::Client& client) -> Task<> {
        std::string id;
        {
          const http::Deadlines deadlines;
          const std::string body = asking("gpt", streaming);
          const std::array pieces{std::string_view(body)};
          auto answer = co_await client.send({.path = "/v1/chat/completions",
                                              .fields = "authorization: Bearer sk-alice\r\n",
                                              .body = pieces},
                                             deadlines, nullptr);
          EXPECT_TRUE(answer);
          if (!answer) co_return;
          id = answer->fields().get("x-request-id");
          auto first = co_await answer->read();
          EXPECT_TRUE(first && first->state == http::BodyPiece::State::data);
          left = http::Clock::now();
        }
        while (!noticed) co_await loop_.yield();  // the watchdog ends a wait in vain
        Reply of;
        of.fields["x-request-id"] = id;
        const Reply found = co_await row(client, of);
        EXPECT_THAT(found.body, HasSubstr(R"("code":"client_gone")"));
        EXPECT_EQ(Parsed(found.body)["http_status_code"].integer(), 200);
      });
  EXPECT_EQ(provider_.left, 1);
  EXPECT_EQ(metrics_.total(observe::Metric::requests_in_flight), 0);
}

TEST_F(ChatHandler, SendsCommentsWhileTheProviderIsSilent) {
  keep_alive_ = http::milliseconds(50);
  run(
      [&](http::Exchange& exchange) -> Task<> {
        const std::array fields{http::OutField{"content-type", "text/event-stream"}};
        exchange.begin_stream(200, fields);
        co_await exchange.write(chat_begins);
        co_await exchange.loop().sleep(http::milliseconds(400));
        co_await exchange.write(chat_ends);
        co_await exchange.end_stream(done);
      },
      [](http::Client& client) -> Task<> {
        const Reply reply = co_await ask(client, asking("gpt", streaming));
        EXPECT_EQ(streamed_text(reply), "Hello there");
        EXPECT_THAT(reply.body, HasSubstr("\n\n: ping\n\n"));
        EXPECT_THAT(reply.body, EndsWith(done));
      });
}

TEST_F(ChatHandler, RefusesWhatItCannotRead) {
  run(answers(chat_answer), [this](http::Client& client) -> Task<> {
    expect_envelope(co_await ask(client, asking("gpt"), "sk-mallory"), 401);
    const Reply keyless = co_await send(client, "POST", "/v1/chat/completions", "", asking("gpt"));
    expect_envelope(keyless, 401);
    EXPECT_EQ(field(keyless, "www-authenticate"), "Bearer");
    const Reply bad = co_await ask(client, R"({"model":"gpt","messages":[,]})");
    expect_envelope(bad, 400);
    EXPECT_THAT(bad.body, HasSubstr("byte 27"));
    expect_envelope(co_await ask(client, R"({"model":"gpt"})"), 400);
    const Reply unknown = co_await ask(client, asking("gptt"));
    expect_envelope(unknown, 404);
    EXPECT_THAT(unknown.body, HasSubstr("did you mean 'gpt'"));
    expect_envelope(co_await ask(client, asking("unserved")), 502);
    const Reply large = co_await ask(client, std::string(max_body_bytes_ + 1, ' '));
    expect_envelope(large, 413);
  });
  EXPECT_TRUE(provider_.asked.empty());
}

TEST_F(ChatHandler, LeavesADoubtToProvidersOfTheClientsDialect) {
  run(answers(chat_answer), [](http::Client& client) -> Task<> {
    constexpr std::string_view hot = R"(,"temperature":9.5)";
    EXPECT_EQ((co_await ask(client, asking("gpt", hot))).status, 200);
    for (std::string_view model : {"claude", "gemini"}) {
      const Reply refused = co_await ask(client, asking(model, hot));
      expect_envelope(refused, 400);
      EXPECT_EQ(Parsed(refused.body)["error"]["code"].string(), "decimal_above_max_value");
    }
  });
  ASSERT_EQ(provider_.asked.size(), 1U);
  EXPECT_THAT(provider_.asked[0].body, HasSubstr(R"("temperature":9.5)"));
}

TEST_F(ChatHandler, RefusesAnAnswerThatIsTooLarge) {
  max_answer_bytes_ = 2000;
  const std::string filler = ": " + std::string(3000, 'x') + "\n\n";
  const std::string large = R"({"filler":")" + std::string(3000, 'x') + R"("})";
  run(
      [&](http::Exchange& exchange) {
        return exchange.head().path.ends_with("/messages") ? send_events(exchange, {filler, claude_stream})
                                                           : send_json(exchange, 200, large);
      },
      [](http::Client& client) -> Task<> {
        expect_envelope(co_await ask(client, asking("gpt")), 502);
        expect_envelope(co_await ask(client, asking("claude")), 502);
      });
}

TEST_F(ChatHandler, ShowsARowToTheKeyThatMadeItOnly) {
  run(answers(chat_answer), [](http::Client& client) -> Task<> {
    const Reply first = co_await ask(client, asking("gpt"));
    const Reply second = co_await ask(client, asking("gpt"));
    const Reply found = co_await row(client, first);
    EXPECT_EQ(found.status, 200) << found.body;
    const Parsed body(found.body);
    EXPECT_EQ(body["request_id"].string(), field(first, "x-request-id"));
    EXPECT_EQ(body["key"].string(), "alice");
    EXPECT_EQ(body["provider"].string(), "fake-gpt");
    EXPECT_EQ(body["upstream_model"].string(), "gpt-native");
    EXPECT_EQ(body["usage"]["input_tokens"].integer(), 5);
    EXPECT_EQ(body["finish_reason"].string(), "stop");
    EXPECT_GT(body["timings_us"]["connect"].integer().value_or(0), 0);
    EXPECT_GT(body["timings_us"]["first_byte"].integer().value_or(0),
              body["timings_us"]["connect"].integer().value_or(0));
    EXPECT_GT(body["timings_us"]["gateway_overhead"].integer().value_or(0), 0);
    EXPECT_LT(body["timings_us"]["gateway_overhead"].integer().value_or(0),
              body["timings_us"]["total"].integer().value_or(0));
    const Reply reused = co_await row(client, second);
    EXPECT_FALSE(Parsed(reused.body)["timings_us"]["connect"].integer()) << "the connection was open already";
    expect_envelope(co_await row(client, first, "sk-bob"), 404);
    expect_envelope(co_await row(client, Reply()), 404);
    expect_envelope(co_await row(client, first, "sk-mallory"), 401);
  });
}

TEST_F(ChatHandler, DoesNotCountWaitingAsItsOwnWork) {
  run(
      [](http::Exchange& exchange) -> Task<> {
        co_await exchange.loop().sleep(http::milliseconds(300));
        co_await send_json(exchange, 500, R"({"error":{"message":"Oops"}})");
      },
      [](http::Client& client) -> Task<> {
        const Reply reply = co_await ask(client, asking("gpt"));
        const Reply found = co_await row(client, reply);
        const Parsed body(found.body);
        const auto total = body["timings_us"]["total"].integer().value_or(0),
                   own = body["timings_us"]["gateway_overhead"].integer().value_or(0);
        EXPECT_GE(total, 300'000);
        EXPECT_GT(own, 0);
        EXPECT_LE(own, total - 300'000);
      });
}

TEST_F(ChatHandler, AnswersAtOtherPlacesAndMethods) {
  run(answers(chat_answer), [](http::Client& client) -> Task<> {
    const Reply nowhere = co_await send(client, "GET", "/v2/nothing", "", "");
    expect_envelope(nowhere, 404);
    EXPECT_THAT(nowhere.body, HasSubstr("POST /v1/chat/completions"));
    const Reply method = co_await send(client, "GET", "/v1/chat/completions", "", "");
    expect_envelope(method, 405);
    EXPECT_EQ(field(method, "allow"), "POST");
    const Reply other = co_await send(client, "DELETE", "/v1/models", "", "");
    expect_envelope(other, 405);
    EXPECT_EQ(field(other, "allow"), "GET, HEAD");
    // This client asks no HEAD by itself and waits for the announced body; the end of the connection tells
    // it.
    const Reply head = co_await send(client, "HEAD", "/v1/models", "connection: close\r\n", "");
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.body, "");
    const Reply models = co_await send(client, "GET", "/v1/models", "", "");
    EXPECT_EQ(models.status, 200);
    EXPECT_THAT(models.body, HasSubstr(R"("claude")"));
    expect_envelope(co_await send(client, "GET", "/v1/models?sort=colour", "", ""), 400);
    expect_envelope(co_await send(client, "GET", "/v1/models/gptt", "", ""), 404);
    EXPECT_EQ((co_await send(client, "GET", "/healthz", "", "")).status, 200);
    EXPECT_EQ((co_await send(client, "GET", "/readyz", "", "")).status, 200);
  });
}

}  // namespace
}  // namespace sluice::gateway::testing
