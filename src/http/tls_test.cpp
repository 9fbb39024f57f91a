// The client over TLS, against servers whose certificates the test makes.

#include "http/testing/certificates.hpp"
#include "http/testing/client_fixture.hpp"
#include "http/testing/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <future>

namespace sluice::http {
namespace {

using testing::HasSubstr;

constexpr const char* local_names = "DNS:localhost,IP:127.0.0.1";

std::string ok(std::string_view body, std::string_view fields = "") {
  return "HTTP/1.1 200 OK\r\ncontent-length: " + std::to_string(body.size()) + "\r\n" + std::string(fields) +
         "\r\n" + std::string(body);
}

void answer_all(ScriptedConnection& connection) {
  for (std::string request; !(request = connection.request()).empty();)
    connection.send(ok(request.substr(request.find("\r\n\r\n") + 4)));
}

class TlsTest : public ClientTest {
 protected:
  std::unique_ptr<Client> trusting(const ScriptedServer& server, const std::string& host = "localhost") {
    return client_of("https://" + host + ":" + std::to_string(server.port()), authority_.file());
  }
  TestAuthority authority_;
};

TEST_F(TlsTest, TalksToAServerThatItsAuthorityVouchesFor) {
  const ServerContext context = authority_.server(local_names);
  ScriptedServer server(answer_all, context.get());
  run([&]() -> Task<> {
    for (const char* host : {"localhost", "127.0.0.1"}) {
      auto client = trusting(server, host);
      EXPECT_EQ((co_await ask(*client, "body")).body, "body") << host;
      const Outcome again = co_await ask(*client, "more");
      EXPECT_EQ(again.body, "more") << again.why;
      EXPECT_TRUE(again.reused);
      EXPECT_EQ(client->idle_connections(), 1U);
    }
  });
}

TEST_F(TlsTest, RefusesServersThatItCannotVerify) {
  TestAuthority stranger;
  const ServerContext wrong_host = authority_.server("DNS:other.test,IP:127.0.0.2");
  const ServerContext expired = authority_.server(local_names, -3600);
  const ServerContext unknown = stranger.server(local_names);
  const ServerContext partial = authority_.server("DNS:l*t");
  const std::array<std::pair<SSL_CTX*, const char*>, 4> cases{{{wrong_host.get(), "mismatch"},
                                                               {expired.get(), "expired"},
                                                               {unknown.get(), "certificate"},
                                                               {partial.get(), "mismatch"}}};
  run([&]() -> Task<> {
    for (const auto& [context, why] : cases) {
      std::atomic<bool> asked = false;
      ScriptedServer server([&](ScriptedConnection& connection) { asked = !connection.request().empty(); },
                            context);
      for (const char* host : {"localhost", "127.0.0.1"}) {
        auto client = trusting(server, host);
        const Outcome outcome = co_await ask(*client, "secret");
        EXPECT_EQ(outcome.code, ErrorCode::upstream_unreachable) << why;
        EXPECT_THAT(outcome.why, HasSubstr(why));
      }
      EXPECT_FALSE(asked) << "nothing may reach it";
    }
  });
}

TEST_F(TlsTest, TheSystemsCertificatesDoNotVouchForTheTest) {
  const ServerContext context = authority_.server(local_names);
  ScriptedServer server(answer_all, context.get());
  auto client = client_of("https://localhost:" + std::to_string(server.port()));
  run([&]() -> Task<> { EXPECT_EQ((co_await ask(*client)).code, ErrorCode::upstream_unreachable); });
}

TEST_F(TlsTest, SaysWhichFileOfCertificatesIsWrong) {
  auto client = Client::create(loop_, resolver_, *parse_url("https://localhost"), limits_, "/no/such/file");
  ASSERT_FALSE(client);
  EXPECT_THAT(client.error().message(), HasSubstr("/no/such/file"));
}

TEST_F(TlsTest, RefusesOldVersions) {
  const ServerContext context = authority_.server(local_names);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
  SSL_CTX_set_cipher_list(context.get(), "ALL:@SECLEVEL=0");
  ScriptedServer server(answer_all, context.get());
  auto client = trusting(server);
  run([&]() -> Task<> { EXPECT_EQ((co_await ask(*client)).code, ErrorCode::upstream_unreachable); });
}

class TlsVersionTest : public TlsTest, public testing::WithParamInterface<int> {
 protected:
  ServerContext server_context() const {
    ServerContext context = authority_.server(local_names);
    SSL_CTX_set_min_proto_version(context.get(), GetParam());
    SSL_CTX_set_max_proto_version(context.get(), GetParam());
    return context;
  }
};

TEST_P(TlsVersionTest, ResumesItsSession) {
  const ServerContext context = server_context();
  std::vector<bool> resumed;
  ScriptedServer server(
      [&](ScriptedConnection& connection) {
        connection.request();
        resumed.push_back(connection.resumed());  // one connection at a time
        connection.send(ok("x", "Connection: close\r\n"));
        connection.say_goodbye();
      },
      context.get());
  auto client = trusting(server);
  run([&]() -> Task<> {
    for (int i = 0; i < 3; ++i) {
      const Outcome outcome = co_await ask(*client);
      EXPECT_EQ(outcome.body, "x") << outcome.why;
    }
  });
  EXPECT_EQ(resumed, (std::vector<bool>{false, true, true}));
}

TEST_P(TlsVersionTest, CarriesLargeBodiesBothWays) {
  const ServerContext context = server_context();
  ScriptedServer server(answer_all, context.get());
  auto client = trusting(server);
  run([&]() -> Task<> {
    std::string body;
    while (body.size() < 6'000'000) body += std::to_string(body.size()) + " ";
    for (int i = 0; i < 2; ++i) {
      const Outcome outcome = co_await ask(*client, body);
      EXPECT_TRUE(outcome.body == body) << outcome.body.size() << " " << outcome.why;
      EXPECT_EQ(outcome.reused, i > 0);
    }
  });
}

TEST_P(TlsVersionTest, TakesAnEndWithoutGoodbyeForATruncation) {
  const ServerContext context = server_context();
  const std::array<std::string, 3> cases{"HTTP/1.1 200 OK\r\n\r\nuntil the end", "HTTP/1.1 200 OK\r\n\r\n",
                                         "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome"};
  ScriptedServer server(
      [&](ScriptedConnection& connection) {
        connection.request();
        connection.send(cases[connection.number() % cases.size()]);
        if (connection.number() >= cases.size()) connection.say_goodbye();
      },
      context.get());
  auto client = trusting(server);
  run([&]() -> Task<> {
    for (std::size_t i = 0; i < cases.size(); ++i)
      EXPECT_EQ((co_await ask(*client)).code, ErrorCode::upstream_truncated) << cases[i];
    EXPECT_EQ((co_await ask(*client)).body, "until the end");
    const Outcome empty = co_await ask(*client);
    EXPECT_EQ(empty.status, 200);
    EXPECT_EQ(empty.why, "");
    EXPECT_EQ((co_await ask(*client)).code, ErrorCode::upstream_truncated) << "goodbye, but too early";
  });
}

TEST_P(TlsVersionTest, DropsAKeptConnectionOnWhichSomethingUnaskedCame) {
  const ServerContext context = server_context();
  std::promise<void> read, sent;
  ScriptedServer server(
      [&](ScriptedConnection& connection) {
        connection.request();
        connection.send(ok("x"));
        if (connection.number() == 0) {
          read.get_future().wait();
          connection.send(ok("poison"));
          sent.set_value();
        }
        connection.wait_for_end();
      },
      context.get());
  auto client = trusting(server);
  run([&]() -> Task<> {
    EXPECT_EQ((co_await ask(*client)).body, "x");
    EXPECT_EQ(client->idle_connections(), 1U);
    read.set_value();
    auto poisoned = sent.get_future();
    while (poisoned.wait_for(milliseconds(0)) != std::future_status::ready)
      co_await loop_.sleep(milliseconds(1));
    co_await loop_.sleep(milliseconds(5));
    const Outcome next = co_await ask(*client);
    EXPECT_EQ(next.body, "x");
    EXPECT_FALSE(next.reused);
  });
}

TEST_P(TlsVersionTest, DropsAKeptConnectionThatTheServerEnds) {
  const ServerContext context = server_context();
  ScriptedServer server(
      [&](ScriptedConnection& connection) {
        connection.request();
        connection.send(ok("x"));
        if (connection.number() == 0) connection.say_goodbye();
      },
      context.get());
  auto client = trusting(server);
  run([&]() -> Task<> {
    EXPECT_EQ((co_await ask(*client)).body, "x");
    while (client->idle_connections() > 0) co_await loop_.sleep(milliseconds(1));
    EXPECT_EQ((co_await ask(*client)).body, "x");
  });
}

INSTANTIATE_TEST_SUITE_P(Versions, TlsVersionTest, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_2_VERSION ? "Tls12" : "Tls13";
                         });

TEST_F(TlsTest, SaysWhenTheServerSpeaksNoTls) {
  ScriptedServer server([](ScriptedConnection& connection) {
    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.wait_for_end();
  });
  auto client = trusting(server);
  run([&]() -> Task<> {
    const Outcome outcome = co_await ask(*client);
    EXPECT_EQ(outcome.code, ErrorCode::upstream_unreachable);
    EXPECT_THAT(outcome.why, HasSubstr("TLS"));
  });
}

TEST_F(TlsTest, BoundsTheHandshake) {
  deadlines_.connect = milliseconds(100);
  ScriptedServer server([](ScriptedConnection& connection) { connection.wait_for_end(); });
  auto client = trusting(server);
  run([&]() -> Task<> {
    const Outcome outcome = co_await ask(*client);
    EXPECT_EQ(outcome.code, ErrorCode::upstream_unreachable);
    EXPECT_THAT(outcome.why, HasSubstr("took too long"));
  });
}

TEST_F(TlsTest, ACancelledRequestEndsWhileItSends) {
  const ServerContext context = authority_.server(local_names);
  std::promise<void> over;
  ScriptedServer server([&](ScriptedConnection&) { over.get_future().wait(); }, context.get());
  auto client = trusting(server);
  Cancellation cancellation;
  run([&]() -> Task<> {
    detach([](EventLoop& loop, Cancellation& it) -> Task<> {
      co_await loop.sleep(milliseconds(30));
      it.cancel();
    }(loop_, cancellation));
    const Outcome outcome = co_await ask(*client, std::string(32'000'000, 'b'), &cancellation);
    EXPECT_EQ(outcome.code, ErrorCode::client_gone) << outcome.why;
  });
  over.set_value();
}

}  // namespace
}  // namespace sluice::http
