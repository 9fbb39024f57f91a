#pragma once
// The formats of `format` that can be asserted. By itself the keyword only annotates.

#include <cstdint>
#include <string_view>

namespace sluice::json::schema {

/// A format that can be checked: an index into a table. Names without a check are `none`, as JSON Schema
/// wants unknown formats to be ignored.
enum class Format : std::uint8_t { none };

Format find_format(std::string_view name);
std::string_view name(Format format);
/// Whether `text`, decoded, is of that format.
bool conforms(Format format, std::string_view text);

// The checks themselves, by the rule that defines each.

bool is_date(std::string_view text);           ///< RFC 3339 full-date
bool is_time(std::string_view text);           ///< RFC 3339 full-time
bool is_date_time(std::string_view text);      ///< RFC 3339 date-time
bool is_duration(std::string_view text);       ///< RFC 3339 appendix A
bool is_ipv4(std::string_view text);           ///< RFC 2673 section 3.2
bool is_ipv6(std::string_view text);           ///< RFC 4291 section 2.2
bool is_hostname(std::string_view text);       ///< RFC 1123 section 2.1
bool is_email(std::string_view text);          ///< RFC 5321 section 4.1.2, Mailbox
bool is_idn_email(std::string_view text);      ///< RFC 6531: non-ASCII characters too
bool is_uri(std::string_view text);            ///< RFC 3986
bool is_uri_reference(std::string_view text);  ///< RFC 3986 section 4.1
bool is_iri(std::string_view text);            ///< RFC 3987
bool is_iri_reference(std::string_view text);  ///< RFC 3987
bool is_uuid(std::string_view text);           ///< RFC 4122
bool is_json_pointer(std::string_view text);   ///< RFC 6901 section 5
bool is_relative_json_pointer(std::string_view text);
bool is_regex(std::string_view text);  ///< ECMA-262, as far as Pattern runs it

}  // namespace sluice::json::schema
