#include "http/aws_event_stream.hpp"

#include "base/crc32.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace sluice::http {
namespace {

constexpr std::size_t word_size = 4;
constexpr std::size_t prelude_size = 3 * word_size;
constexpr std::size_t frame_size = prelude_size + word_size;  // all that is neither header nor payload
constexpr std::size_t max_headers = 128 * 1024;

Failure damaged(std::string_view what) {
  return fail(ErrorCode::upstream_protocol, "the provider's event stream is damaged: " + std::string(what));
}

/// Big endian. There must be `size` bytes at `at`.
std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size = word_size) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return number;
}

/// Takes `size` bytes off the front; nothing if there are not as many.
std::optional<std::string_view> take(std::string_view& bytes, std::size_t size) {
  if (bytes.size() < size) return std::nullopt;
  const std::string_view front = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return front;
}

/// Sizes of values by their types: true, false, i8, i16, i32, i64, bytes, text, timestamp, uuid.
constexpr std::size_t sized = static_cast<std::size_t>(-1);  // two bytes with the size come first
constexpr std::array<std::size_t, 10> value_sizes{0, 0, 1, 2, 4, 8, sized, sized, 8, 16};
constexpr std::uint32_t text_type = 7;

struct Header {
  std::string_view name;
  std::string_view text;  ///< empty where the value is no text
};

/// Takes a header off the front; nothing if it is not well formed.
std::optional<Header> take_header(std::string_view& bytes) {
  const auto name_size = take(bytes, 1);
  if (!name_size) return std::nullopt;
  const auto name = take(bytes, number_at(*name_size, 0, 1));
  const auto type_byte = name ? take(bytes, 1) : std::nullopt;
  const std::uint32_t type = type_byte ? number_at(*type_byte, 0, 1) : value_sizes.size();
  if (type >= value_sizes.size()) return std::nullopt;
  std::size_t size = value_sizes[type];
  if (size == sized) {
    const auto length = take(bytes, 2);
    if (!length) return std::nullopt;
    size = number_at(*length, 0, 2);
  }
  const auto value = take(bytes, size);
  if (!value) return std::nullopt;
  return Header{*name, type == text_type ? *value : std::string_view()};
}

/// What the headers of a message say.
struct Told {
  std::string_view message_type, event_type, exception_type, error_code, error_message;
};
constexpr std::array<std::pair<std::string_view, std::string_view Told::*>, 5> known_headers{
    {{":message-type", &Told::message_type},
     {":event-type", &Told::event_type},
     {":exception-type", &Told::exception_type},
     {":error-code", &Told::error_code},
     {":error-message", &Told::error_message}}};

std::optional<Told> read_headers(std::string_view bytes) {
  Told told;
  while (!bytes.empty()) {
    const auto header = take_header(bytes);
    if (!header) return std::nullopt;
    for (const auto& [name, member] : known_headers)
      if (header->name == name) told.*member = header->text;
  }
  return told;
}

/// A whole frame, whose prelude has been checked.
Result<AwsMessage> read_message(std::string_view frame) {
  const std::size_t checked = frame.size() - word_size;
  if (crc32(frame.substr(0, checked)) != number_at(frame, checked))
    return damaged("the checksum of a message does not match");
  const std::size_t headers_size = number_at(frame, word_size);
  const auto told = read_headers(frame.substr(prelude_size, headers_size));
  if (!told) return damaged("the headers of a message cannot be read");
  const std::string_view payload =
      frame.substr(prelude_size + headers_size, frame.size() - frame_size - headers_size);
  if (told->message_type == "exception")
    return AwsMessage{AwsMessage::Kind::exception, told->exception_type, payload};
  if (told->message_type == "error")
    return AwsMessage{AwsMessage::Kind::error, told->error_code, told->error_message};
  if (told->message_type == "event") return AwsMessage{AwsMessage::Kind::event, told->event_type, payload};
  return damaged("a message is neither event nor exception");
}

}  // namespace

/// `prelude` may be followed by more.
Result<std::size_t> AwsEventStreamReader::total_size(std::string_view prelude) const {
  if (crc32(prelude.substr(0, 2 * word_size)) != number_at(prelude, 2 * word_size))
    return damaged("the checksum of a message's length does not match");
  const std::size_t total = number_at(prelude, 0), headers = number_at(prelude, word_size);
  if (total < frame_size || headers > total - frame_size || headers > max_headers)
    return damaged("the lengths of a message contradict each other");
  if (total > max_message_)
    return fail(ErrorCode::upstream_protocol, "a message of the provider's event stream is larger than " +
                                                  std::to_string(max_message_) + " bytes");
  return total;
}

/// Moves bytes to what has begun, until that has `size`.
bool AwsEventStreamReader::fill(std::string_view& bytes, std::size_t size) {
  if (begun_.size() < size) {
    const std::size_t more = std::min(size - begun_.size(), bytes.size());
    begun_.append(bytes, 0, more);
    bytes.remove_prefix(more);
  }
  return begun_.size() >= size;
}

/// The next message, whole; empty if more bytes are needed, and these are kept.
Result<std::string_view> AwsEventStreamReader::take_frame(std::string_view& bytes) {
  if (begun_.empty() && bytes.size() >= prelude_size) {
    auto size = total_size(bytes);
    if (!size) return fail(size);
    if (const auto frame = take(bytes, *size)) return *frame;
  }
  if (!fill(bytes, prelude_size)) return std::string_view();
  auto size = total_size(begun_);
  if (!size) return fail(size);
  return fill(bytes, *size) ? std::string_view(begun_) : std::string_view();
}

Result<> AwsEventStreamReader::feed(std::string_view bytes, Sink& sink) {
  while (!bytes.empty()) {
    auto frame = take_frame(bytes);
    if (!frame) return fail(frame);
    if (frame->empty()) return {};
    auto message = read_message(*frame);
    if (!message) return fail(message);
    const bool go_on = sink.on_message(*message);
    begun_.clear();
    if (!go_on) return {};
  }
  return {};
}

Result<> AwsEventStreamReader::finish(Sink&) {
  if (begun_.empty()) return {};
  return fail(ErrorCode::upstream_truncated, "the provider's stream ended inside a message");
}

}  // namespace sluice::http
