// The client against servers that answer in every way, and in none.

#include "http/client.hpp"

#include "http/testing/client_fixture.hpp"
#include "http/testing/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <future>

namespace sluice::http {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

std::string ok(std::string_view body, std::string_view fields = "") {
  return "HTTP/1.1 200 OK\r\ncontent-length: " + std::to_string(body.size()) + "\r\n" + std::string(fields) +
         "\r\n" + std::string(body);
}

/// Answers every request with the same bytes, and keeps the connection.
ScriptedServer::Script always(std::string bytes) {
  return [bytes = std::move(bytes)](ScriptedConnection& connection) {
    while (!connection.request().empty()) connection.send(bytes);
  };
}

/// Answers one request with `bytes` and closes.
ScriptedServer::Script once(std::string bytes) {
  return [bytes = std::move(bytes)](ScriptedConnection& connection) {
    connection.request();
    connection.send(bytes);
  };
}

TEST_F(ClientTest, ReadsBodiesOfEveryFraming) {
  const std::array<std::pair<std::string, std::string>, 8> cases{
      {{ok("body"), "body"},
       {ok(""), ""},
       {"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nbo\r\n2\r\ndy\r\n0\r\nTrailer: x\r\n\r\n",
        "body"},
       {"HTTP/1.0 200 OK\r\n\r\nuntil the end", "until the end"},
       {"HTTP/1.1 200 OK\r\n\r\n", ""},
       {"HTTP/1.1 204 No Content\r\n\r\n", ""},
       {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok("body"), "body"},
       {"\r\n" + ok("body"), "body"}}};
  for (const auto& [bytes, expected] : cases) {
    ScriptedServer server(once(bytes));
    EventLoop loop;
    auto client = Client::create(
        loop, resolver_, *parse_url("http://127.0.0.1:" + std::to_string(server.port())), limits_, "");
    const auto body = [&]() -> Task<> {
      const Outcome outcome = co_await ask(**client);
      EXPECT_TRUE(outcome.status == 200 || outcome.status == 204) << bytes << outcome.why;
      EXPECT_EQ(outcome.body, expected) << bytes;
      loop.stop();
    };
    detach(body());
    loop.run();
  }
}

TEST_F(ClientTest, ReadsBodiesThatTrickle) {
  const std::string bytes =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n"
      "2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n";
  ScriptedServer server([&](ScriptedConnection& connection) {
    while (!connection.request().empty())
      for (char c : bytes) {
        connection.send({&c, 1});
        if (c == '\n') usleep(200);
      }
  });
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    for (int i = 0; i < 3; ++i) EXPECT_EQ((co_await ask(*client)).body, "body");
    EXPECT_EQ(client->idle_connections(), 1U);
  });
}

TEST_F(ClientTest, RefusesMalformedAnswers) {
  const std::array cases{
      "HTTP/2 200 OK\r\n\r\n"s,
      "HTTP/1.1 20 OK\r\n\r\n"s,
      "HTTP/1.1 099 No\r\n\r\n"s,
      "SSH-2.0-OpenSSH_9.6\r\n\r\n"s,
      "{\"error\":\"no http\"}\r\n\r\n"s,
      "HTTP/1.1 200 OK\nContent-Length: 0\n\n"s,
      "HTTP/1.1 200 OK\r\n Content-Length: 0\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"s,
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx"s,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"s,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nboXX"s,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"s,
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nx: "s + std::string(70'000, 'x') + "\r\n\r\n",
      std::string(5'000, 'x'),
      [] {
        std::string many = "HTTP/1.1 200 OK\r\n";
        for (int i = 0; i < 300; ++i) many += "x: y\r\n";
        return many + "\r\n";
      }(),
      [] {
        std::string patience;
        for (int i = 0; i < 20; ++i) patience += "HTTP/1.1 102 Processing\r\n\r\n";
        return patience + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
      }(),
  };
  ScriptedServer server([&](ScriptedConnection& connection) {
    connection.request();
    connection.send(cases[connection.number()]);
    connection.wait_for_end();
  });
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    for (const std::string& bytes : cases) {
      const Outcome outcome = co_await ask(*client);
      EXPECT_EQ(outcome.code, ErrorCode::upstream_protocol) << bytes.substr(0, 100) << ": " << outcome.why;
      EXPECT_EQ(client->idle_connections(), 0U) << bytes.substr(0, 100);
    }
  });
}

TEST_F(ClientTest, TellsTruncationFromTheEnd) {
  const std::array cases{""s,
                         "HTTP/1.1 200 OK\r\nContent-Le"s,
                         "HTTP/1.1 100 Continue\r\n\r\n"s,
                         "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbody"s,
                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n"s,
                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n"s,
                         "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nbody"s};
  ScriptedServer server([&](ScriptedConnection& connection) {
    connection.request();
    connection.send(cases[connection.number() % cases.size()]);
    if (connection.number() >= cases.size()) connection.reset();
  });
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    for (std::size_t i = 0; i < 2 * cases.size(); ++i) {
      const Outcome outcome = co_await ask(*client);
      EXPECT_EQ(outcome.code, ErrorCode::upstream_truncated)
          << cases[i % cases.size()] << ": " << outcome.why;
    }
  });
}

TEST_F(ClientTest, SendsAndReadsLargeBodies) {
  ScriptedServer server([](ScriptedConnection& connection) {
    const std::string request = connection.request();
    connection.send(ok(request.substr(request.find("\r\n\r\n") + 4)));
    connection.wait_for_end();
  });
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    const std::string body(20'000'000, 'b');
    const Outcome outcome = co_await ask(*client, body);
    EXPECT_EQ(outcome.body, body);
  });
}

TEST_F(ClientTest, BoundsWhatItKeepsOfABody) {
  ScriptedServer server(always(ok(std::string(1000, 'x'))));
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    auto response = co_await client->send({.path = "/"}, deadlines_, nullptr);
    EXPECT_TRUE(response);
    if (!response) co_return;
    const auto body = co_await response->read_all(999);
    EXPECT_FALSE(body);
    if (!body) EXPECT_EQ(body.error().code(), ErrorCode::upstream_protocol);
  });
}

TEST_F(ClientTest, SaysWhenAStreamIsQuietAndWhenItIsSilentForTooLong) {
  deadlines_.idle = milliseconds(250);
  ScriptedServer server([](ScriptedConnection& connection) {
    connection.request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbody");
    connection.wait_for_end();
  });
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    auto response = co_await client->send({.path = "/"}, deadlines_, nullptr);
    EXPECT_TRUE(response);
    if (!response) co_return;
    auto piece = co_await response->read(milliseconds(50));
    EXPECT_TRUE(piece && piece->bytes == "body");
    int quiet = 0;
    while ((piece = co_await response->read(milliseconds(50))) && piece->state == BodyPiece::State::quiet)
      ++quiet;
    EXPECT_GE(quiet, 2);
    EXPECT_FALSE(piece);
    if (!piece) EXPECT_EQ(piece.error().code(), ErrorCode::upstream_timeout);
  });
}

TEST_F(ClientTest, TheTotalDeadlineEndsASlowSendingToo) {
  // A server that takes a little now and then, so that there is always some progress.
  deadlines_.total = milliseconds(300);
  ScriptedServer server([](ScriptedConnection& connection) {
    const int small = 4096;
    setsockopt(connection.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    char buffer[32 * 1024];
    while (recv(connection.fd(), buffer, sizeof buffer, 0) > 0) usleep(20'000);
  });
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    const TimePoint start = Clock::now();
    const std::string body(64'000'000, 'b');
    const Outcome outcome = co_await ask(*client, body);
    EXPECT_EQ(outcome.code, ErrorCode::upstream_timeout) << outcome.why;
    EXPECT_LT(Clock::now() - start, seconds(2));
  });
}

TEST_F(ClientTest, UsesAnAnswerThatComesBeforeTheRequestIsSent) {
  ScriptedServer server([](ScriptedConnection& connection) {
    char buffer[1000];
    EXPECT_GT(recv(connection.fd(), buffer, sizeof buffer, 0), 0);
    connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
    shutdown(connection.fd(), SHUT_WR);  // and then closes with much unread, which resets the connection
  });
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    const std::string body(32'000'000, 'b');
    const Outcome outcome = co_await ask(*client, body);
    EXPECT_EQ(outcome.status, 413) << outcome.why;
    EXPECT_EQ(outcome.body, "big");
    EXPECT_EQ(client->idle_connections(), 0U);
  });
}

// ---- kept connections
// ----------------------------------------------------------------------------------------

TEST_F(ClientTest, KeepsConnectionsWhoseEndIsClear) {
  run([&]() -> Task<> {
    for (const auto& [bytes, kept] : std::initializer_list<std::pair<std::string, bool>>{
             {ok("x"), true},
             {ok("x", "Connection: close\r\n"), false},
             {ok("x", "Connection: keep-alive, close\r\n"), false},
             {ok("x") + "excess", false},
             {"HTTP/1.1 204 x\r\n\r\nexcess", false},
             {"HTTP/1.1 204 x\r\n\r\n", true},
             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", true},
             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nexcess", false},
             {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false},
             {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n",
              false}}) {
      ScriptedServer server(always(bytes));
      auto client = client_of(server.port());
      EXPECT_GE((co_await ask(*client)).status, 200) << bytes;
      EXPECT_EQ(client->idle_connections(), kept ? 1U : 0U) << bytes;
      EXPECT_EQ((co_await ask(*client)).reused, kept) << bytes;
    }
  });
}

TEST_F(ClientTest, DropsAKeptConnectionOnWhichSomethingUnaskedCame) {
  std::promise<void> read, sent;
  ScriptedServer server([&](ScriptedConnection& connection) {
    connection.request();
    connection.send(ok("x"));
    if (connection.number() == 0) {
      read.get_future().wait();
      connection.send(ok("poison"));
      sent.set_value();
    }
    if (!connection.request().empty()) connection.send(ok("y"));
  });
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    EXPECT_EQ((co_await ask(*client)).body, "x");
    EXPECT_EQ(client->idle_connections(), 1U);
    read.set_value();
    auto poisoned = sent.get_future();
    while (poisoned.wait_for(milliseconds(0)) != std::future_status::ready)
      co_await loop_.sleep(milliseconds(1));
    co_await loop_.sleep(milliseconds(5));
    const Outcome next = co_await ask(*client);
    EXPECT_EQ(next.body, "x") << "of a new connection";
    EXPECT_FALSE(next.reused);
  });
}

TEST_F(ClientTest, KeepsSoManyAndSoLong) {
  limits_.max_idle = 2;
  limits_.idle = milliseconds(100);
  ScriptedServer server(always(ok("x")));
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    {
      std::vector<ClientResponse> responses;
      for (int i = 0; i < 4; ++i) {
        auto response = co_await client->send({.path = "/"}, deadlines_, nullptr);
        EXPECT_TRUE(response && co_await response->read_all(10));
        if (response) responses.push_back(std::move(*response));
      }
      EXPECT_EQ(server.connections(), 4U);
    }
    EXPECT_EQ(client->idle_connections(), 2U);
    EXPECT_TRUE((co_await ask(*client)).reused);
    co_await loop_.sleep(milliseconds(200));
    EXPECT_EQ(client->idle_connections(), 0U);
  });
}

TEST_F(ClientTest, ClosesWhatIsDroppedBeforeItsEnd) {
  std::promise<void> ended;
  ScriptedServer server([&](ScriptedConnection& connection) {
    connection.request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbody");
    connection.wait_for_end();
    ended.set_value();
  });
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    {
      auto response = co_await client->send({.path = "/"}, deadlines_, nullptr);
      EXPECT_TRUE(response);
    }
    EXPECT_EQ(client->idle_connections(), 0U);
    co_return;
  });
  EXPECT_EQ(ended.get_future().wait_for(seconds(2)), std::future_status::ready);
}

TEST_F(ClientTest, ReplacesAConnectionThatTheServerClosedMeanwhile) {
  // Each connection answers once, and closes only when the next request comes: the client cannot know before.
  ScriptedServer server([](ScriptedConnection& connection) {
    connection.request();
    connection.send(ok("x"));
    connection.request();
    if (connection.number() % 2 == 1) connection.reset();
  });
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    for (int i = 0; i < 4; ++i) {
      const Outcome outcome = co_await ask(*client);
      EXPECT_EQ(outcome.body, "x") << outcome.why;
      EXPECT_FALSE(outcome.reused);
    }
    EXPECT_EQ(server.connections(), 4U);
  });
}

TEST_F(ClientTest, DoesNotRepeatARequestThatTheServerMayHaveServed) {
  // A kept connection that ends without an answer, but long after the request came.
  ScriptedServer server([](ScriptedConnection& connection) {
    connection.request();
    connection.send(ok("x"));
    if (connection.request().empty()) return;
    usleep(1'200'000);
  });
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    EXPECT_EQ((co_await ask(*client)).body, "x");
    EXPECT_EQ((co_await ask(*client)).code, ErrorCode::upstream_truncated);
    EXPECT_EQ(server.connections(), 1U);
  });
}

// ---- what does not answer
// --------------------------------------------------------------------------------------

TEST_F(ClientTest, SaysWhyNobodyAnswers) {
  auto nobody = client_of("http://127.0.0.1:1");
  auto nowhere = client_of("http://name.invalid");
  run([&]() -> Task<> {
    const Outcome refused = co_await ask(*nobody);
    EXPECT_EQ(refused.code, ErrorCode::upstream_unreachable);
    EXPECT_THAT(refused.why, HasSubstr("Connection refused"));
    const Outcome unknown = co_await ask(*nowhere);
    EXPECT_EQ(unknown.code, ErrorCode::upstream_unreachable);
    EXPECT_THAT(unknown.why, HasSubstr("name.invalid"));
  });
}

/// A listening socket whose queue is full: connecting to it hangs.
class FullListener {
 public:
  FullListener() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback_port(0);
    socklen_t length = sizeof address;
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(listen(fd_, 0), 0);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    filler_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(connect(filler_, reinterpret_cast<sockaddr*>(&address), length), 0);
  }
  ~FullListener() {
    close(filler_);
    close(fd_);
  }
  std::uint16_t port() const { return port_; }

 private:
  int fd_, filler_;
  std::uint16_t port_ = 0;
};

TEST_F(ClientTest, BoundsConnecting) {
  deadlines_.connect = milliseconds(100);
  FullListener full;
  auto client = client_of(full.port());
  run([&]() -> Task<> {
    const Outcome outcome = co_await ask(*client);
    EXPECT_EQ(outcome.code, ErrorCode::upstream_unreachable);
    EXPECT_THAT(outcome.why, HasSubstr("took too long"));
  });
}

class CancellationTest : public ClientTest {
 protected:
  /// Asks, and cancels after a while.
  Outcome cancelled(Client& client, std::string_view body = "") {
    Outcome outcome;
    run([&]() -> Task<> {
      Cancellation cancellation;
      detach(cancel_later(cancellation));
      outcome = co_await ask(client, body, &cancellation);
      const Outcome again = co_await ask(client, body, &cancellation);
      EXPECT_EQ(again.code, ErrorCode::client_gone) << "one that is cancelled begins nothing";
    });
    EXPECT_EQ(client.idle_connections(), 0U);
    return outcome;
  }
  Task<> cancel_later(Cancellation& cancellation) {
    co_await loop_.sleep(milliseconds(30));
    cancellation.cancel();
  }
};

TEST_F(CancellationTest, EndsConnecting) {
  FullListener full;
  EXPECT_EQ(cancelled(*client_of(full.port())).code, ErrorCode::client_gone);
}

TEST_F(CancellationTest, EndsAHandshake) {
  ScriptedServer server([](ScriptedConnection& connection) { connection.wait_for_end(); });
  EXPECT_EQ(cancelled(*client_of("https://127.0.0.1:" + std::to_string(server.port()))).code,
            ErrorCode::client_gone);
}

TEST_F(CancellationTest, EndsSending) {
  std::promise<void> over;
  ScriptedServer server([&](ScriptedConnection&) { over.get_future().wait(); });
  EXPECT_EQ(cancelled(*client_of(server.port()), std::string(64'000'000, 'b')).code, ErrorCode::client_gone);
  over.set_value();
}

TEST_F(CancellationTest, EndsTheWaitForTheFirstByte) {
  ScriptedServer server([](ScriptedConnection& connection) { connection.wait_for_end(); });
  EXPECT_EQ(cancelled(*client_of(server.port())).code, ErrorCode::client_gone);
}

TEST_F(CancellationTest, EndsReading) {
  ScriptedServer server([](ScriptedConnection& connection) {
    connection.request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbody");
    connection.wait_for_end();
  });
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    Cancellation cancellation;
    auto response = co_await client->send({.path = "/"}, deadlines_, &cancellation);
    EXPECT_TRUE(response);
    if (!response) co_return;
    const auto first = co_await response->read();
    EXPECT_TRUE(first && first->bytes == "body");
    detach(cancel_later(cancellation));
    const auto next = co_await response->read();
    EXPECT_FALSE(next);
    if (!next) EXPECT_EQ(next.error().code(), ErrorCode::client_gone);
  });
  EXPECT_EQ(client->idle_connections(), 0U);
}

TEST_F(CancellationTest, IsMetByTheNextReadWhenNothingWaits) {
  ScriptedServer server(always(ok("body")));
  auto client = client_of(server.port());
  run([&]() -> Task<> {
    Cancellation cancellation;
    auto response = co_await client->send({.path = "/"}, deadlines_, &cancellation);
    EXPECT_TRUE(response);
    if (!response) co_return;
    auto first = co_await response->read();
    EXPECT_TRUE(first && first->bytes == "body") << "what is here is here";
    cancellation.cancel();
  });
  EXPECT_EQ(client->idle_connections(), 0U) << "its socket takes no further request";
}

}  // namespace
}  // namespace sluice::http
