#pragma once
// Providers that need no configuration but a key.

#include "catalog/region.hpp"

#include <array>
#include <string_view>

namespace sluice::app {

struct KnownProvider {
  std::string_view name;
  /// Where its key usually is; the first that is set counts. None for a server of one's own, which wants no
  /// key.
  std::array<std::string_view, 2> variables;
  std::string_view api;
  std::string_view base_url;
  /// Where it is known to process requests; `global` for vendors that do not promise a place for their shared
  /// address.
  catalog::Regions regions;
};

inline constexpr catalog::Regions in_us{catalog::Region::us};
inline constexpr catalog::Regions anywhere{catalog::Region::global};

inline constexpr std::array known_providers{
    KnownProvider{
        "anthropic", {"ANTHROPIC_API_KEY"}, "anthropic.messages", "https://api.anthropic.com", in_us},
    KnownProvider{"openai", {"OPENAI_API_KEY"}, "openai.chat", "https://api.openai.com/v1", in_us},
    KnownProvider{"gemini",
                  {"GEMINI_API_KEY", "GOOGLE_API_KEY"},
                  "gemini",
                  "https://generativelanguage.googleapis.com",
                  anywhere},
    KnownProvider{"groq", {"GROQ_API_KEY"}, "openai.chat", "https://api.groq.com/openai/v1", anywhere},
    KnownProvider{
        "openrouter", {"OPENROUTER_API_KEY"}, "openai.chat", "https://openrouter.ai/api/v1", anywhere},
    KnownProvider{"moonshot", {"MOONSHOT_API_KEY"}, "openai.chat", "https://api.moonshot.ai/v1", anywhere},
    KnownProvider{"dashscope",
                  {"DASHSCOPE_API_KEY"},
                  "openai.chat",
                  "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
                  anywhere},
    KnownProvider{"together", {"TOGETHER_API_KEY"}, "openai.chat", "https://api.together.xyz/v1", anywhere},
    KnownProvider{
        "fireworks", {"FIREWORKS_API_KEY"}, "openai.chat", "https://api.fireworks.ai/inference/v1", anywhere},
    KnownProvider{"deepseek", {"DEEPSEEK_API_KEY"}, "openai.chat", "https://api.deepseek.com", anywhere},
    KnownProvider{"mistral", {"MISTRAL_API_KEY"}, "openai.chat", "https://api.mistral.ai/v1", anywhere},
    KnownProvider{"xai", {"XAI_API_KEY"}, "openai.chat", "https://api.x.ai/v1", anywhere},
    KnownProvider{"ollama", {}, "ollama", "http://127.0.0.1:11434", anywhere},
    KnownProvider{"cerebras", {"CEREBRAS_API_KEY"}, "openai.chat", "https://api.cerebras.ai/v1", anywhere},
};

/// nullptr if there is none of that name.
constexpr const KnownProvider* known_provider(std::string_view name) {
  for (const KnownProvider& row : known_providers)
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace sluice::app
