#include "simulate/event_stream.hpp"

#include "base/crc32.hpp"

#include <cstdint>

namespace sluice::simulate {
namespace {

void append_number(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift & 0xff));
}

void append_header(std::string& out, std::string_view name, std::string_view text) {
  constexpr char text_type = 7;
  out.push_back(static_cast<char>(name.size()));
  out.append(name).push_back(text_type);
  append_number(out, text.size(), 2);
  out.append(text);
}

std::string message(std::string_view kind, std::string_view type_header, std::string_view type,
                    std::string_view json) {
  constexpr std::size_t around = 16;  // two lengths and two checksums
  std::string headers;
  append_header(headers, type_header, type);
  append_header(headers, ":content-type", "application/json");
  append_header(headers, ":message-type", kind);
  std::string out;
  append_number(out, around + headers.size() + json.size(), 4);
  append_number(out, headers.size(), 4);
  append_number(out, crc32(out), 4);
  out.append(headers).append(json);
  append_number(out, crc32(out), 4);
  return out;
}

}  // namespace

std::string event_message(std::string_view type, std::string_view json) {
  return message("event", ":event-type", type, json);
}

std::string exception_message(std::string_view type, std::string_view json) {
  return message("exception", ":exception-type", type, json);
}

}  // namespace sluice::simulate
