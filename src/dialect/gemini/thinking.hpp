#pragma once
// How much to think -> `thinkingConfig` (ai.google.dev/gemini-api/docs/thinking).

#include "catalog/capabilities.hpp"
#include "chat/change.hpp"
#include "chat/request.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::dialect::gemini {

/// At most one of budget and level: Gemini refuses both together.
struct ThinkingConfig {
  std::optional<std::int64_t> budget;  ///< tokens
  std::string_view level;
  bool include_thoughts = false;

  bool is_empty() const { return !budget && level.empty() && !include_thoughts; }
};

ThinkingConfig plan_thinking(const chat::Reasoning& wanted, const catalog::Capabilities& capabilities,
                             chat::Changes& changes);

}  // namespace sluice::dialect::gemini
