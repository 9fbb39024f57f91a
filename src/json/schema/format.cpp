#include "json/schema/format.hpp"

#include "json/schema/translate_pattern.hpp"

#include <array>
#include <cctype>

namespace sluice::json::schema {
namespace {

struct NamedCheck {
  std::string_view name;
  bool (*check)(std::string_view);
};

constexpr std::array checks{
    NamedCheck{"", nullptr},
    NamedCheck{"date-time", is_date_time},
    NamedCheck{"date", is_date},
    NamedCheck{"time", is_time},
    NamedCheck{"duration", is_duration},
    NamedCheck{"email", is_email},
    NamedCheck{"idn-email", is_idn_email},
    NamedCheck{"hostname", is_hostname},
    NamedCheck{"ipv4", is_ipv4},
    NamedCheck{"ipv6", is_ipv6},
    NamedCheck{"uri", is_uri},
    NamedCheck{"uri-reference", is_uri_reference},
    NamedCheck{"iri", is_iri},
    NamedCheck{"iri-reference", is_iri_reference},
    NamedCheck{"uuid", is_uuid},
    NamedCheck{"json-pointer", is_json_pointer},
    NamedCheck{"relative-json-pointer", is_relative_json_pointer},
    NamedCheck{"regex", is_regex},
};

const NamedCheck& row(Format format) {
  return checks[static_cast<std::size_t>(format)];
}

}  // namespace

Format find_format(std::string_view name) {
  for (std::size_t i = 1; i < checks.size(); ++i)
    if (checks[i].name == name) return static_cast<Format>(i);
  return Format::none;
}

std::string_view name(Format format) {
  return row(format).name;
}

bool conforms(Format format, std::string_view text) {
  return format == Format::none || row(format).check(text);
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
    if (dash ? text[at] != '-' : std::isxdigit(static_cast<unsigned char>(text[at])) == 0) return false;
  }
  return true;
}

bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text.front() != '/') return false;
  for (std::size_t at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1))
    if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
  return true;
}

bool is_relative_json_pointer(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || (digits > 1 && text.front() == '0')) return false;
  text.remove_prefix(digits);
  return text == "#" || is_json_pointer(text);
}

bool is_regex(std::string_view text) {
  const auto translated = translate_pattern(text);
  return translated.has_value() || translated.error().code() == ErrorCode::unsupported_schema;
}

}  // namespace sluice::json::schema
