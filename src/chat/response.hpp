#pragma once
// A whole answer: what the events of an answer add up to.

#include "chat/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::chat {

/// Strings named `..._escaped` hold text as it stands between the quotes of a JSON string (json::Text,
/// owned).
struct ToolCall {
  std::string id_escaped, name_escaped, arguments_escaped, signature_escaped;
  bool custom = false;
};

struct ReasoningBlock {
  enum class Kind : std::uint8_t { text, summary, opaque, entry };
  Kind kind = Kind::text;
  std::string text_escaped, signature_escaped, data_escaped, id_escaped, format;
  std::string entry;  ///< Kind::entry: a complete JSON object
};

/// A member kept by name, its value as JSON.
struct ExtraMember {
  std::string name_escaped, json;
};

struct Choice {
  std::string text_escaped, refusal_escaped, reasoning_escaped;
  bool has_text = false;  ///< the model wrote text, be it empty
  std::vector<ReasoningBlock> reasoning;
  std::vector<ToolCall> tool_calls;
  std::vector<std::string> annotations, images;  ///< JSON
  std::vector<ExtraMember> choice_extras, message_extras;
  std::optional<FinishReason> finish;
  std::string native_finish_escaped, stop_sequence_escaped;
};

struct Response {
  std::string id_escaped, model_escaped;
  std::int64_t created = 0;
  std::vector<Choice> choices;
  std::optional<Usage> usage;
  std::string native_usage;  ///< JSON of UsageUpdate::native
  std::vector<ExtraMember> extras;
  bool ended = false;  ///< End was seen
};

}  // namespace sluice::chat
