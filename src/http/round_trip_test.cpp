// A real server and a real client on one loop.

#include "http/client.hpp"
#include "http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>

namespace sluice::http {
namespace {

/// Runs on one loop: a server with the given behaviour, a client of it, and a test body as a task.
class RoundTrip : public testing::Test, protected Handler {
 protected:
  using Behaviour = std::function<Task<>(Exchange&)>;

  void run(Behaviour behaviour, std::function<Task<>(Client&)> body) {
    behaviour_ = std::move(behaviour);
    Server server(loop_, *this, limits_);
    auto bound = server.listen(*parse_listen_address("127.0.0.1:0"), 0);
    ASSERT_TRUE(bound) << bound.error().message();
    server.start();
    auto url = parse_url("http://" + to_string(*bound));
    ASSERT_TRUE(url);
    auto client = Client::create(loop_, resolver_, *url, client_limits_, "");
    ASSERT_TRUE(client);
    detach(drive(server, **client, std::move(body)));
    loop_.run();
    client->reset();
  }

  Task<> drive(Server& server, Client& client, std::function<Task<>(Client&)> body) {
    co_await body(client);
    bool drained = false;
    server.drain([](void* flag) { *static_cast<bool*>(flag) = true; }, &drained);
    while (!drained || waiting_) co_await loop_.sleep(milliseconds(1));
    loop_.stop();
  }

  Task<> serve(Exchange& exchange) override { co_await behaviour_(exchange); }
  RefusalAnswer describe_refusal(int, std::string_view why) override {
    return {.fields = {}, .body = std::string(why)};
  }

  EventLoop loop_;
  Resolver resolver_;
  ServerLimits limits_;
  ClientLimits client_limits_;
  Deadlines deadlines_;
  Behaviour behaviour_;
  bool waiting_ = false;  ///< a task that the test body started still runs
};

Task<> echo(Exchange& exchange) {
  auto body = co_await exchange.read_body(std::size_t{64} << 20);
  if (!body) {
    co_await exchange.respond(body.error().traits().http_status, {}, {});
    co_return;
  }
  const std::array pieces{*body};
  co_await exchange.respond(200, {}, pieces);
}

TEST_F(RoundTrip, EchoesBodiesOfEverySizeOverOneConnection) {
  run(echo, [this](Client& client) -> Task<> {
    for (std::size_t size : {0UL, 1UL, 1000UL, 65536UL, 300000UL, 5000000UL}) {
      const std::string sent(size, 'x');
      const std::array pieces{std::string_view(sent)};
      auto answer = co_await client.send({.path = "/echo", .body = pieces}, deadlines_, nullptr);
      EXPECT_TRUE(answer) << answer.error().message();
      if (!answer) co_return;
      EXPECT_EQ(answer->status(), 200);
      EXPECT_EQ(answer->reused(), size > 0);
      auto body = co_await answer->read_all(std::size_t{64} << 20);
      EXPECT_TRUE(body);
      if (body) EXPECT_EQ(body->size(), size);
    }
    EXPECT_EQ(client.idle_connections(), 1U);
  });
}

TEST_F(RoundTrip, StreamsChunksAsTheyAreWritten) {
  run(
      [](Exchange& exchange) -> Task<> {
        exchange.begin_stream(200, {});
        for (int i = 0; i < 100; ++i) co_await exchange.write("data: " + std::to_string(i) + "\n\n");
        co_await exchange.end_stream("data: [DONE]\n\n");
      },
      [this](Client& client) -> Task<> {
        auto answer = co_await client.send({.path = "/"}, deadlines_, nullptr);
        EXPECT_TRUE(answer);
        if (!answer) co_return;
        auto body = co_await answer->read_all(1 << 20);
        EXPECT_TRUE(body);
        EXPECT_TRUE(body && body->ends_with("data: 99\n\ndata: [DONE]\n\n"));
      });
}

TEST_F(RoundTrip, TellsTheHandlerWhenTheClientLeaves) {
  bool told = false;
  run(
      [&](Exchange& exchange) -> Task<> {
        exchange.on_client_gone([](void* flag) { *static_cast<bool*>(flag) = true; }, &told);
        exchange.begin_stream(200, {});
        co_await exchange.write("x");
        for (int i = 0; i < 200 && !told; ++i) co_await exchange.loop().sleep(milliseconds(5));
        EXPECT_TRUE(exchange.client_gone());
      },
      [this, &told](Client& client) -> Task<> {
        {
          auto answer = co_await client.send({.path = "/"}, deadlines_, nullptr);
          EXPECT_TRUE(answer);
          if (!answer) co_return;
          auto first = co_await answer->read();
          EXPECT_TRUE(first && first->bytes == "x");
        }
        EXPECT_EQ(client.idle_connections(), 0U);
        for (int i = 0; i < 100 && !told; ++i) co_await loop_.sleep(milliseconds(5));
        EXPECT_TRUE(told);
      });
}

TEST_F(RoundTrip, BreaksAnAnswerOffWithoutItsEnd) {
  run(
      [](Exchange& exchange) -> Task<> {
        exchange.begin_stream(200, {});
        co_await exchange.write_raw("100\r\nonly this");
      },
      [this](Client& client) -> Task<> {
        auto answer = co_await client.send({.path = "/"}, deadlines_, nullptr);
        EXPECT_TRUE(answer);
        if (!answer) co_return;
        auto first = co_await answer->read();
        EXPECT_TRUE(first && first->bytes == "only this");
        auto second = co_await answer->read();
        EXPECT_FALSE(second);
        if (!second) EXPECT_EQ(second.error().code(), ErrorCode::upstream_truncated);
      });
}

TEST_F(RoundTrip, ResetsAConnection) {
  run(
      [](Exchange& exchange) -> Task<> {
        exchange.begin_stream(200, {});
        co_await exchange.write("first");
        co_await exchange.loop().sleep(milliseconds(20));
        exchange.reset_connection();
      },
      [this](Client& client) -> Task<> {
        auto answer = co_await client.send({.path = "/"}, deadlines_, nullptr);
        EXPECT_TRUE(answer);
        if (!answer) co_return;
        auto first = co_await answer->read();
        EXPECT_TRUE(first && first->bytes == "first");
        auto second = co_await answer->read();
        EXPECT_FALSE(second);
        if (!second) EXPECT_THAT(second.error().message(), testing::HasSubstr("reset"));
      });
}

TEST_F(RoundTrip, TellsAHandlerThatSleepsWhenItIsCutOff) {
  limits_.drain = milliseconds(50);
  bool told = false;
  run(
      [&told](Exchange& exchange) -> Task<> {
        exchange.on_client_gone([](void* flag) { *static_cast<bool*>(flag) = true; }, &told);
        for (int i = 0; i < 400 && !told; ++i) co_await exchange.loop().sleep(milliseconds(5));
        EXPECT_TRUE(exchange.client_gone());
      },
      [this](Client& client) -> Task<> {
        struct Ask {
          static Task<> in_the_background(Client& of, const Deadlines& deadlines, bool& waiting) {
            auto answer = co_await of.send({.path = "/"}, deadlines, nullptr);
            EXPECT_FALSE(answer);
            waiting = false;
          }
        };
        waiting_ = true;
        detach(Ask::in_the_background(client, deadlines_, waiting_));
        co_await loop_.sleep(milliseconds(20));
      });
  EXPECT_TRUE(told);
}

TEST_F(RoundTrip, CancelsAndTimesOut) {
  deadlines_.first_byte = milliseconds(60);
  run([](Exchange& exchange) -> Task<> { co_await exchange.loop().sleep(milliseconds(400)); },
      [this](Client& client) -> Task<> {
        auto late = co_await client.send({.path = "/"}, deadlines_, nullptr);
        EXPECT_FALSE(late);
        if (!late) EXPECT_EQ(late.error().code(), ErrorCode::upstream_timeout);
        Cancellation cancellation;
        deadlines_.first_byte = seconds(10);
        struct Cancel {
          static Task<> after(EventLoop& loop, Cancellation& cancellation) {
            co_await loop.sleep(milliseconds(30));
            cancellation.cancel();
          }
        };
        detach(Cancel::after(loop_, cancellation));
        auto cancelled = co_await client.send({.path = "/"}, deadlines_, &cancellation);
        EXPECT_FALSE(cancelled);
        if (!cancelled) EXPECT_EQ(cancelled.error().code(), ErrorCode::client_gone);
      });
}

TEST_F(RoundTrip, SaysWhyNobodyAnswers) {
  run(echo, [this](Client&) -> Task<> {
    auto url = parse_url("http://127.0.0.1:1");
    auto other = Client::create(loop_, resolver_, *url, client_limits_, "");
    auto answer = co_await (*other)->send({.path = "/"}, deadlines_, nullptr);
    EXPECT_FALSE(answer);
    if (!answer) {
      EXPECT_EQ(answer.error().code(), ErrorCode::upstream_unreachable);
      EXPECT_EQ(answer.error().message(), "cannot connect to 127.0.0.1 (127.0.0.1:1): Connection refused");
    }
  });
}

TEST_F(RoundTrip, SurvivesAKeptConnectionThatTheServerClosed) {
  limits_.idle = milliseconds(50);
  run(echo, [this](Client& client) -> Task<> {
    for (int round = 0; round < 2; ++round) {
      auto answer = co_await client.send({.path = "/"}, deadlines_, nullptr);
      EXPECT_TRUE(answer);
      if (answer) {
        auto body = co_await answer->read_all(1);
        EXPECT_TRUE(body);
        EXPECT_FALSE(answer->reused());
      }
      co_await loop_.sleep(milliseconds(150));
    }
  });
}

}  // namespace
}  // namespace sluice::http
