// A stream of server-sent events is the same however it is cut.

#include "fuzz/check.hpp"
#include "http/sse.hpp"

namespace sluice::fuzz {
namespace {

constexpr std::size_t max_event = 512;

struct Heard final : http::SseReader::Sink {
  std::vector<std::pair<std::string, std::string>> events;
  bool failed = false;
  bool on_event(std::string_view type, std::string_view data) override {
    events.emplace_back(type, data);
    return true;
  }
  bool operator==(const Heard& other) const { return events == other.events && failed == other.failed; }
};

Heard hear(const std::vector<std::string>& pieces) {
  http::SseReader reader(max_event);
  Heard heard;
  for (const std::string& piece : pieces) {
    const std::string own = piece;  // freed before the next one comes
    heard.failed = !reader.feed(own, heard);
    if (heard.failed) return heard;
    check(reader.pending() <= max_event + 1, "more is kept than one event may hold");
  }
  check(reader.finish(heard).has_value(), "the end of a good stream fails");
  return heard;
}

/// The rules of WHATWG HTML section 9.2.6, read once more: lines first, then fields.
std::vector<std::pair<std::string, std::string>> plainly(std::string_view stream) {
  if (stream.starts_with("\xEF\xBB\xBF")) stream.remove_prefix(3);
  std::vector<std::pair<std::string, std::string>> events;
  std::string type, data;
  bool has_data = false;
  const auto dispatch = [&] {
    if (has_data) events.emplace_back(type, data);
    type.clear(), data.clear(), has_data = false;
  };
  while (!stream.empty()) {
    const auto end = stream.find_first_of("\r\n");
    const std::string_view line = stream.substr(0, end);
    stream.remove_prefix(end == std::string_view::npos ? stream.size() : end);
    if (stream.starts_with("\r\n")) stream.remove_prefix(1);
    if (!stream.empty()) stream.remove_prefix(1);
    if (line.empty()) {
      dispatch();
      continue;
    }
    const auto colon = line.find(':');
    std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    const std::string_view field = line.substr(0, colon);
    if (field == "event") type = value;
    if (field == "data") {
      if (has_data) data += '\n';
      data += value;
      has_data = true;
    }
  }
  dispatch();  // our reader hands out what lacks its empty line
  return events;
}

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::fuzz;
  const std::string_view stream = text_of(data, size);
  const Heard whole = hear({std::string(stream)});
  if (!whole.failed) check(whole.events == plainly(stream), "the events are not those of the standard");
  Choices choices(stream);
  for (int i = 0; i < 4; ++i) check(hear(cut(stream, choices)) == whole, "a cut changes the events");
  return 0;
}
