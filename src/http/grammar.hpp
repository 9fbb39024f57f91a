#pragma once
// Character classes and small rules of RFC 9110, 9112 and 3986 that both directions share.

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::http {

/// RFC 9110 section 5.6.2: a character of a token, so of a method or field name.
bool is_token_character(char c);
/// One or more token characters.
bool is_token(std::string_view text);
/// RFC 9110 section 5.5, strictly: no control character but HTAB.
bool is_field_value(std::string_view text);
/// Without surrounding SP and HTAB.
std::string_view trim_ows(std::string_view text);
/// 1*DIGIT without sign; nothing if it is not that or does not fit.
std::optional<std::uint64_t> parse_decimal(std::string_view text);
/// `Host` and the authority of a URI without userinfo: name, IPv4 or [IPv6], optional port (RFC 9112
/// section 3.2).
bool is_host(std::string_view text);
/// Path and query of RFC 3986, beginning with a slash, percent-encoding complete.
bool is_origin_form(std::string_view text);
/// A query of RFC 3986, without its question mark, percent-encoding complete.
bool is_query(std::string_view text);
/// Whether a comma-separated list (RFC 9110 section 5.6.1) has that member, without case.
bool list_contains(std::string_view list, std::string_view token);

}  // namespace sluice::http
