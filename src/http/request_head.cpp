#include "base/text.hpp"
#include "http/grammar.hpp"
#include "http/head.hpp"

#include <array>
#include <utility>

namespace sluice::http {
namespace {

constexpr std::array<std::pair<std::string_view, Method>, 9> methods{{{"POST", Method::post},
                                                                      {"GET", Method::get},
                                                                      {"HEAD", Method::head},
                                                                      {"PUT", Method::put},
                                                                      {"PATCH", Method::patch},
                                                                      {"DELETE", Method::delete_},
                                                                      {"OPTIONS", Method::options},
                                                                      {"TRACE", Method::trace},
                                                                      {"CONNECT", Method::connect}}};

std::optional<Refusal> read_method(std::string_view name, RequestHead& head) {
  if (!is_token(name)) return Refusal{400, "a malformed request line"};
  head.method_name = name;
  for (const auto& [known, method] : methods) {
    if (name == known) {
      head.method = method;
      return method == Method::connect ? std::optional(Refusal{501, "CONNECT is not offered"}) : std::nullopt;
    }
  }
  return Refusal{501, "an unknown method"};
}

std::optional<Refusal> read_version(std::string_view version, RequestHead& head) {
  if (version == "HTTP/1.1") return std::nullopt;
  if (version == "HTTP/1.0") {
    head.http_1_0 = true;
    head.keep_alive = false;
    return std::nullopt;
  }
  const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.' &&
                           version[5] >= '0' && version[5] <= '9' && version[7] >= '0' && version[7] <= '9';
  if (well_formed) return Refusal{505, "the HTTP version is not 1.1 or 1.0"};
  return Refusal{400, "a malformed HTTP version"};
}

/// Sets path and query; `authority` is that of an absolute-form target, else empty (RFC 9112 section 3.2).
std::optional<Refusal> read_target(std::string_view target, RequestHead& head, std::string_view& authority) {
  if (target == "*" && head.method == Method::options) {
    head.path = target;
    return std::nullopt;
  }
  if (!target.starts_with('/')) {
    const auto scheme_end = target.find("://");
    if (scheme_end == std::string_view::npos) return Refusal{400, "a malformed request target"};
    const std::string_view scheme = target.substr(0, scheme_end);
    if (!iequals(scheme, "http") && !iequals(scheme, "https"))
      return Refusal{400, "a target of a foreign scheme"};
    target.remove_prefix(scheme_end + 3);
    const auto authority_end = target.find_first_of("/?");
    authority = target.substr(0, authority_end);
    if (!is_host(authority)) return Refusal{400, "a malformed authority in the request target"};
    target = authority_end == std::string_view::npos ? "/" : target.substr(authority_end);
    if (target.starts_with('?')) {  // an empty path is the root's: RFC 9110 section 4.2.3
      head.path = "/";
      head.query = target.substr(1);
      if (!is_query(head.query)) return Refusal{400, "a malformed request target"};
      return std::nullopt;
    }
  }
  if (!is_origin_form(target)) return Refusal{400, "a malformed request target"};
  const auto question = target.find('?');
  head.path = target.substr(0, question);
  head.query = question == std::string_view::npos ? "" : target.substr(question + 1);
  return std::nullopt;
}

std::optional<Refusal> read_request_line(std::string_view line, RequestHead& head,
                                         std::string_view& authority) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return Refusal{400, "a malformed request line"};
  if (auto refusal = read_version(line.substr(last + 1), head)) return refusal;
  if (auto refusal = read_method(line.substr(0, first), head)) return refusal;
  return read_target(line.substr(first + 1, last - first - 1), head, authority);
}

/// What matters for framing, gathered in one walk over the fields.
struct FramingFields {
  std::size_t hosts = 0, lengths = 0, codings = 0;
  bool close = false;
  std::string_view host, length, coding;
};

FramingFields gather(const Fields& fields, RequestHead& head) {
  FramingFields found;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto [name, value] = fields[i];
    switch (name.size()) {
      case 4:
        if (iequals(name, "host")) ++found.hosts, found.host = value;
        break;
      case 6:
        if (iequals(name, "expect") && iequals(value, "100-continue")) head.expects_continue = !head.http_1_0;
        break;
      case 10:
        if (!iequals(name, "connection")) break;
        found.close |= list_contains(value, "close");
        head.keep_alive |= list_contains(value, "keep-alive");
        break;
      case 14:
        if (iequals(name, "content-length")) ++found.lengths, found.length = value;
        break;
      case 17:
        if (iequals(name, "transfer-encoding")) ++found.codings, found.coding = value;
        break;
      default:
        break;
    }
  }
  if (found.close) head.keep_alive = false;  // whatever else is said: RFC 9112 section 9.3
  return found;
}

/// RFC 9112 section 6.3, refusing all that two servers could read differently.
std::optional<Refusal> read_framing(const FramingFields& found, const ServerLimits& limits,
                                    RequestHead& head) {
  if (found.codings > 0) {
    if (found.lengths > 0) return Refusal{400, "both Content-Length and Transfer-Encoding"};
    if (head.http_1_0) return Refusal{400, "Transfer-Encoding in HTTP/1.0"};
    if (found.codings > 1) return Refusal{400, "Transfer-Encoding more than once"};
    if (!iequals(found.coding, "chunked")) return Refusal{501, "a transfer coding other than chunked"};
    head.framing = BodyFraming::chunked;
    return std::nullopt;
  }
  if (found.lengths == 0) return std::nullopt;
  if (found.lengths > 1) return Refusal{400, "Content-Length more than once"};
  if (found.length.empty() || found.length.find_first_not_of("0123456789") != std::string_view::npos)
    return Refusal{400, "a malformed Content-Length"};
  const auto length = parse_decimal(found.length);
  if (!length || *length > limits.max_body) return Refusal{413, "the body is too large"};
  head.framing = *length > 0 ? BodyFraming::length : BodyFraming::none;
  head.content_length = *length;
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> read_request_head(const HeadParser& parser, const ServerLimits& limits,
                                         RequestHead& head) {
  head = {};
  std::string_view authority;
  if (auto refusal = read_request_line(parser.first_line(), head, authority)) return refusal;
  const FramingFields found = gather(parser.fields(), head);
  if (found.hosts > 1) return Refusal{400, "Host more than once"};
  if (found.hosts == 0 && !head.http_1_0) return Refusal{400, "no Host"};
  if (found.hosts == 1 && !is_host(found.host)) return Refusal{400, "a malformed Host"};
  if (!authority.empty() && found.hosts == 1 && !iequals(authority, found.host))
    return Refusal{400, "Host differs from the request target"};
  return read_framing(found, limits, head);
}

}  // namespace sluice::http
