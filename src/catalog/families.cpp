#include "catalog/families.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sluice::catalog {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z');
}

bool matches_at(std::string_view pattern, std::string_view name, std::size_t at) {
  if (pattern.empty()) return at == 0 || at == name.size() || !is_digit(name[at - 1]) || !is_digit(name[at]);
  if (pattern == "$") return at == name.size();
  if (pattern.front() == '*') {
    for (std::size_t next = at; next <= name.size(); ++next)
      if (matches_at(pattern.substr(1), name, next)) return true;
    return false;
  }
  return at < name.size() && name[at] == pattern.front() && matches_at(pattern.substr(1), name, at + 1);
}

std::size_t literal_length(std::string_view pattern) {
  return static_cast<std::size_t>(
      std::ranges::count_if(pattern, [](char c) { return c != '*' && c != '$'; }));
}

}  // namespace

bool pattern_matches(std::string_view pattern, std::string_view lower_cased_name) {
  for (std::size_t at = 0; at <= lower_cased_name.size(); ++at) {
    const bool word_begins = at == 0 || !is_word(lower_cased_name[at - 1]);
    if (word_begins && matches_at(pattern, lower_cased_name, at)) return true;
  }
  return false;
}

const Capabilities& Families::capabilities(std::string_view upstream_model) const {
  const std::string name = ascii_lower(upstream_model);
  const Row* best = nullptr;
  std::size_t best_length = 0;
  for (const Row& row : rows_) {
    for (const std::string& pattern : row.patterns) {
      const std::size_t length = literal_length(pattern);
      if ((best && length <= best_length) || !pattern_matches(pattern, name)) continue;
      best = &row;
      best_length = length;
    }
  }
  return best->capabilities;
}

}  // namespace sluice::catalog
