#include "json/schema/format.hpp"

#include <algorithm>
#include <cctype>

namespace sluice::json::schema {
namespace {

bool is_hex(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

/// Only unreserved characters, sub-delimiters, percent-encoded bytes and those of `others`.
bool consists_of(std::string_view text, std::string_view others, bool beyond_ascii) {
  constexpr std::string_view allowed = "-._~!$&'()*+,;=";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == '%') {
      if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return false;
      at += 2;
    } else if (c >= 0x80 ? !beyond_ascii
                         : std::isalnum(c) == 0 && allowed.find(text[at]) == std::string_view::npos &&
                               others.find(text[at]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
         std::ranges::all_of(text, [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
         });
}

bool is_port(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_bracketed_host(std::string_view text, bool beyond_ascii) {
  if (!text.starts_with('v') && !text.starts_with('V')) return is_ipv6(text);
  const std::size_t dot = text.find('.');
  return dot != std::string_view::npos && dot > 1 && std::ranges::all_of(text.substr(1, dot - 1), is_hex) &&
         dot + 1 < text.size() && consists_of(text.substr(dot + 1), ":", beyond_ascii);
}

bool is_authority(std::string_view text, bool beyond_ascii) {
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    if (!consists_of(text.substr(0, at), ":", beyond_ascii)) return false;
    text.remove_prefix(at + 1);
  }
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || !is_bracketed_host(text.substr(1, close - 1), beyond_ascii))
      return false;
    text.remove_prefix(close + 1);
    return text.empty() || (text.front() == ':' && is_port(text.substr(1)));
  }
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && !is_port(text.substr(colon + 1))) return false;
  return consists_of(text.substr(0, colon), "", beyond_ascii);
}

/// Everything behind the scheme.
bool is_hierarchy(std::string_view text, bool beyond_ascii) {
  if (const std::size_t hash = text.find('#'); hash != std::string_view::npos) {
    if (!consists_of(text.substr(hash + 1), ":@/?", beyond_ascii)) return false;
    text = text.substr(0, hash);
  }
  if (const std::size_t mark = text.find('?'); mark != std::string_view::npos) {
    if (!consists_of(text.substr(mark + 1), ":@/?", beyond_ascii)) return false;
    text = text.substr(0, mark);
  }
  if (text.starts_with("//")) {
    const std::size_t slash = std::min(text.find('/', 2), text.size());
    if (!is_authority(text.substr(2, slash - 2), beyond_ascii)) return false;
    text.remove_prefix(slash);
  }
  return consists_of(text, ":@/", beyond_ascii);
}

bool is_absolute(std::string_view text, bool beyond_ascii) {
  const std::size_t colon = text.find(':');
  return colon != std::string_view::npos && is_scheme(text.substr(0, colon)) &&
         is_hierarchy(text.substr(colon + 1), beyond_ascii);
}

bool is_relative(std::string_view text, bool beyond_ascii) {
  // A colon in the first segment would make it a scheme.
  const std::size_t colon = text.find_first_of(":/?#");
  return (colon == std::string_view::npos || text[colon] != ':') && is_hierarchy(text, beyond_ascii);
}

}  // namespace

bool is_uri(std::string_view text) {
  return is_absolute(text, false);
}
bool is_uri_reference(std::string_view text) {
  return is_absolute(text, false) || is_relative(text, false);
}
bool is_iri(std::string_view text) {
  return is_absolute(text, true);
}
bool is_iri_reference(std::string_view text) {
  return is_absolute(text, true) || is_relative(text, true);
}

}  // namespace sluice::json::schema
