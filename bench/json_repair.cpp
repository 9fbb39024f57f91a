// How long JSON repair takes: documents of 1 KB and 1 MB, valid and broken in the usual ways, whole and
// streamed. Prints one line for each: name, bytes, median and best microseconds, MB/s.

#include "json/repair/repair.hpp"
#include "json/repair/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace sluice::json;

std::string document(std::size_t bytes) {
  std::string out = R"({"meta": {"source": "call", "language": "en", "ok": true, "score": 0.92}, "items": [)";
  for (int i = 0; out.size() + 120 < bytes; ++i)
    out += fmt::format(
        R"({}{{"id": {}, "name": "Item {}", "price": {}.99, "tags": ["new", "sale"], "note": "It is fine, she said", "stock": null, "on": true}})",
        i == 0 ? "" : ", ", i, i, i % 100);
  return out + "]}";
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

struct Case {
  std::string name, text;
};

std::vector<Case> cases(std::size_t bytes) {
  const std::string valid = document(bytes);
  const std::string python = replaced(replaced(replaced(valid, "\"", "'"), "true", "True"), "null", "None");
  std::string bare = valid;
  for (const char* key : {"id", "name", "price", "tags", "note", "stock", "on", "meta", "items"})
    bare = replaced(bare, fmt::format("\"{}\":", key), fmt::format("{}:", key));
  return {{"valid", valid},
          {"trailing comma at the end", valid.substr(0, valid.size() - 2) + ",]}"},
          {"trailing comma at the start", replaced(valid, R"("score": 0.92})", R"("score": 0.92,})")},
          {"Python's quotes and words", python},
          {"bare keys", bare},
          {"truncated at 70 %", valid.substr(0, valid.size() * 7 / 10)},
          {"inner quotes", replaced(valid, "she said", R"("she" said)")},
          {"raw line breaks", replaced(valid, "fine, she", "fine,\nshe")},
          {"fence and prose",
           "Here is the JSON:\n\n```json\n" + valid + "\n```\n\nLet me know if you need more."}};
}

void measure(const std::string& name, std::size_t bytes, const std::function<void()>& run) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times;
  const auto end = Clock::now() + std::chrono::milliseconds(300);
  for (int i = 0; i < 5 || (Clock::now() < end && times.size() < 20000); ++i) {
    const auto begin = Clock::now();
    run();
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
  }
  std::sort(times.begin(), times.end());
  const double median = times[times.size() / 2];
  fmt::print("{:44} {:9} {:12.2f} {:12.2f} {:9.0f}\n", name, bytes, median, times.front(),
             static_cast<double>(bytes) / median);
}

}  // namespace

int main() {
  fmt::print("{:44} {:>9} {:>12} {:>12} {:>9}\n", "case", "bytes", "median us", "best us", "MB/s");
  for (const std::size_t bytes : {std::size_t{1} << 10, std::size_t{1} << 20}) {
    for (const Case& one : cases(bytes)) {
      std::string buffer;
      measure("whole: " + one.name, one.text.size(), [&] {
        if (!repair::whole(one.text, buffer)) std::abort();
      });
      std::string out;
      measure("stream of 32 bytes: " + one.name, one.text.size(), [&] {
        out.clear();
        repair::Stream stream;
        for (std::size_t at = 0; at < one.text.size(); at += 32)
          stream.feed(std::string_view(one.text).substr(at, 32), out);
        if (!stream.finish(out)) std::abort();
      });
    }
  }
}
