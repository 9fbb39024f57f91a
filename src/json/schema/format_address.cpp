#include "json/schema/format.hpp"

#include <algorithm>
#include <cctype>

namespace sluice::json::schema {
namespace {

bool is_alphanumeric(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// The text up to the first `separator`, which is taken away with it; `last` tells that there was none.
std::string_view take_part(std::string_view& text, char separator, bool& last) {
  const std::size_t end = text.find(separator);
  last = end == std::string_view::npos;
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(last ? text.size() : end + 1);
  return part;
}

bool is_octet(std::string_view text) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) return false;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  return value <= 255;
}

bool is_group(std::string_view text) {
  return !text.empty() && text.size() <= 4 &&
         std::ranges::all_of(text, [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
}

/// Groups of an IPv6 address, the last perhaps an IPv4 address that counts twice; -1 if something is wrong.
int count_groups(std::string_view text, bool may_end_with_ipv4) {
  int groups = 0;
  for (bool last = text.empty(); !last;) {
    const std::string_view part = take_part(text, ':', last);
    if (last && may_end_with_ipv4 && is_ipv4(part)) return groups + 2;
    if (!is_group(part)) return -1;
    ++groups;
  }
  return groups;
}

/// RFC 1123 and, for names that stand for others, RFC 5891 section 4.2.3.1.
bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  const bool reserved = label.size() >= 4 && label.substr(2, 2) == "--";
  const bool punycode = label.size() > 4 && (label.starts_with("xn--") || label.starts_with("XN--"));
  if (reserved && !punycode) return false;
  return std::ranges::all_of(label, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_atom(std::string_view text, bool beyond_ascii) {
  constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return is_alphanumeric(c) || others.find(c) != std::string_view::npos ||
           (beyond_ascii && static_cast<unsigned char>(c) >= 0x80);
  });
}

bool is_quoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  text = text.substr(1, text.size() - 2);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"' || static_cast<unsigned char>(text[at]) < 0x20) return false;
    if (text[at] == '\\' && ++at == text.size()) return false;
  }
  return true;
}

bool is_local_part(std::string_view text, bool beyond_ascii) {
  if (text.empty()) return false;
  if (text.front() == '"') return is_quoted(text);
  for (bool last = false; !last;)
    if (!is_atom(take_part(text, '.', last), beyond_ascii)) return false;
  return true;
}

bool is_mail_domain(std::string_view text, bool beyond_ascii) {
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
    if (!text.starts_with("IPv6:")) return is_ipv4(text);
    return is_ipv6(text.substr(5));
  }
  if (!beyond_ascii) return is_hostname(text);
  for (bool last = false; !last;)
    if (!is_atom(take_part(text, '.', last), true)) return false;
  return true;
}

bool is_mailbox(std::string_view text, bool beyond_ascii) {
  const std::size_t at = text.rfind('@');
  return at != std::string_view::npos && is_local_part(text.substr(0, at), beyond_ascii) &&
         is_mail_domain(text.substr(at + 1), beyond_ascii);
}

}  // namespace

bool is_ipv4(std::string_view text) {
  int octets = 0;
  for (bool last = false; !last; ++octets)
    if (!is_octet(take_part(text, '.', last))) return false;
  return octets == 4;
}

bool is_ipv6(std::string_view text) {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return count_groups(text, true) == 8;
  const int before = count_groups(text.substr(0, gap), false);
  const int behind = count_groups(text.substr(gap + 2), true);
  return before >= 0 && behind >= 0 && before + behind <= 7;
}

bool is_hostname(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  for (bool last = false; !last;)
    if (!is_label(take_part(text, '.', last))) return false;
  return true;
}

bool is_email(std::string_view text) {
  return is_mailbox(text, false);
}

bool is_idn_email(std::string_view text) {
  return is_mailbox(text, true);
}

}  // namespace sluice::json::schema
