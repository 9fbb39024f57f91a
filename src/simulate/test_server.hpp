#pragma once
// For tests: a simulator on a thread of its own, and a client that asks it and waits.

#include "http/client.hpp"
#include "http/server.hpp"
#include "json/document.hpp"
#include "simulate/simulator.hpp"

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sluice::simulate {

class TestServer {
 public:
  explicit TestServer(Options options = {}, std::optional<Replay> replay = std::nullopt)
      : simulator_(options, std::move(replay)), server_(loop_, simulator_, limits_) {
    address_ = *server_.listen(*http::parse_listen_address("127.0.0.1:0"), 0);
    server_.start();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~TestServer() {
    limits_.drain = std::chrono::milliseconds(50);
    loop_.post(
        [this] { server_.drain([](void* loop) { static_cast<http::EventLoop*>(loop)->stop(); }, &loop_); });
    thread_.join();
  }
  std::string url() const { return "http://" + http::to_string(address_); }

 private:
  http::EventLoop loop_;
  http::ServerLimits limits_;
  Simulator simulator_;
  http::Server server_;
  http::Address address_;
  std::thread thread_;
};

/// What a client saw.
struct Reply {
  int status = 0;
  std::map<std::string, std::string> fields;
  std::string body;                  ///< as far as it came
  std::vector<std::string> pieces;   ///< the reads in which it came
  std::optional<ErrorCode> failure;  ///< how the exchange broke, if it did
  std::string failure_message;
  std::chrono::milliseconds lasted{0};
};

struct Question {
  std::string path, body;
  std::string fields;  ///< complete lines
  std::string method = "POST";
  std::size_t leave_after = std::size_t{1} << 30;  ///< pieces; the client closes its connection then
  std::chrono::milliseconds patience{20'000};
};

inline constexpr std::string_view openai_key =
    "authorization: Bearer sk-test\r\ncontent-type: application/json\r\n";
inline constexpr std::string_view anthropic_key =
    "x-api-key: sk-ant-test\r\nanthropic-version: 2023-06-01\r\n";
inline constexpr std::string_view google_key = "x-goog-api-key: AIza-test\r\n";

namespace test_detail {

inline Task<> ask(http::EventLoop& loop, http::Client& client, const Question& question, Reply& reply) {
  const std::array pieces{std::string_view(question.body)};
  http::Deadlines deadlines;
  deadlines.first_byte = question.patience;
  deadlines.idle = question.patience;
  auto answer = co_await client.send(
      {.method = question.method, .path = question.path, .fields = question.fields, .body = pieces},
      deadlines, nullptr);
  if (!answer) {
    reply.failure = answer.error().code();
    reply.failure_message = answer.error().message();
  } else {
    reply.status = answer->status();
    for (std::size_t i = 0; i < answer->fields().size(); ++i)
      reply.fields.emplace(answer->fields()[i].name, answer->fields()[i].value);
    while (reply.pieces.size() < question.leave_after) {
      const auto piece = co_await answer->read();
      if (!piece) {
        reply.failure = piece.error().code();
        reply.failure_message = piece.error().message();
        break;
      }
      if (piece->state == http::BodyPiece::State::end) break;
      reply.pieces.emplace_back(piece->bytes);
      reply.body += piece->bytes;
    }
  }
  loop.stop();
}

}  // namespace test_detail

inline Reply ask(const TestServer& server, const Question& question) {
  http::EventLoop loop;
  http::Resolver resolver;
  http::ClientLimits limits;
  auto client = http::Client::create(loop, resolver, *http::parse_url(server.url()), limits, "");
  Reply reply;
  const auto began = std::chrono::steady_clock::now();
  detach(test_detail::ask(loop, **client, question, reply));
  loop.run();
  reply.lasted =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  return reply;
}

/// A parsed text that keeps what it was parsed from.
class Json {
 public:
  explicit Json(std::string text) : text_(std::move(text)) {
    auto parsed = document_.parse(text_);
    EXPECT_TRUE(parsed) << parsed.error().message() << "\n" << text_;
  }
  json::Value operator[](std::string_view key) const { return document_.root()[key]; }
  json::Value operator[](std::size_t index) const { return document_.root()[index]; }
  json::Value root() const { return document_.root(); }

 private:
  std::string text_;
  json::Document document_;
};

/// The `data` of each event of an SSE body; fails the test where the framing is anything else.
inline std::vector<std::string> events_of(const std::string& body, std::string_view line_end = "\n") {
  std::vector<std::string> events;
  const std::string separator = std::string(line_end) + std::string(line_end);
  std::size_t at = 0;
  while (at < body.size()) {
    const std::size_t end = body.find(separator, at);
    EXPECT_NE(end, std::string::npos) << "an event without its end: " << body.substr(at);
    if (end == std::string::npos) break;
    const std::string event = body.substr(at, end - at);
    const std::size_t data =
        event.starts_with("data: ") ? 0 : event.find(std::string(line_end) + "data: ") + line_end.size();
    EXPECT_TRUE(event.substr(data).starts_with("data: ")) << event;
    events.push_back(event.substr(data + 6));
    at = end + separator.size();
  }
  return events;
}

}  // namespace sluice::simulate
