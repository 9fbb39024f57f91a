// A provider that costs next to nothing: answers every POST with the same bytes, whole or as a stream, in
// OpenAI's or Anthropic's form by the path. For measurements only; `sluice simulate` is the faithful one.

#include "http/server.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace {

using namespace sluice;

struct Options {
  std::string listen = "127.0.0.1:9000";
  std::size_t reply_bytes = 1024;
  int chunks = 50;
  int interval_ms = 10;
};

std::string openai_answer(std::size_t bytes) {
  const std::string head =
      R"({"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"mock","choices":[{"index":0,)"
      R"("message":{"role":"assistant","content":")";
  const std::string tail =
      R"(","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":200,)"
      R"("total_tokens":300}})";
  return head + std::string(bytes > head.size() + tail.size() ? bytes - head.size() - tail.size() : 1, 'x') +
         tail;
}

std::string anthropic_answer(std::size_t bytes) {
  const std::string head =
      R"({"id":"msg_bench","type":"message","role":"assistant","model":"mock","content":[{"type":"text","text":")";
  const std::string tail =
      R"("}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":100,"output_tokens":200}})";
  return head + std::string(bytes > head.size() + tail.size() ? bytes - head.size() - tail.size() : 1, 'x') +
         tail;
}

std::string openai_chunk(std::string_view delta, std::string_view finish) {
  std::string out =
      R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"mock",)"
      R"("service_tier":"default","system_fingerprint":"fp_1234567890","choices":[{"index":0,"delta":)";
  out.append(delta).append(R"(,"logprobs":null,"finish_reason":)").append(finish).append("}]}\n\n");
  return out;
}

std::vector<std::string> openai_stream(int chunks) {
  std::vector<std::string> out{openai_chunk(R"({"role":"assistant","content":"","refusal":null})", "null")};
  for (int i = 0; i < chunks; ++i)
    out.push_back(openai_chunk(R"({"content":" twenty characters."})", "null"));
  out.push_back(openai_chunk("{}", R"("stop")"));
  out.push_back(
      R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"mock","choices":[],)"
      R"("usage":{"prompt_tokens":100,"completion_tokens":200,"total_tokens":300}})"
      "\n\n");
  out.push_back("data: [DONE]\n\n");
  return out;
}

std::vector<std::string> anthropic_stream(int chunks) {
  const auto event = [](std::string_view type, std::string_view rest) {
    return std::string("event: ")
        .append(type)
        .append("\ndata: {\"type\":\"")
        .append(type)
        .append("\"")
        .append(rest)
        .append("}\n\n");
  };
  std::vector<std::string> out{
      event("message_start",
            R"(,"message":{"id":"msg_bench","type":"message","role":"assistant","model":"mock","content":[],)"
            R"("stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":100,"output_tokens":1}})"),
      event("content_block_start", R"(,"index":0,"content_block":{"type":"text","text":""})")};
  for (int i = 0; i < chunks; ++i)
    out.push_back(event("content_block_delta",
                        R"(,"index":0,"delta":{"type":"text_delta","text":" twenty characters."})"));
  out.push_back(event("content_block_stop", R"(,"index":0)"));
  out.push_back(
      event("message_delta",
            R"(,"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":200})"));
  out.push_back(event("message_stop", ""));
  return out;
}

class MockProvider final : public http::Handler {
 public:
  explicit MockProvider(const Options& options)
      : options_(options),
        openai_(openai_answer(options.reply_bytes)),
        anthropic_(anthropic_answer(options.reply_bytes)),
        openai_stream_(openai_stream(options.chunks)),
        anthropic_stream_(anthropic_stream(options.chunks)) {}

  Task<> serve(http::Exchange& exchange) override {
    const auto body = co_await exchange.read_body(std::size_t{256} << 20);
    if (!body) co_return;
    const bool anthropic = exchange.head().path.ends_with("/messages");
    if (body->find("\"stream\":true") != std::string_view::npos) {
      co_await stream(exchange, anthropic ? anthropic_stream_ : openai_stream_);
      co_return;
    }
    const std::array fields{http::OutField{"content-type", "application/json"}};
    const std::array pieces{std::string_view(anthropic ? anthropic_ : openai_)};
    co_await exchange.respond(200, fields, pieces);
  }

  Task<> stream(http::Exchange& exchange, const std::vector<std::string>& events) {
    const std::array fields{http::OutField{"content-type", "text/event-stream"}};
    exchange.begin_stream(200, fields);
    auto next = http::Clock::now();
    for (const std::string& event : events) {
      if (options_.interval_ms > 0) {
        next += std::chrono::milliseconds(options_.interval_ms);
        co_await exchange.loop().sleep_until(next);
      }
      if (!co_await exchange.write(event)) co_return;
    }
    co_await exchange.end_stream({});
  }

  http::RefusalAnswer describe_refusal(int, std::string_view why) override {
    return {.fields = {}, .body = std::string(why)};
  }

 private:
  const Options& options_;
  const std::string openai_, anthropic_;
  const std::vector<std::string> openai_stream_, anthropic_stream_;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("A provider for measurements: the same answer to everything");
  app.add_option("--listen", options.listen);
  app.add_option("--reply-bytes", options.reply_bytes);
  app.add_option("--chunks", options.chunks, "content chunks of a stream");
  app.add_option("--interval-ms", options.interval_ms, "between chunks; 0: as fast as possible");
  CLI11_PARSE(app, argc, argv);

  http::EventLoop loop;
  MockProvider handler(options);
  http::ServerLimits limits;
  limits.idle = std::chrono::hours(1);
  http::Server server(loop, handler, limits);
  auto address = http::parse_listen_address(options.listen);
  auto bound = address ? server.listen(*address, 0) : Result<http::Address>(fail(address));
  if (!bound) {
    std::fprintf(stderr, "%s\n", bound.error().message().c_str());
    return 1;
  }
  server.start();
  std::printf("listening on %s\n", to_string(*bound).c_str());
  std::fflush(stdout);
  loop.run();
}
