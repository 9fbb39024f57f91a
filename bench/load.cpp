// Asks a server the same question over and over, from a number of connections at once, and prints what it saw
// as one line of JSON. Any answer but 200 makes it fail: a run with a failed request is void.

#include "http/client.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace sluice;
using std::chrono::duration;

struct Options {
  std::string url, body_file, key = "sk-bench";
  int connections = 64;
  long requests = 10'000;
  long warm_up = 0;
};

struct Tally {
  long asked = 0, answered = 0, failed = 0, events = 0;
  std::uint64_t bytes = 0;
  std::vector<double> latency_us;
  std::string first_failure;
  int running = 0;
};

class Load {
 public:
  Load(http::EventLoop& loop, const Options& options, std::string body)
      : loop_(loop), options_(options), body_(std::move(body)) {
    fields_ = "content-type: application/json\r\nauthorization: Bearer " + options.key +
              "\r\nx-api-key: " + options.key + "\r\n";
  }

  Tally run(http::Client& client, std::string_view path, long requests) {
    tally_ = {};
    tally_.latency_us.reserve(static_cast<std::size_t>(requests));
    left_ = requests;
    path_ = path;
    tally_.running = options_.connections;
    for (int i = 0; i < options_.connections; ++i) detach(ask(client));
    if (tally_.running > 0) loop_.run();
    return std::move(tally_);
  }

 private:
  Task<> ask(http::Client& client) {
    while (left_ > 0 && tally_.failed == 0) {
      --left_;
      ++tally_.asked;
      co_await one(client);
    }
    if (--tally_.running == 0) loop_.stop();
  }

  Task<> one(http::Client& client) {
    const auto began = http::Clock::now();
    const std::array pieces{std::string_view(body_)};
    auto response =
        co_await client.send({.path = path_, .fields = fields_, .body = pieces}, http::Deadlines{}, nullptr);
    if (!response) co_return failed(response.error().message());
    if (response->status() != 200) {
      auto text = co_await response->read_all(1 << 20);
      co_return failed(fmt::format("status {}: {}", response->status(), text ? *text : std::string()));
    }
    while (true) {
      auto piece = co_await response->read();
      if (!piece) co_return failed(piece.error().message());
      if (piece->state == http::BodyPiece::State::end) break;
      tally_.bytes += piece->bytes.size();
      tally_.events += std::ranges::count(piece->bytes, '\n');
    }
    ++tally_.answered;
    tally_.latency_us.push_back(duration<double, std::micro>(http::Clock::now() - began).count());
  }

  void failed(std::string why) {
    if (tally_.failed++ == 0) tally_.first_failure = std::move(why);
  }

  http::EventLoop& loop_;
  const Options& options_;
  std::string body_, fields_;
  std::string_view path_;
  long left_ = 0;
  Tally tally_;
};

double percentile(std::vector<double>& sorted, double p) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(p * static_cast<double>(sorted.size())))];
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Asks a server the same question over and over");
  app.add_option("--url", options.url)->required();
  app.add_option("--body-file", options.body_file)->required();
  app.add_option("--key", options.key);
  app.add_option("--connections", options.connections)->check(CLI::Range(1, 20000));
  app.add_option("--requests", options.requests)->check(CLI::Range(1, 10'000'000));
  CLI11_PARSE(app, argc, argv);

  std::ifstream file(options.body_file);
  const std::string body{std::istreambuf_iterator<char>(file), {}};
  http::EventLoop loop;
  http::Resolver resolver;
  auto url = http::parse_url(options.url);
  if (!url) return fmt::print(stderr, "{}\n", url.error().message()), 2;
  const std::string path = url->path;
  url->path.clear();
  http::ClientLimits limits;
  limits.max_idle = 20'000;
  auto client = http::Client::create(loop, resolver, *url, limits, "");
  if (!client) return fmt::print(stderr, "{}\n", client.error().message()), 2;

  Load load(loop, options, body);
  const auto began = http::Clock::now();
  Tally tally = load.run(**client, path, options.requests);
  const double seconds = duration<double>(http::Clock::now() - began).count();
  std::ranges::sort(tally.latency_us);
  fmt::print(
      R"({{"answered":{},"failed":{},"seconds":{:.4f},"bytes":{},"lines":{},"p50_us":{:.1f},"p99_us":{:.1f}}})"
      "\n",
      tally.answered, tally.failed, seconds, tally.bytes, tally.events, percentile(tally.latency_us, 0.5),
      percentile(tally.latency_us, 0.99));
  if (tally.failed > 0) fmt::print(stderr, "failed: {}\n", tally.first_failure);
  return tally.failed > 0 ? 1 : 0;
}
