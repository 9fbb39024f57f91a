#include "base/hash.hpp"
#include "dialect/dialect.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect {
namespace {

bool is_allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool starts_with_letter(std::string_view name) {
  return !name.empty() && is_allowed(name[0]) && name[0] != '-' && (name[0] < '0' || name[0] > '9');
}

bool fits(std::string_view name, std::size_t max_length, bool letter_first) {
  return !name.empty() && name.size() <= max_length && std::ranges::all_of(name, is_allowed) &&
         (!letter_first || starts_with_letter(name));
}

/// `name` with what is not allowed replaced. A character of several bytes becomes one underscore.
std::string clean(std::string_view name, bool letter_first) {
  std::string out(letter_first && !starts_with_letter(name.substr(0, 1)) ? "_" : "");
  for (char c : name) {
    const bool continues_character = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    if (!continues_character) out.push_back(is_allowed(c) ? c : '_');
  }
  return out.empty() ? "_" : out;
}

/// `name` cut so that a mark of its own, made from `original`, fits behind it.
std::string marked(std::string_view name, std::string_view original, unsigned attempt,
                   std::size_t max_length) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 7> mark{'_'};
  std::uint64_t hash = fnv1a(original) + attempt;
  for (std::size_t i = 1; i < mark.size(); ++i, hash >>= 4) mark[i] = digits[hash & 15];
  const std::size_t room = max_length > mark.size() ? max_length - mark.size() : 0;
  return std::string(name.substr(0, room)).append(mark.data(), mark.size());
}

}  // namespace

std::string_view RenamedTools::sent(json::Text name, std::size_t max_length, bool letter_first) {
  if (const auto known = by_original_.find(name.escaped()); known != by_original_.end())
    return known->second->sent;
  if (fits(name.escaped(), max_length, letter_first) && !by_sent_.contains(name.escaped())) {
    kept_.push_back(name.escaped());
    return name.escaped();
  }
  taken_.insert(kept_.begin(), kept_.end());
  kept_.clear();
  const auto is_taken = [&](std::string_view s) { return taken_.contains(s) || by_sent_.contains(s); };
  std::string buffer;
  const std::string_view plain = name.decode(buffer);
  const std::string legible = clean(plain, letter_first);
  std::string replacement = legible;
  for (unsigned attempt = 0; replacement.size() > max_length || is_taken(replacement); ++attempt)
    replacement = marked(legible, plain, attempt, max_length);
  const auto& pair =
      *pairs_.emplace_back(std::make_unique<Pair>(Pair{std::string(name.escaped()), std::move(replacement)}));
  by_original_.emplace(pair.original_escaped, &pair);
  by_sent_.emplace(pair.sent, &pair);
  return pair.sent;
}

json::Text RenamedTools::restore(json::Text sent) const {
  if (by_sent_.empty()) return sent;
  std::string buffer;
  const auto pair = by_sent_.find(sent.decode(buffer));
  return pair == by_sent_.end() ? sent : json::Text(pair->second->original_escaped);
}

}  // namespace sluice::dialect
