#pragma once
// `usageMetadata`: counts that grow from chunk to chunk.

#include "chat/usage.hpp"
#include "json/document.hpp"

namespace sluice::dialect::gemini {

/// Each count replaces the earlier one; what an object leaves out keeps its last value.
class UsageCounts {
 public:
  /// Whether `metadata` told any count.
  bool update(json::Value metadata);

  /// Gemini's prompt count includes the cache but not what its own tools read; its candidates' count leaves
  /// the thoughts out.
  chat::Usage usage() const;

 private:
  std::int64_t prompt_ = 0, tool_prompt_ = 0, candidates_ = 0;
  std::optional<std::int64_t> thoughts_, cached_, audio_input_, audio_output_;
};

}  // namespace sluice::dialect::gemini
