// A server, and clients that send bytes as they are: requests, bodies, and how connections end.

#include "http/testing/server_thread.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <stdexcept>

namespace sluice::http {
namespace {

using namespace std::string_literals;

std::string get(std::string_view path, std::string_view fields = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

std::string post(std::string_view body, std::string_view fields = "") {
  return "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(fields) + "\r\n" + std::string(body);
}

TEST(ServerConnection, KeepsConnections) {
  ServerThread server(answer_echo);
  RawClient client = server.connect();
  for (int i = 0; i < 40; ++i) {
    const auto answer = client.ask(post("body " + std::to_string(i)));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "POST /p body " + std::to_string(i));
    EXPECT_FALSE(answer.has("connection: close"));
    EXPECT_EQ(answer.head.find("\r\nconnection:"), std::string::npos);
  }
  EXPECT_EQ(server.connections(), 1U);
  const auto last = client.ask(get("/last", "Connection: close\r\n"));
  EXPECT_TRUE(last.has("connection: close"));
  EXPECT_TRUE(client.is_closed());
}

TEST(ServerConnection, AnswersPipelinedRequestsInOrder) {
  ServerThread server(answer_echo);
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    requests += i % 3 == 0   ? get("/" + std::to_string(i))
                : i % 3 == 1 ? post(std::to_string(i))
                             : "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n" +
                                   std::to_string(i % 90 + 10) + "\r\n0\r\n\r\n";
  }
  for (std::size_t piece : {requests.size(), std::size_t{1000}, std::size_t{7}}) {
    RawClient client = server.connect();
    for (std::size_t at = 0; at < requests.size(); at += piece)
      ASSERT_TRUE(client.send(requests.substr(at, piece)));
    for (int i = 0; i < 100; ++i) {
      const auto answer = client.answer();
      const std::string expected = i % 3 == 0   ? "GET /" + std::to_string(i) + " "
                                   : i % 3 == 1 ? "POST /p " + std::to_string(i)
                                                : "PUT /c " + std::to_string(i % 90 + 10);
      ASSERT_EQ(answer.body, expected) << "in pieces of " << piece;
    }
  }
}

TEST(ServerConnection, KeepsTheHeadWhereItIsWhenMuchComesBehindAChunkedBody) {
  // What the handler views of the head must survive the arrival of 200 KB of further requests.
  ServerThread server([](Exchange& exchange) -> Task<> {
    const std::string_view path = exchange.head().path;
    const std::string_view field = exchange.fields().get("x-mark");
    co_await exchange.read_body(1 << 20);
    const std::array pieces{path, std::string_view(" "), field};
    co_await exchange.respond(200, {}, pieces);
  });
  const std::string mark(40, 'm');
  RawClient client = server.connect();
  ASSERT_TRUE(client.send("POST /chunked-and-long-enough HTTP/1.1\r\nHost: a\r\nX-Mark: " + mark +
                          "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"));
  const std::string next = get("/next", "X-Mark: " + mark + "\r\n");
  std::string rest = "c\r\n0\r\n\r\n";
  int following = 0;
  for (; rest.size() < 200'000; ++following) rest += next;
  ASSERT_TRUE(client.send(rest));
  EXPECT_EQ(client.answer().body, "/chunked-and-long-enough " + mark);
  for (int i = 0; i < following; ++i) ASSERT_EQ(client.answer().body, "/next " + mark);
}

TEST(ServerConnection, AnswersHeadWithoutBody) {
  ServerThread server([](Exchange& exchange) -> Task<> {
    if (exchange.head().path == "/stream") {
      exchange.begin_stream(200, {});
      co_await exchange.write("some");
      co_await exchange.end_stream("more");
    } else {
      co_await answer_echo(exchange);
    }
  });
  RawClient client = server.connect();
  ASSERT_TRUE(
      client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n" + get("/b")));
  const auto head = client.answer(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.has("content-length: 8")) << head.head;
  EXPECT_EQ(client.answer(true).status, 200);
  EXPECT_EQ(client.answer().body, "GET /b ");
  // A refused HEAD has no body either.
  ASSERT_TRUE(client.send("HEAD /a HTTP/1.1\r\n\r\n"));
  const std::string refused = client.receive_all();
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(refused.ends_with("\r\n\r\n"));
}

TEST(ServerConnection, SpeaksHttp10) {
  ServerThread server([](Exchange& exchange) -> Task<> {
    if (exchange.head().path != "/stream") {
      co_await answer_echo(exchange);
      co_return;
    }
    exchange.begin_stream(200, {});
    co_await exchange.write("some ");
    co_await exchange.end_stream("more");
  });
  RawClient plain = server.connect();
  EXPECT_TRUE(plain.ask("GET /a HTTP/1.0\r\n\r\n").has("connection: close"));
  EXPECT_TRUE(plain.is_closed());

  RawClient kept = server.connect();
  EXPECT_TRUE(kept.ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").has("connection: keep-alive"));
  const auto stream = kept.ask("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(stream.body, "some more");
  EXPECT_EQ(stream.head.find("transfer-encoding"), std::string::npos);
  EXPECT_TRUE(stream.has("connection: close"));
}

TEST(ServerConnection, GivesNoContentNeitherLengthNorCoding) {
  ServerThread server([](Exchange& exchange) -> Task<> { co_await exchange.respond(204, {}, {}); });
  RawClient client = server.connect();
  const auto answer = client.ask(get("/"));
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.head.find("content-length"), std::string::npos);
  EXPECT_EQ(answer.head.find("transfer-encoding"), std::string::npos);
  EXPECT_EQ(client.ask(get("/")).status, 204) << "the connection stays";
}

TEST(ServerConnection, InvitesABodyThatIsWaitedFor) {
  ServerThread server(answer_echo);
  RawClient client = server.connect();
  const std::string head = "POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
  ASSERT_TRUE(client.send(head));
  EXPECT_EQ(client.answer().status, 100);
  EXPECT_EQ(client.ask("body").body, "POST /p body");
  // One that came along with the head needs no invitation.
  EXPECT_EQ(client.ask(head + "body").status, 200);
  EXPECT_EQ(
      client.ask("POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n")
          .status,
      100);
  EXPECT_EQ(client.ask("4\r\nbody\r\n0\r\n\r\n").body, "POST /p body");
}

TEST(ServerConnection, AnswersInsteadOfInvitingABodyAndCloses) {
  ServerThread server([](Exchange& exchange) -> Task<> { co_await exchange.respond(401, {}, {}); });
  RawClient client = server.connect();
  const auto answer =
      client.ask("POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(answer.has("connection: close")) << "whether the body comes now cannot be known";
  EXPECT_TRUE(client.is_closed());
}

TEST(ServerConnection, SwallowsABodyThatNobodyReads) {
  ServerThread server([](Exchange& exchange) -> Task<> { co_await exchange.respond(404, {}, {}); });
  RawClient client = server.connect();
  const std::string hidden = get("/hidden");
  for (const std::string& body : {hidden, std::string(200'000, 'x')}) {
    EXPECT_EQ(client.ask(post(body)).status, 404);
    EXPECT_EQ(
        client.ask("POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
            .status,
        404);
  }
  // Too much to swallow: the answer arrives whole, and says that the connection ends.
  const auto answer = client.ask(post(std::string(4 << 20, 'x')));
  EXPECT_EQ(answer.status, 404);
  EXPECT_TRUE(answer.has("connection: close"));
  EXPECT_TRUE(client.is_closed());
}

TEST(ServerConnection, ReadsLargeBodies) {
  ServerThread server([](Exchange& exchange) -> Task<> {
    const auto body = co_await exchange.read_body(std::size_t{8} << 20);
    EXPECT_EQ(body->find_first_not_of('x'), std::string_view::npos);
    const std::string text = std::to_string(body->size()) + " " + std::to_string(exchange.bytes_in());
    const std::string_view piece = text;
    co_await exchange.respond(200, {}, std::span(&piece, 1));
  });
  RawClient client = server.connect();
  const std::string body(5'000'000, 'x');
  EXPECT_EQ(client.ask(post(body)).body, "5000000 " + std::to_string(post(body).size()));
  std::string chunked = "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 500; ++i) chunked += "2710\r\n" + std::string(10000, 'x') + "\r\n";
  chunked += "0\r\n\r\n";
  EXPECT_TRUE(client.ask(chunked).body.starts_with("5000000 "));
  EXPECT_TRUE(client.ask(post("xx")).body.starts_with("2 "));
}

TEST(ServerConnection, RefusesBodiesThatAreTooLarge) {
  ServerThread server([](Exchange& exchange) -> Task<> {
    const auto body = co_await exchange.read_body(1000);
    EXPECT_FALSE(body);
    if (!body) co_await exchange.respond(body.error().traits().http_status, {}, {});
  });
  RawClient at_once = server.connect();
  EXPECT_EQ(at_once.ask(post(std::string(1001, 'x'))).status, 413);
  RawClient later = server.connect();
  ASSERT_TRUE(later.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n"));
  EXPECT_EQ(later.answer().status, 413) << "from the head alone";
  RawClient chunked = server.connect();
  EXPECT_EQ(chunked
                .ask("POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                     std::string(1001, 'x'))
                .status,
            413);
  EXPECT_TRUE(chunked.is_closed());
  RawClient announced = server.connect();
  EXPECT_EQ(announced.ask("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n").status, 413);
}

TEST(ServerConnection, RefusesWhatItCannotFrameAndCloses) {
  ServerThread server(answer_echo);
  for (const auto& [request, status] : std::initializer_list<std::pair<std::string, int>>{
           {"garbage\r\n\r\n", 400},
           {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
           {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
           {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n" + get("/smuggled"), 400},
           {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n" + get("/smuggled"), 400},
           {"GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n", 414},
           {"GET / HTTP/1.1\r\nx: " + std::string(70'000, 'a') + "\r\n", 431}}) {
    RawClient client = server.connect();
    ASSERT_TRUE(client.send(request));
    const std::string all = client.receive_all();
    EXPECT_TRUE(all.starts_with("HTTP/1.1 " + std::to_string(status) + " ")) << all;
    EXPECT_EQ(all.find("HTTP/1.1 ", 1), std::string::npos) << "more than one answer: " << all;
    EXPECT_NE(all.find("\r\nconnection: close\r\n"), std::string::npos);
  }
}

TEST(ServerConnection, ParsesARequestOfAClientThatEndsItsSideAtOnce) {
  ServerThread server(answer_echo);
  RawClient client = server.connect();
  ASSERT_TRUE(client.send(get("/one") + post(std::string(300'000, 'b')) + get("/three")));
  client.end_sending();
  EXPECT_EQ(client.answer().body, "GET /one ");
  EXPECT_EQ(client.answer().body.size(), 300'008U);
  EXPECT_EQ(client.answer().body, "GET /three ");
  EXPECT_TRUE(client.is_closed());

  RawClient cut_off = server.connect();
  ASSERT_TRUE(cut_off.send("GET / HTTP/1.1\r\nHost:"));
  cut_off.end_sending();
  EXPECT_EQ(cut_off.answer().status, 400);

  RawClient garbage = server.connect();
  ASSERT_TRUE(garbage.send("x\r\n\r\n" + std::string(500'000, 'x')));
  garbage.end_sending();
  bool reset = false;
  EXPECT_TRUE(garbage.receive_all(&reset).starts_with("HTTP/1.1 400 "));
  EXPECT_FALSE(reset) << "the answer could have been lost";
}

TEST(ServerConnection, TellsOfAClientThatHasLeftBeforeTheHandlerAsked) {
  std::atomic<int> told = 0;
  ServerThread server([&](Exchange& exchange) -> Task<> {
    if (exchange.head().path == "/first") {
      while (!exchange.client_gone()) co_await exchange.loop().sleep(milliseconds(1));
      co_await exchange.respond(200, {}, {});
      co_return;
    }
    exchange.on_client_gone([](void* count) { ++*static_cast<std::atomic<int>*>(count); }, &told);
  });
  RawClient client = server.connect();
  ASSERT_TRUE(client.send(get("/first") + get("/second")));
  client.end_sending();
  EXPECT_EQ(client.answer().status, 200);
  EXPECT_EQ(client.receive_all(), "");
  EXPECT_EQ(told, 1);
}

TEST(ServerConnection, TurnsAnExceptionInto500) {
  ServerThread server([](Exchange& exchange) -> Task<> {
    if (exchange.head().path == "/prepared") exchange.begin_stream(200, {});
    if (exchange.head().path == "/begun") {
      exchange.begin_stream(200, {});
      co_await exchange.write("some");
    }
    if (exchange.head().path == "/after") co_await exchange.respond(200, {}, {});
    if (exchange.head().path == "/other") throw 7;
    throw std::runtime_error("a bug");
  });
  for (const char* path : {"/", "/prepared", "/other"}) {
    RawClient client = server.connect();
    const auto answer = client.ask(get(path));
    EXPECT_EQ(answer.status, 500) << path;
    EXPECT_EQ(answer.body, "an internal error");
    EXPECT_TRUE(client.is_closed());
  }
  RawClient begun = server.connect();
  const auto cut = begun.ask(get("/begun"));
  EXPECT_EQ(cut.body, "some");
  EXPECT_FALSE(cut.complete) << "the end of a stream must not look like its end";
  RawClient after = server.connect();
  EXPECT_EQ(after.ask(get("/after")).status, 200);
  EXPECT_TRUE(after.is_closed());
  EXPECT_EQ(server.exceptions(),
            (std::vector<std::string>{"a bug", "a bug", "not a standard exception", "a bug", "a bug"}));
}

TEST(ServerConnection, ClosesWhereTheHandlerGivesNoAnswer) {
  ServerThread server([](Exchange&) -> Task<> { co_return; });
  RawClient client = server.connect();
  EXPECT_EQ(client.ask(get("/")).status, 0);
}

}  // namespace
}  // namespace sluice::http
