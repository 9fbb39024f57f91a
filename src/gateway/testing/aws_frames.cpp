#include "gateway/testing/aws_frames.hpp"

#include "base/crc32.hpp"

#include <cstddef>

namespace sluice::gateway::testing {
namespace {

std::string number(std::size_t value, std::size_t size = 4) {
  std::string bytes;
  for (std::size_t i = size; i-- > 0;) bytes.push_back(static_cast<char>(value >> (8 * i)));
  return bytes;
}

std::string header(std::string_view name, std::string_view text) {
  constexpr std::size_t text_type = 7;
  std::string bytes = number(name.size(), 1);
  return bytes.append(name).append(number(text_type, 1)).append(number(text.size(), 2)).append(text);
}

std::string frame(std::string_view headers, std::string_view payload) {
  std::string bytes = number(16 + headers.size() + payload.size()) + number(headers.size());
  bytes += number(crc32(bytes));
  bytes.append(headers).append(payload);
  return bytes + number(crc32(bytes));
}

}  // namespace

std::string aws_event(std::string_view type, std::string_view json) {
  return frame(header(":event-type", type) + header(":content-type", "application/json") +
                   header(":message-type", "event"),
               json);
}

std::string aws_exception(std::string_view type, std::string_view json) {
  return frame(header(":exception-type", type) + header(":content-type", "application/json") +
                   header(":message-type", "exception"),
               json);
}

std::string aws_error(std::string_view code, std::string_view message) {
  return frame(
      header(":message-type", "error") + header(":error-code", code) + header(":error-message", message), {});
}

}  // namespace sluice::gateway::testing
