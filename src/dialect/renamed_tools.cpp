#include "base/hash.hpp"
#include "dialect/dialect.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect {
namespace {

bool is_allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool fits(std::string_view name, std::size_t max_length) {
  return !name.empty() && name.size() <= max_length && std::ranges::all_of(name, is_allowed);
}

/// `name` with what is not allowed replaced. A character of several bytes becomes one underscore.
std::string clean(std::string_view name) {
  std::string out;
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

bool RenamedTools::is_taken(std::string_view name) const {
  return std::ranges::any_of(pairs_, [&](const auto& pair) { return pair->sent == name; }) ||
         std::ranges::find(kept_, name) != kept_.end();
}

std::string_view RenamedTools::sent(json::Text name, std::size_t max_length) {
  for (const auto& pair : pairs_)
    if (pair->original_escaped == name.escaped()) return pair->sent;
  const auto is_replacement = [&](const auto& pair) { return pair->sent == name.escaped(); };
  if (fits(name.escaped(), max_length) && std::ranges::none_of(pairs_, is_replacement)) {
    kept_.push_back(name.escaped());
    return name.escaped();
  }
  std::string buffer;
  const std::string_view plain = name.decode(buffer);
  std::string replacement = clean(plain);
  for (unsigned attempt = 0; replacement.size() > max_length || is_taken(replacement); ++attempt)
    replacement = marked(clean(plain), plain, attempt, max_length);
  pairs_.push_back(std::make_unique<Pair>(Pair{std::string(name.escaped()), std::move(replacement)}));
  return pairs_.back()->sent;
}

json::Text RenamedTools::restore(json::Text sent) const {
  for (const auto& pair : pairs_)
    if (sent.equals(pair->sent)) return json::Text(pair->original_escaped);
  return sent;
}

}  // namespace sluice::dialect
