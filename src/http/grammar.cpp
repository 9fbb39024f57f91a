#include "http/grammar.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace sluice::http {
namespace {

using Class = std::array<bool, 256>;

constexpr Class characters(std::string_view others) {
  Class set{};
  for (char c = '0'; c <= '9'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c = 'a'; c <= 'z'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c : others) set[static_cast<unsigned char>(c)] = true;
  return set;
}

constexpr Class token_set = characters("!#$%&'*+-.^_`|~");
constexpr Class reg_name_set = characters("-._~!$&'()*+,;=%");
constexpr Class path_set = characters("-._~!$&'()*+,;=:@/%");
constexpr Class query_set = characters("-._~!$&'()*+,;=:@/?%");

bool has(const Class& set, char c) {
  return set[static_cast<unsigned char>(c)];
}
bool all_of(const Class& set, std::string_view text) {
  return std::ranges::all_of(text, [&](char c) { return has(set, c); });
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool percent_encoding_complete(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 3))
    if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return false;
  return true;
}

bool is_ipv6(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) return false;
  std::ranges::copy(text, terminated.begin());
  in6_addr address;
  return inet_pton(AF_INET6, terminated.data(), &address) == 1;
}

}  // namespace

bool is_token_character(char c) {
  return has(token_set, c);
}
bool is_token(std::string_view text) {
  return !text.empty() && all_of(token_set, text);
}
bool is_field_value(std::string_view text) {
  // Without a branch per character, so that the compiler takes sixteen of them at a time.
  bool bad = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    bad |= (byte < 0x20 && byte != '\t') || byte == 0x7f;
  }
  return !bad;
}

std::string_view trim_ows(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_host(std::string_view text) {
  std::string_view port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos || !is_ipv6(text.substr(1, close - 1))) return false;
    port = text.substr(close + 1);
    if (!port.empty() && port.front() != ':') return false;
  } else {
    const auto colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    if (name.empty() || !all_of(reg_name_set, name) || !percent_encoding_complete(name)) return false;
    // A comma is in the grammar but only ever means that two lines were joined.
    if (name.find(',') != std::string_view::npos) return false;
    if (colon != std::string_view::npos) port = text.substr(colon);
  }
  return port.empty() || std::ranges::all_of(port.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_origin_form(std::string_view text) {
  if (!text.starts_with('/')) return false;
  const auto question = text.find('?');
  const std::string_view path = text.substr(0, question);
  const std::string_view query = question == std::string_view::npos ? "" : text.substr(question + 1);
  return all_of(path_set, path) && percent_encoding_complete(path) && is_query(query);
}

bool is_query(std::string_view text) {
  return all_of(query_set, text) && percent_encoding_complete(text);
}

bool list_contains(std::string_view list, std::string_view token) {
  while (true) {
    const auto comma = list.find(',');
    if (iequals(trim_ows(list.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace sluice::http
