// Newline-delimited JSON is the same however it is cut.

#include "fuzz/check.hpp"
#include "http/ndjson.hpp"

namespace sluice::fuzz {
namespace {

constexpr std::size_t max_line = 512;

struct Heard final : http::NdjsonReader::Sink {
  std::vector<std::string> lines;
  bool failed = false;
  bool on_line(std::string_view line) override {
    lines.emplace_back(line);
    return true;
  }
  bool operator==(const Heard& other) const { return lines == other.lines && failed == other.failed; }
};

Heard hear(const std::vector<std::string>& pieces) {
  http::NdjsonReader reader(max_line);
  Heard heard;
  for (const std::string& piece : pieces) {
    const std::string own = piece;  // freed before the next one comes
    heard.failed = !reader.feed(own, heard);
    if (heard.failed) return heard;
    check(reader.pending() <= max_line, "more is kept than one line may hold");
  }
  check(reader.finish(heard).has_value(), "the end of a good stream fails");
  return heard;
}

/// Everything between line ends that is not white space alone.
std::vector<std::string> plainly(std::string_view stream) {
  std::vector<std::string> lines;
  while (!stream.empty()) {
    const std::size_t end = std::min(stream.find('\n'), stream.size());
    std::string_view line = stream.substr(0, end);
    while (!line.empty() && std::string_view(" \t\r\n").contains(line.front())) line.remove_prefix(1);
    while (!line.empty() && std::string_view(" \t\r\n").contains(line.back())) line.remove_suffix(1);
    if (!line.empty()) lines.emplace_back(line);
    stream.remove_prefix(std::min(end + 1, stream.size()));
  }
  return lines;
}

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::fuzz;
  const std::string_view stream = text_of(data, size);
  const Heard whole = hear({std::string(stream)});
  if (!whole.failed) check(whole.lines == plainly(stream), "the lines are not those that were sent");
  Choices choices(stream);
  for (int i = 0; i < 4; ++i) check(hear(cut(stream, choices)) == whole, "a cut changes the lines");
  return 0;
}
