#include "base/text.hpp"
#include "http/grammar.hpp"
#include "http/head.hpp"

namespace sluice::http {
namespace {

std::optional<Refusal> read_status_line(std::string_view line, ResponseHead& head) {
  const bool version = line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ");
  const auto digit = [&](std::size_t i) { return line[i] >= '0' && line[i] <= '9'; };
  // The space before an empty reason is often left out.
  if (!version || line.size() < 12 || !digit(9) || !digit(10) || !digit(11) ||
      (line.size() > 12 && line[12] != ' ') || !is_field_value(line))
    return Refusal{502, "a malformed status line"};
  head.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  if (head.status < 100) return Refusal{502, "a status below 100"};
  head.keep_alive = line[7] == '1';
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> read_response_head(const HeadParser& parser, ResponseHead& head) {
  head = {};
  if (auto refusal = read_status_line(parser.first_line(), head)) return refusal;
  std::size_t lengths = 0, codings = 0;
  bool close = false;
  std::string_view length, coding;
  const Fields& fields = parser.fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto [name, value] = fields[i];
    if (name.size() == 14 && iequals(name, "content-length")) {
      if (lengths++ > 0 && value != length) return Refusal{502, "two different Content-Length"};
      length = value;
    } else if (name.size() == 17 && iequals(name, "transfer-encoding")) {
      ++codings;
      coding = value;
    } else if (name.size() == 10 && iequals(name, "connection")) {
      close |= list_contains(value, "close");
      head.keep_alive |= list_contains(value, "keep-alive");
    }
  }
  // RFC 9112 sections 9.3 and 6.1: close wins, and the framing of an HTTP/1.0 answer with codings is not to
  // be trusted beyond its end.
  const bool http_1_0 = parser.first_line()[7] == '0';
  if (close || (http_1_0 && codings > 0)) head.keep_alive = false;
  if (head.status < 200 || head.status == 204 || head.status == 304) return std::nullopt;
  if (codings > 0) {
    if (codings > 1 || lengths > 0 || !iequals(coding, "chunked"))
      return Refusal{502, "a body whose framing is ambiguous"};
    head.framing = BodyFraming::chunked;
  } else if (lengths > 0) {
    const auto bytes = parse_decimal(length);
    if (!bytes) return Refusal{502, "a malformed Content-Length"};
    head.framing = *bytes > 0 ? BodyFraming::length : BodyFraming::none;
    head.content_length = *bytes;
  } else {
    head.framing = BodyFraming::until_close;
    head.keep_alive = false;
  }
  return std::nullopt;
}

}  // namespace sluice::http
