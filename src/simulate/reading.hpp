#pragma once
// Reading: what a request asks of a model, whichever provider's words it came in.

#include "base/text.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::simulate {

/// A request as it arrived, without its secrets: credentials read `***` wherever they stood.
struct Received {
  std::string method = {};
  std::string path = {};                                         ///< percent-decoded
  std::string query = {};                                        ///< not decoded
  std::vector<std::pair<std::string, std::string>> fields = {};  ///< names in lower case
  bool key_is_refused = false;  ///< the credential contained the word `invalid`
  std::string_view body = {};

  /// Empty if there is none. `name` in lower case.
  std::string_view field(std::string_view name) const {
    for (const auto& [key, value] : fields)
      if (key == name) return value;
    return {};
  }
  bool asks(std::string_view parameter) const { return query.contains(parameter); }
};

/// Why a provider refuses a request, in its own words.
struct Complaint {
  int status = 400;
  std::string type;  ///< `invalid_request_error`, `INVALID_ARGUMENT`
  std::string message;
  std::string param = {};        ///< OpenAI's `param`
  std::string code = {};         ///< OpenAI's `code`, the reason in Google's details
  std::string retry_after = {};  ///< seconds
};

template <class T>
using Read = std::expected<T, Complaint>;
/// What one step of a reader has against the request; nothing if all is well.
using Objection = std::optional<Complaint>;

struct Tool {
  std::string name;
  std::string schema = {};  ///< JSON Schema; empty if it takes nothing
  bool takes_text = false;  ///< OpenAI's custom tools
};

struct ToolResult {
  std::string name;
  std::string text;
};

enum class ToolUse : std::uint8_t { automatic, none, forced };
enum class Format : std::uint8_t { text, json_object, json_schema };
/// `counted`: the model thinks, and only says how much.
enum class Reasoning : std::uint8_t { none, counted, shown };

struct Reading {
  std::string model;
  std::uint64_t seed = 0;  ///< the same for the same request
  bool stream = false;

  std::string instructions;  ///< the system's text
  std::string first_user_text, last_user_text;
  std::vector<ToolResult> results;  ///< those that came behind the last user text
  std::size_t results_in_history = 0;
  std::size_t images = 0, documents = 0, recordings = 0;

  std::vector<Tool> tools;
  ToolUse tool_use = ToolUse::automatic;
  std::vector<std::string> allowed_tools;  ///< empty: all
  bool parallel_calls = true;
  bool speaks_before_calls = false;  ///< the provider's models announce their calls

  Format format = Format::text;
  std::string schema;
  Reasoning reasoning = Reasoning::none;
  std::optional<std::size_t> max_tokens;
  std::vector<std::string> stops;
  std::size_t choices = 1;

  std::size_t input_chars = 0;
  std::size_t cached_chars = 0;       ///< of these, read from a cache
  std::size_t cache_write_chars = 0;  ///< of these, written to one

  // What only one provider's writer asks.
  bool include_usage = false;       ///< OpenAI: a usage chunk at the end of a stream
  bool legacy_functions = false;    ///< OpenAI: `functions`, answered by `function_call`
  bool as_sse = false;              ///< Gemini: events, not one array
  bool call_ids = false;            ///< Gemini: calls have ids
  bool signs_calls = false;         ///< Gemini: calls carry thought signatures
  bool encrypts_reasoning = false;  ///< Responses: what was thought comes in encrypted form too
  bool pads_events = false;         ///< Responses: deltas carry padding

  /// Counts text towards the prompt.
  void count(std::string_view text) { input_chars += text.size(); }
  /// A cache breakpoint: what was counted before the first is read from the cache, what lies between it and
  /// the last is written to it, so that both numbers occur and stay the same from request to request.
  void cache_breakpoint() {
    if (cached_chars == 0) {
      cached_chars = input_chars;
    } else {
      cache_write_chars = input_chars - cached_chars;
    }
  }
  void system_says(std::string_view text) {
    if (!instructions.empty()) instructions += '\n';
    instructions += text;
  }
  /// All the text of one user message, in order.
  void user_says(std::string text) {
    if (trim(text).empty()) return;
    if (first_user_text.empty()) first_user_text = text;
    last_user_text = std::move(text);
    results.clear();
  }
  void tool_answers(std::string name, std::string text) {
    results.push_back({std::move(name), std::move(text)});
    ++results_in_history;
  }
};

/// Rough, as every count of tokens without the model's own tokenizer: four bytes each.
constexpr std::size_t tokens_in(std::size_t bytes) {
  return (bytes + 3) / 4;
}

}  // namespace sluice::simulate
