#include "dialect/anthropic/call_ids.hpp"

#include "base/hash.hpp"

#include <algorithm>

namespace sluice::dialect::anthropic {
namespace {

constexpr std::size_t most_length = 64, short_length = 9, hash_length = 24;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_allowed(char c) {
  return is_alphanumeric(c) || c == '_' || c == '-';
}

}  // namespace

bool CallIds::fits(std::string_view id) const {
  if (rule_ == Rule::exactly_9) return id.size() == short_length && std::ranges::all_of(id, is_alphanumeric);
  const bool short_enough = rule_ == Rule::any_length || id.size() <= most_length;
  return !id.empty() && short_enough && std::ranges::all_of(id, is_allowed);
}

/// Another id that comes out the same every time; room is left for what makes it unique.
std::string CallIds::made_from(json::Text id) const {
  std::string clean = id.decode();
  if (rule_ == Rule::exactly_9) return hex(sha256(clean)).substr(0, short_length);
  if (rule_ == Rule::most_64 && clean.size() > most_length - hash_length)
    return "call_" + hex(sha256(clean)).substr(0, hash_length);
  std::ranges::replace_if(clean, [](char c) { return !is_allowed(c); }, '_');
  return clean.empty() ? "call" : clean;
}

std::string_view CallIds::wire_id(json::Text id) {
  constexpr std::size_t second = 2;
  const std::string_view as_is = id.escaped();
  if (fits(as_is) && used_.emplace(as_is, second).second) return as_is;
  const std::string made = made_from(id);
  std::string unique = made;
  if (const auto base = used_.find(made); base != used_.end()) {
    while (used_.contains(unique)) {
      const std::string number = std::to_string(base->second++);
      unique =
          rule_ == Rule::exactly_9 ? hex(sha256(made + number)).substr(0, short_length) : made + "_" + number;
    }
  }
  made_.push_back(std::move(unique));
  used_.emplace(made_.back(), second);
  return made_.back();
}

}  // namespace sluice::dialect::anthropic
