// An AWS event stream is the same however it is cut, and every message that is told had right checksums.

#include "base/crc32.hpp"
#include "fuzz/check.hpp"
#include "http/aws_event_stream.hpp"

namespace sluice::fuzz {
namespace {

constexpr std::size_t max_message = 1024;

struct Heard final : http::AwsEventStreamReader::Sink {
  std::vector<std::string> messages;
  std::string failure;
  std::size_t bytes = 0;  ///< of what was told; no more than came
  bool on_message(const http::AwsMessage& message) override {
    bytes += message.type.size() + message.payload.size();
    messages.push_back(std::to_string(static_cast<int>(message.kind))
                           .append(message.type)
                           .append(" ")
                           .append(message.payload));
    return true;
  }
  bool operator==(const Heard& other) const { return messages == other.messages && failure == other.failure; }
};

Heard hear(const std::vector<std::string>& pieces) {
  http::AwsEventStreamReader reader(max_message);
  Heard heard;
  Result<> read;
  for (const std::string& piece : pieces) {
    const std::string own = piece;  // freed before the next one comes
    read = reader.feed(own, heard);
    if (!read) break;
    check(reader.pending() <= max_message, "more is kept than one message may hold");
  }
  if (read) read = reader.finish(heard);
  if (!read) heard.failure = std::string(read.error().traits().name) + read.error().message();
  return heard;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return number;
}

void put_number(std::string& bytes, std::size_t at, std::uint32_t number) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(number >> (24 - 8 * i) & 0xff);
}

/// The input with the checksums that its lengths ask for, so that what is behind them is reached.
std::string repaired(std::string_view input) {
  std::string bytes(input);
  for (std::size_t at = 0; at + 12 <= bytes.size();) {
    bytes[at] = bytes[at + 1] = 0;  // or no message is ever short enough
    const std::size_t total = number_at(bytes, at);
    put_number(bytes, at + 8, crc32(std::string_view(bytes).substr(at, 8)));
    if (total < 16 || total > bytes.size() - at) break;
    put_number(bytes, at + total - 4, crc32(std::string_view(bytes).substr(at, total - 4)));
    at += total;
  }
  return bytes;
}

/// Whether each of so many messages at the front has right checksums.
void check_sums(std::string_view stream, std::size_t messages) {
  for (; messages > 0; --messages) {
    check(stream.size() >= 16, "a message from nowhere");
    const std::size_t total = number_at(stream, 0);
    check(total <= stream.size() && total <= max_message, "a message that is larger than what came");
    check(crc32(stream.substr(0, 8)) == number_at(stream, 8), "a wrong checksum of the lengths is taken");
    check(crc32(stream.substr(0, total - 4)) == number_at(stream, total - 4), "a wrong checksum is taken");
    stream.remove_prefix(total);
  }
}

void test(std::string_view stream) {
  const Heard whole = hear({std::string(stream)});
  check(whole.bytes <= stream.size(), "more is told than came");
  check_sums(stream, whole.messages.size());
  Choices choices(stream);
  for (int i = 0; i < 4; ++i) check(hear(cut(stream, choices)) == whole, "a cut changes the messages");
}

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::fuzz;
  const std::string_view stream = text_of(data, size);
  test(stream);
  test(repaired(stream));
  return 0;
}
