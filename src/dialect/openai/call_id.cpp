#include "dialect/openai/call_id.hpp"

#include "base/hash.hpp"

#include <algorithm>

namespace sluice::dialect::openai {
namespace {

constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t short_length = 9;

/// Characters, not bytes: limits count those.
std::size_t length(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string made_from(std::string_view id, std::size_t size) {
  const Sha256 hash = sha256(id);
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += letters[hash[i % hash.size()] % letters.size()];
  return out;
}

bool is_short_id(std::string_view id) {
  return id.size() == short_length &&
         std::ranges::all_of(id, [](char c) { return letters.find(c) != std::string_view::npos; });
}

}  // namespace

std::string sent_call_id(json::Text id, const HostProfile& host) {
  std::string buffer;
  const std::string_view plain = id.decode(buffer);
  if (host.short_call_ids) return is_short_id(plain) ? std::string(plain) : made_from(plain, short_length);
  constexpr std::string_view prefix = "call_";
  constexpr std::size_t made_length = 24;
  const bool too_long = host.max_call_id > 0 && length(plain) > host.max_call_id;
  return too_long ? std::string(prefix) + made_from(plain, made_length) : std::string(id.escaped());
}

}  // namespace sluice::dialect::openai
