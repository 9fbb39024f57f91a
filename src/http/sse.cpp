#include "http/sse.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sluice::http {
namespace {

/// Offset of the first CR or LF in `text`, or its size.
std::size_t find_line_end(std::string_view text) {
  const auto find = [&](char c, std::size_t within) {
    const void* found = std::memchr(text.data(), c, within);
    return found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) : within;
  };
  if (text.empty()) return 0;
  return find('\r', find('\n', text.size()));
}

}  // namespace

Result<> SseReader::feed(std::string_view bytes, Sink& sink) {
  if (!bytes.empty() && std::exchange(skip_lf_, false) && bytes.front() == '\n') bytes.remove_prefix(1);
  while (!bytes.empty()) {
    const std::size_t end = find_line_end(bytes);
    if (line_.size() + std::max(data_.size(), view_.size()) + end > max_event_)
      return fail(ErrorCode::upstream_protocol, "an event of the provider's stream is larger than " +
                                                    std::to_string(max_event_) + " bytes");
    if (end == bytes.size()) {
      line_.append(bytes);
      break;
    }
    const bool cr = bytes[end] == '\r';
    bool go_on;
    if (line_.empty()) {
      go_on = end_line(bytes.substr(0, end), sink);
    } else {
      line_.append(bytes, 0, end);
      go_on = end_line(line_, sink);
      if (has_data_ && !owns_data_) add_data({});
      line_.clear();
    }
    bytes.remove_prefix(end + 1);
    if (cr) {
      if (bytes.starts_with('\n')) {
        bytes.remove_prefix(1);
      } else {
        skip_lf_ = bytes.empty();
      }
    }
    if (!go_on) return {};
  }
  if (has_data_ && !owns_data_) add_data({});
  return {};
}

/// Moves the viewed line into memory of our own; with a `value`, adds it as a further line.
void SseReader::add_data(std::string_view value) {
  if (!owns_data_) {
    data_.assign(view_);
    owns_data_ = true;
  }
  if (value.data()) {
    data_.push_back('\n');
    data_.append(value);
  }
}

bool SseReader::end_line(std::string_view line, Sink& sink) {
  if (first_line_) {
    first_line_ = false;
    if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  }
  if (line.empty()) return dispatch(sink);
  if (line.front() == ':') return true;
  const auto colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value =
      colon == std::string_view::npos ? line.substr(line.size()) : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    if (has_data_) {
      add_data(value);
    } else {
      has_data_ = true;
      view_ = value;
    }
  } else if (field == "event") {
    type_.assign(value);
  }
  return true;
}

bool SseReader::dispatch(Sink& sink) {
  bool go_on = true;
  if (has_data_) go_on = sink.on_event(type_, owns_data_ ? std::string_view(data_) : view_);
  type_.clear();
  data_.clear();
  view_ = {};
  has_data_ = owns_data_ = false;
  return go_on;
}

Result<> SseReader::finish(Sink& sink) {
  if (!line_.empty()) {
    const std::string last = std::move(line_);
    line_.clear();
    if (!end_line(last, sink)) return {};
    if (has_data_ && !owns_data_) add_data({});
  }
  dispatch(sink);
  return {};
}

}  // namespace sluice::http
