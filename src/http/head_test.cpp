#include "http/head.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace sluice::http {
namespace {

using namespace std::string_literals;
using State = HeadParser::State;

constexpr HeadParser::Bounds bounds{16 * 1024, 64 * 1024, 128};

/// What a parser made of some bytes, without views.
struct Outcome {
  State state = State::more;
  int status = 0;  ///< of a refusal
  std::string why, first_line;
  std::vector<std::pair<std::string, std::string>> fields;
  std::size_t size = 0;
  bool operator==(const Outcome&) const = default;
};

/// Feeds what has arrived at each of `arrivals` (sizes), from memory that is a different one each time.
Outcome parse(std::string_view bytes, const std::vector<std::size_t>& arrivals,
              HeadParser::Bounds within = bounds) {
  HeadParser parser(within);
  Outcome outcome;
  std::unique_ptr<std::string> buffer;
  for (std::size_t i = 0; i <= arrivals.size() && outcome.state == State::more; ++i) {
    const std::size_t size = i < arrivals.size() ? arrivals[i] : bytes.size();
    buffer = std::make_unique<std::string>(bytes.substr(0, size));
    outcome.state = parser.parse(*buffer);
  }
  if (outcome.state == State::refused) {
    outcome.status = parser.refusal().status;
    outcome.why = parser.refusal().why;
  }
  if (outcome.state != State::complete) return outcome;
  outcome.first_line = parser.first_line();
  outcome.size = parser.size();
  for (std::size_t f = 0; f < parser.fields().size(); ++f)
    outcome.fields.emplace_back(parser.fields()[f].name, parser.fields()[f].value);
  return outcome;
}

Outcome same_at_every_cut(std::string_view bytes, HeadParser::Bounds within = bounds) {
  const Outcome whole = parse(bytes, {}, within);
  std::vector<std::size_t> all;
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    all.push_back(cut);
    EXPECT_EQ(parse(bytes, {cut}, within), whole) << "cut at " << cut << " of " << bytes.substr(0, 100);
  }
  EXPECT_EQ(parse(bytes, all, within), whole) << "byte by byte: " << bytes.substr(0, 100);
  return whole;
}

TEST(HeadParser, SplitsLinesAndFields) {
  const std::string head =
      "GET / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nx-space: \t b c\t \r\nX-Bytes:\xc3\xa9\r\n\r\n";
  const Outcome outcome = same_at_every_cut(head + "body\r\n\r\n");
  EXPECT_EQ(outcome.state, State::complete);
  EXPECT_EQ(outcome.size, head.size());
  EXPECT_EQ(outcome.first_line, "GET / HTTP/1.1");
  EXPECT_EQ(outcome.fields,
            (std::vector<std::pair<std::string, std::string>>{
                {"Host", "a"}, {"X-Empty", ""}, {"x-space", "b c"}, {"X-Bytes", "\xc3\xa9"}}));
}

TEST(HeadParser, SkipsOneEmptyLineBeforeTheFirst) {
  EXPECT_EQ(same_at_every_cut("\r\nGET / HTTP/1.1\r\n\r\n").state, State::complete);
  EXPECT_EQ(same_at_every_cut("\r\n\r\nGET / HTTP/1.1\r\n\r\n").status, 400);
}

TEST(HeadParser, RefusesLinesThatAreNone) {
  const std::string line = "GET / HTTP/1.1\r\n";
  for (const std::string& head :
       {"GET / HTTP/1.1\n\r\n"s, "\n"s, line + "Host: a\n\r\n", line + "Host: a\r\n\n",
        line + "Host: a\rb: c\r\n\r\n", line + "Host : a\r\n\r\n", line + " Host: a\r\n\r\n",
        line + "Host: a\r\n folded\r\n\r\n", line + "Host: a\r\n\tfolded\r\n\r\n", line + "Host\r\n\r\n",
        line + ": a\r\n\r\n", line + "H\xc3\xb6st: a\r\n\r\n", line + "X: a\0b\r\n\r\n"s,
        line + "X\0: a\r\n\r\n"s, line + "X: \x7f\r\n\r\n", line + "X: \x0b\r\n\r\n", line + "(X): a\r\n\r\n",
        line + "X: a\r\n\r \n"}) {
    const Outcome outcome = same_at_every_cut(head);
    EXPECT_EQ(outcome.state, State::refused) << head;
    EXPECT_EQ(outcome.status, 400) << head;
  }
}

TEST(HeadParser, HoldsItsBoundsToTheByte) {
  constexpr HeadParser::Bounds small{20, 60, 3};
  const auto head_of = [](std::size_t first_line, std::size_t value) {
    return std::string(first_line, 'a') + "\r\nx: " + std::string(value, 'v') + "\r\n\r\n";
  };
  EXPECT_EQ(same_at_every_cut(head_of(20, 1), small).state, State::complete);
  EXPECT_EQ(same_at_every_cut(head_of(21, 1), small).status, 414);
  EXPECT_EQ(same_at_every_cut("\r\n" + head_of(20, 1), small).state, State::complete);
  // 20 + 2 + 3 + value + 2 + 2 bytes in all
  EXPECT_EQ(same_at_every_cut(head_of(20, 31), small).state, State::complete);
  EXPECT_EQ(same_at_every_cut(head_of(20, 32), small).status, 431);
  EXPECT_EQ(same_at_every_cut(head_of(20, 500), small).status, 431);
  EXPECT_EQ(same_at_every_cut(std::string(500, 'a'), small).status, 414);
  EXPECT_EQ(same_at_every_cut("a\r\nb: c\r\nb: c\r\nb: c\r\n\r\n", small).state, State::complete);
  EXPECT_EQ(same_at_every_cut("a\r\nb: c\r\nb: c\r\nb: c\r\nb: c\r\n\r\n", small).status, 431);
  // A fault behind a bound is not reached, however the bytes come.
  EXPECT_EQ(same_at_every_cut("a\r\nb" + std::string(60, ' ') + "\r\n\r\n", small).status, 431);
}

TEST(HeadParser, ForgetsOneHeadForTheNext) {
  HeadParser parser(bounds);
  EXPECT_EQ(parser.parse("GET /a HTTP/1.1\r\nA: 1\r\n\r\n"), State::complete);
  parser.reset();
  EXPECT_EQ(parser.parse("GET"), State::more);
  EXPECT_EQ(parser.parse("GET /b HTTP/1.1\r\nB: 2\r\n\r\n"), State::complete);
  EXPECT_EQ(parser.first_line(), "GET /b HTTP/1.1");
  EXPECT_FALSE(parser.fields().has("a"));
  EXPECT_EQ(parser.fields().get("b"), "2");
}

TEST(Fields, AreFoundWithoutCase) {
  HeadParser parser(bounds);
  ASSERT_EQ(parser.parse("x\r\nA: 1\r\na: 2\r\nab: 3\r\n\r\n"), State::complete);
  EXPECT_EQ(parser.fields().get("A"), "1");
  EXPECT_EQ(parser.fields().count("a"), 2U);
  EXPECT_EQ(parser.fields().get("AB"), "3");
  EXPECT_EQ(parser.fields().get("abc"), "");
  EXPECT_FALSE(parser.fields().has("b"));
}

// ---- requests
// ----------------------------------------------------------------------------------------------

/// 0 if the request is taken.
int refusal_of_request(const std::string& bytes, RequestHead* head_out = nullptr) {
  static const ServerLimits limits;
  static HeadParser parser(bounds);
  parser.reset();
  static std::string kept;  // what the head views
  kept = bytes;
  const State state = parser.parse(kept);
  if (state != State::complete) return state == State::refused ? parser.refusal().status : -1;
  RequestHead head;
  const auto refusal = read_request_head(parser, limits, head);
  if (head_out) *head_out = head;
  return refusal ? refusal->status : 0;
}

RequestHead request(const std::string& line, const std::string& fields = "") {
  RequestHead head;
  EXPECT_EQ(refusal_of_request(line + "\r\nHost: gw.test\r\n" + fields + "\r\n", &head), 0) << line << fields;
  return head;
}

int refused(const std::string& line, const std::string& fields = "Host: gw.test\r\n") {
  return refusal_of_request(line + "\r\n" + fields + "\r\n");
}

TEST(RequestHead, ReadsMethodsTargetsAndVersions) {
  const RequestHead head = request("POST /v1/chat?a=b?c HTTP/1.1");
  EXPECT_EQ(head.method, Method::post);
  EXPECT_EQ(head.method_name, "POST");
  EXPECT_EQ(head.path, "/v1/chat");
  EXPECT_EQ(head.query, "a=b?c");
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.http_1_0);
  EXPECT_EQ(head.framing, BodyFraming::none);
  EXPECT_EQ(request("OPTIONS * HTTP/1.1").path, "*");
  EXPECT_EQ(request("HEAD / HTTP/1.1").method, Method::head);
  EXPECT_EQ(request("DELETE /x HTTP/1.1").method, Method::delete_);
  EXPECT_TRUE(request("GET / HTTP/1.0").http_1_0);
  EXPECT_EQ(refused("GET / HTTP/1.0", ""), 0) << "HTTP/1.0 needs no Host";
}

TEST(RequestHead, ReadsAbsoluteTargets) {
  EXPECT_EQ(request("GET http://gw.test/a?b HTTP/1.1").path, "/a");
  EXPECT_EQ(request("GET HTTPS://GW.TEST/a HTTP/1.1").path, "/a");
  EXPECT_EQ(request("GET http://gw.test HTTP/1.1").path, "/");
  const RequestHead head = request("GET http://gw.test?b=c HTTP/1.1");
  EXPECT_EQ(head.path, "/");
  EXPECT_EQ(head.query, "b=c");
  for (const char* target :
       {"http://other.test/", "http://gw.test:80/", "http://u@gw.test/", "http:///a", "http://",
        "ftp://gw.test/", "http:/gw.test/", "http://gw.test#a", "http://gw.test?a b", "gw.test:80"})
    EXPECT_EQ(refused("GET "s + target + " HTTP/1.1"), 400) << target;
}

TEST(RequestHead, RefusesRequestLinesThatAreNone) {
  for (const std::string& line : {"GET"s,
                                  "GET /"s,
                                  "GET  / HTTP/1.1"s,
                                  " GET / HTTP/1.1"s,
                                  "GET / HTTP/1.1 "s,
                                  "GET\t/\tHTTP/1.1"s,
                                  "GET / x HTTP/1.1"s,
                                  "GET / http/1.1"s,
                                  "GET / HTTP/1,1"s,
                                  "GET / HTTP/1.1x"s,
                                  "GET / HTTP/11"s,
                                  "GET / HTTP/1."s,
                                  "GET / HTTP/ 1.1"s,
                                  "GET  HTTP/1.1"s,
                                  "G(T / HTTP/1.1"s,
                                  "G\0T / HTTP/1.1"s,
                                  "GET /\0 HTTP/1.1"s,
                                  "GET /\x7f HTTP/1.1"s,
                                  "GET * HTTP/1.1"s,
                                  "GET a HTTP/1.1"s,
                                  "GET /\xc3\xa9 HTTP/1.1"s,
                                  "GET /% HTTP/1.1"s,
                                  "GET /\r HTTP/1.1"s,
                                  "/ HTTP/1.1"s,
                                  "{\"model\":\"m\"}"s})
    EXPECT_EQ(refused(line), 400) << line;
  EXPECT_EQ(refused("GET / HTTP/2.0"), 505);
  EXPECT_EQ(refused("GET / HTTP/1.2"), 505);
  EXPECT_EQ(refused("GET / HTTP/0.9"), 505);
  EXPECT_EQ(refused("PRI * HTTP/2.0"), 505);
  EXPECT_EQ(refused("get / HTTP/1.1"), 501);
  EXPECT_EQ(refused("BREW / HTTP/1.1"), 501);
  EXPECT_EQ(refused("CONNECT gw.test:80 HTTP/1.1"), 501);
}

TEST(RequestHead, WantsExactlyOneHost) {
  EXPECT_EQ(refused("GET / HTTP/1.1", ""), 400);
  EXPECT_EQ(refused("GET / HTTP/1.1", "Host: a\r\nhoST: a\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/1.0", "Host: a\r\nHost: b\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/1.1", "Host:\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/1.1", "Host: a,b\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/1.1", "Host: a/b\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/1.1", "Host: [::1]:80\r\n"), 0);
}

TEST(RequestHead, FramesBodiesInOneWayOnly) {
  RequestHead head = request("POST / HTTP/1.1", "Content-Length: 0062\r\n");
  EXPECT_EQ(head.framing, BodyFraming::length);
  EXPECT_EQ(head.content_length, 62U);
  EXPECT_EQ(request("POST / HTTP/1.1", "Content-Length: 0\r\n").framing, BodyFraming::none);
  EXPECT_EQ(request("GET / HTTP/1.1", "transfer-ENCODING: \tChunked \r\n").framing, BodyFraming::chunked);

  for (std::string_view length :
       {"", "-1", "+1", "1 2", "0x10", "1,1", "1, 2", "1;", "1.0", "\"1\"", "1e2", "\xbd"})
    EXPECT_EQ(refused("POST / HTTP/1.1", "Host: a\r\nContent-Length: " + std::string(length) + "\r\n"), 400)
        << length;
  EXPECT_EQ(refused("POST / HTTP/1.1", "Host: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n"), 400);
  EXPECT_EQ(refused("POST / HTTP/1.1", "Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
            400);
  EXPECT_EQ(
      refused("POST / HTTP/1.1", "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
      400);
  EXPECT_EQ(refused("POST / HTTP/1.0", "Transfer-Encoding: chunked\r\n"), 400);
  for (std::string_view coding : {"", "gzip", "chunked, chunked", "gzip, chunked", "chunked,", ",chunked",
                                  "chunked;q=1", "\"chunked\"", "xchunked", "identity", "chunked\xa0"})
    EXPECT_EQ(refused("POST / HTTP/1.1", "Host: a\r\nTransfer-Encoding: " + std::string(coding) + "\r\n"),
              501)
        << coding;
}

TEST(RequestHead, RefusesBodiesByTheirAnnouncedSize) {
  const ServerLimits limits;
  const auto status_for = [](const std::string& length) {
    return refused("POST / HTTP/1.1", "Host: a\r\nContent-Length: " + length + "\r\n");
  };
  EXPECT_EQ(status_for(std::to_string(limits.max_body)), 0);
  EXPECT_EQ(status_for(std::to_string(limits.max_body + 1)), 413);
  EXPECT_EQ(status_for("4294967358"), 413);
  EXPECT_EQ(status_for("18446744073709551678"), 413);
  EXPECT_EQ(status_for(std::string(300, '9')), 413);
}

TEST(RequestHead, ObeysConnection) {
  EXPECT_FALSE(request("GET / HTTP/1.1", "Connection: close\r\n").keep_alive);
  EXPECT_FALSE(request("GET / HTTP/1.1", "Connection: x, CLOSE\r\n").keep_alive);
  EXPECT_FALSE(request("GET / HTTP/1.1", "Connection: close\r\nConnection: keep-alive\r\n").keep_alive);
  EXPECT_FALSE(request("GET / HTTP/1.0").keep_alive);
  EXPECT_TRUE(request("GET / HTTP/1.0", "Connection: keep-alive\r\n").keep_alive);
  EXPECT_FALSE(request("GET / HTTP/1.0", "Connection: close\r\nConnection: keep-alive\r\n").keep_alive);
  EXPECT_FALSE(request("GET / HTTP/1.0", "Connection: keep-alive, close\r\n").keep_alive);
}

TEST(RequestHead, KnowsWhoWaitsForContinue) {
  EXPECT_TRUE(request("POST / HTTP/1.1", "Expect: 100-Continue\r\nContent-Length: 1\r\n").expects_continue);
  EXPECT_FALSE(request("POST / HTTP/1.1", "Expect: something\r\nContent-Length: 1\r\n").expects_continue);
  EXPECT_FALSE(request("POST / HTTP/1.0", "Expect: 100-continue\r\nContent-Length: 1\r\n").expects_continue);
}

// ---- responses
// ---------------------------------------------------------------------------------------------

/// Nothing if the response is refused.
std::optional<ResponseHead> response(const std::string& bytes) {
  HeadParser parser(bounds);
  if (parser.parse(bytes) != State::complete) return std::nullopt;
  ResponseHead head;
  if (const auto refusal = read_response_head(parser, head)) {
    EXPECT_EQ(refusal->status, 502);
    return std::nullopt;
  }
  return head;
}

TEST(ResponseHead, ReadsStatusLines) {
  EXPECT_EQ(response("HTTP/1.1 200 OK\r\n\r\n")->status, 200);
  EXPECT_EQ(response("HTTP/1.1 404\r\n\r\n")->status, 404);
  EXPECT_EQ(response("HTTP/1.0 503 \r\n\r\n")->status, 503);
  EXPECT_EQ(response("HTTP/1.1 529 Site is \xc3\xbc"
                     "ber\r\n\r\n")
                ->status,
            529);
  for (const std::string& line :
       {"HTTP/1.1"s, "HTTP/1.1 "s, "HTTP/1.1 20"s, "HTTP/1.1 2000"s, "HTTP/1.1 20x"s, "HTTP/1.1  200 OK"s,
        "HTTP/1.1 200OK"s, "HTTP/2 200 OK"s, "HTTP/1.2 200 OK"s, "http/1.1 200 OK"s, "ICY 200 OK"s,
        "HTTP/1.1 099 x"s, "HTTP/1.1 -20 x"s, "HTTP/1.1 200 O\rK"s, "HTTP/1.1 200 O\0K"s, "{\"error\":1}"s})
    EXPECT_FALSE(response(line + "\r\n\r\n")) << line;
}

TEST(ResponseHead, FramesBodies) {
  const auto with = [](const std::string& fields, const char* line = "HTTP/1.1 200 OK") {
    return response(std::string(line) + "\r\n" + fields + "\r\n");
  };
  EXPECT_EQ(with("Content-Length: 7\r\n")->framing, BodyFraming::length);
  EXPECT_EQ(with("Content-Length: 18446744073709551615\r\n")->content_length, UINT64_MAX);
  EXPECT_EQ(with("Content-Length: 7\r\ncontent-length: 7\r\n")->content_length, 7U);
  EXPECT_EQ(with("Content-Length: 0\r\n")->framing, BodyFraming::none);
  EXPECT_EQ(with("Transfer-Encoding: Chunked\r\n")->framing, BodyFraming::chunked);
  EXPECT_EQ(with("")->framing, BodyFraming::until_close);
  EXPECT_FALSE(with("")->keep_alive);
  for (const char* bodiless : {"HTTP/1.1 204 x", "HTTP/1.1 304 x", "HTTP/1.1 100 x"})
    EXPECT_EQ(with("Content-Length: 7\r\n", bodiless)->framing, BodyFraming::none) << bodiless;

  EXPECT_FALSE(with("Content-Length: 7\r\nContent-Length: 8\r\n"));
  EXPECT_FALSE(with("Content-Length: 7\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_FALSE(with("Transfer-Encoding: gzip\r\n"));
  EXPECT_FALSE(with("Transfer-Encoding: gzip, chunked\r\n"));
  EXPECT_FALSE(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"));
  for (std::string_view length : {"", "-1", "+7", "7,7", "7 7", "0x7", "18446744073709551616"})
    EXPECT_FALSE(with("Content-Length: " + std::string(length) + "\r\n")) << length;
}

TEST(ResponseHead, ObeysConnection) {
  const auto keeps = [](const std::string& fields, const char* version = "HTTP/1.1") {
    return response(std::string(version) + " 200 OK\r\nContent-Length: 1\r\n" + fields + "\r\n")->keep_alive;
  };
  EXPECT_TRUE(keeps(""));
  EXPECT_FALSE(keeps("", "HTTP/1.0"));
  EXPECT_TRUE(keeps("Connection: keep-alive\r\n", "HTTP/1.0"));
  EXPECT_FALSE(keeps("Connection: close\r\n"));
  EXPECT_FALSE(keeps("Connection: close, keep-alive\r\n"));
  EXPECT_FALSE(keeps("Connection: close\r\nConnection: keep-alive\r\n"));
  EXPECT_FALSE(response("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n")
                   ->keep_alive);
}

}  // namespace
}  // namespace sluice::http
