#include "dialect/effort.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect {
namespace {

using chat::Effort;

/// Tokens of reasoning that an effort is worth, by position of the effort.
constexpr std::array<std::int64_t, 7> budgets{0, 1024, 2048, 10000, 16384, 32768, 65536};
static_assert(budgets.size() == static_cast<std::size_t>(Effort::max) + 1);

}  // namespace

Effort effort_for(std::int64_t budget) {
  const auto* enough = std::ranges::lower_bound(budgets, budget);
  const auto index = static_cast<std::size_t>(enough - budgets.begin());
  return static_cast<Effort>(std::min(index, budgets.size() - 1));
}

std::string_view nearest_effort(const catalog::Capabilities& model, Effort wished) {
  std::string_view nearest;
  for (const std::string& word : model.efforts) {
    const auto known = chat::effort_named(word);
    if (!known || (*known == Effort::none && wished != Effort::none)) continue;
    nearest = word;
    if (*known >= wished) break;
  }
  return nearest;
}

bool takes_budget(const catalog::Capabilities& model) {
  return model.thinking == catalog::ThinkingStyle::claude_budget ||
         model.thinking == catalog::ThinkingStyle::gemini_budget;
}

}  // namespace sluice::dialect
