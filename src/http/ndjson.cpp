#include "http/ndjson.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sluice::http {
namespace {

/// Whether to go on.
bool tell(std::string_view line, NdjsonReader::Sink& sink) {
  const std::string_view text = trim(line);
  return text.empty() || sink.on_line(text);
}

}  // namespace

Result<> NdjsonReader::feed(std::string_view bytes, Sink& sink) {
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    if (begun_.size() + end > max_line_)
      return fail(ErrorCode::upstream_protocol,
                  "a line of the provider's stream is larger than " + std::to_string(max_line_) + " bytes");
    if (end == bytes.size()) {
      begun_.append(bytes);
      return {};
    }
    std::string_view line = bytes.substr(0, end);
    if (!begun_.empty()) line = begun_.append(line);
    const bool go_on = tell(line, sink);
    begun_.clear();
    bytes.remove_prefix(end + 1);
    if (!go_on) return {};
  }
  return {};
}

Result<> NdjsonReader::finish(Sink& sink) {
  const std::string last = std::move(begun_);
  begun_.clear();
  tell(last, sink);
  return {};
}

}  // namespace sluice::http
