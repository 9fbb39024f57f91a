#include "http/head.hpp"

#include "base/text.hpp"
#include "http/grammar.hpp"

#include <cstring>

namespace sluice::http {

bool Fields::is_named(const Offsets& field, std::string_view name) const {
  return field.name_size == name.size() && iequals({bytes_ + field.name, field.name_size}, name);
}

std::size_t Fields::count(std::string_view name) const {
  std::size_t found = 0;
  for (const Offsets& field : offsets_) found += is_named(field, name);
  return found;
}

std::string_view Fields::get(std::string_view name) const {
  for (const Offsets& field : offsets_)
    if (is_named(field, name)) return {bytes_ + field.value, field.value_size};
  return {};
}

Field Fields::operator[](std::size_t index) const {
  const Offsets& field = offsets_[index];
  return {{bytes_ + field.name, field.name_size}, {bytes_ + field.value, field.value_size}};
}

void HeadParser::reset() {
  fields_.offsets_.clear();
  fields_.bytes_ = nullptr;
  line_ = scanned_ = first_line_ = first_line_size_ = 0;
  has_first_line_ = skipped_empty_line_ = done_ = false;
}

HeadParser::State HeadParser::refuse(int status, std::string_view why) {
  refusal_ = {status, why};
  return State::refused;
}

HeadParser::State HeadParser::parse(std::string_view bytes) {
  fields_.bytes_ = bytes.data();
  while (!done_) {
    const void* found = scanned_ < bytes.size()
                            ? std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_)
                            : nullptr;
    const std::size_t end =
        found ? static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) : bytes.size();
    // Bounds come first, for whole lines as for begun ones: the verdict is the same however the bytes are
    // cut.
    if (!has_first_line_ && end - line_ > bounds_.max_first_line + 1)
      return refuse(414, "the first line is too long");
    if (end + (found ? 1 : 0) > bounds_.max_head) return refuse(431, "the header section is too large");
    if (!found) {
      scanned_ = end;
      return State::more;
    }
    if (end == line_ || bytes[end - 1] != '\r') return refuse(400, "a line must end with CR LF");
    const State state = parse_line(bytes, end - 1);
    if (state == State::refused) return state;
    line_ = scanned_ = end + 1;
  }
  return State::complete;
}

/// One complete line, [line_, end).
HeadParser::State HeadParser::parse_line(std::string_view bytes, std::size_t end) {
  if (!has_first_line_) {
    if (end == line_) {  // RFC 9112 section 2.2: one empty line before a request is to be ignored
      if (skipped_empty_line_) return refuse(400, "empty lines instead of a request");
      skipped_empty_line_ = true;
      return State::more;
    }
    first_line_ = line_;
    first_line_size_ = end - line_;
    has_first_line_ = true;
    return State::more;
  }
  if (end == line_) {
    done_ = true;
    return State::complete;
  }
  if (fields_.offsets_.size() >= bounds_.max_fields) return refuse(431, "too many header fields");
  return add_field(bytes, line_, end) ? State::more : State::refused;
}

bool HeadParser::add_field(std::string_view bytes, std::size_t begin, std::size_t end) {
  const std::string_view line = bytes.substr(begin, end - begin);
  const auto colon = line.find(':');
  // Folded lines begin with white space and white space before the colon is no token character: both end
  // here.
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    refuse(400, "a malformed header field");
    return false;
  }
  const std::string_view value = trim_ows(line.substr(colon + 1));
  if (!is_field_value(value)) {
    refuse(400, "a control character in a header field");
    return false;
  }
  fields_.offsets_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(colon),
                              static_cast<std::uint32_t>(value.data() - bytes.data()),
                              static_cast<std::uint32_t>(value.size())});
  return true;
}

}  // namespace sluice::http
