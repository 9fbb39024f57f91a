#include "http/url.hpp"

#include "base/text.hpp"
#include "http/grammar.hpp"

namespace sluice::http {

std::string Url::authority() const {
  std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? 443 : 80)) out += ":" + std::to_string(port);
  return out;
}

Result<Url> parse_url(std::string_view text) {
  const auto malformed = [&](std::string_view why) {
    return fail(ErrorCode::invalid_request, "'" + std::string(text) + "' is no address of a server: " +
                                                std::string(why) + "; write https://HOST[:PORT][/PATH]");
  };
  Url url;
  std::string_view rest = text;
  if (iequals(rest.substr(0, 8), "https://")) {
    url.tls = true;
    rest.remove_prefix(8);
  } else if (iequals(rest.substr(0, 7), "http://")) {
    rest.remove_prefix(7);
  } else {
    return malformed("it must begin with https:// or http://");
  }
  const auto slash = rest.find_first_of("/?#");
  const std::string_view authority = rest.substr(0, slash);
  if (!is_host(authority)) return malformed("the host is missing or malformed");
  const auto port_at = authority.rfind(':');
  const bool has_port =
      port_at != std::string_view::npos && authority.find(']', port_at) == std::string_view::npos;
  url.host = ascii_lower(has_port ? authority.substr(0, port_at) : authority);
  if (url.host.starts_with('[')) url.host = url.host.substr(1, url.host.size() - 2);
  url.port = url.tls ? 443 : 80;
  if (has_port) {
    const auto port = parse_decimal(authority.substr(port_at + 1));
    if (!port || *port == 0 || *port > 65535) return malformed("the port must be a number from 1 to 65535");
    url.port = static_cast<std::uint16_t>(*port);
  }
  if (slash != std::string_view::npos) {
    std::string_view path = rest.substr(slash);
    if (path.find_first_of("?#") != std::string_view::npos || !is_origin_form(path))
      return malformed("the path may hold neither a query nor a fragment");
    while (path.ends_with('/')) path.remove_suffix(1);
    url.path = path;
  }
  return url;
}

}  // namespace sluice::http
