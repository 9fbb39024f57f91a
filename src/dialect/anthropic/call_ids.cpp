#include "dialect/anthropic/call_ids.hpp"

#include <algorithm>

namespace sluice::dialect::anthropic {
namespace {

bool is_allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

std::string_view CallIds::wire_id(json::Text id) {
  constexpr std::size_t second = 2;
  const std::string_view as_is = id.escaped();
  if (!as_is.empty() && std::ranges::all_of(as_is, is_allowed) && used_.emplace(as_is, second).second)
    return as_is;
  std::string clean = id.decode();
  std::ranges::replace_if(clean, [](char c) { return !is_allowed(c); }, '_');
  if (clean.empty()) clean = "call";
  std::string unique = clean;
  if (const auto base = used_.find(clean); base != used_.end())
    while (used_.contains(unique)) unique = clean + "_" + std::to_string(base->second++);
  made_.push_back(std::move(unique));
  used_.emplace(made_.back(), second);
  return made_.back();
}

}  // namespace sluice::dialect::anthropic
