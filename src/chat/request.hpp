#pragma once
// chat: what a conversation means, in no vendor's words.
//
// A Request is what a client asked for; Events (event.hpp) are what a model answered; fold.hpp turns the
// events of an answer into a Response. The module knows no wire format and no transport. Text stays as the
// client or provider wrote it (json::Text): it is looked into only where a rule needs to.
//
// Everything here views the client's body, which outlives the Request; containers live in the request's
// arena.

#include "base/error.hpp"
#include "json/document.hpp"

#include <cstdint>
#include <forward_list>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sluice::chat {

enum class Role : std::uint8_t { system, developer, user, assistant, tool };

struct TextPart {
  json::Text text;
};

/// Where the bytes of an image, document or recording are.
struct Media {
  enum class Source : std::uint8_t { data, url, file_id };
  Source source = Source::data;
  json::Text data;  ///< Source::data: checked base64 without escapes; otherwise the address or the id
  std::string_view mime_type;  ///< by the first bytes where they tell, else as declared; empty if unknown
};

struct ImagePart {
  Media media;
  json::Text detail;  ///< `low`, `high`, `auto`; empty if not given
};

struct AudioPart {
  Media media;
};

struct FilePart {
  Media media;
  json::Text filename;
};

struct RefusalPart {
  json::Text text;
};

/// One thing the model thought, as a client sends it back. Families other than the one named in `format` must
/// not be shown it.
struct ReasoningPart {
  enum class Kind : std::uint8_t { text, summary, encrypted };
  Kind kind = Kind::text;
  json::Text text;       ///< Kind::text and Kind::summary
  json::Text data;       ///< Kind::encrypted: opaque
  json::Text signature;  ///< Kind::text: proves that the text is the model's own; empty if unsigned
  json::Text id;
  json::Text
      format;  ///< `anthropic-claude-v1`, `google-gemini-v1`, `openai-responses-v1`, ...; empty if unknown
};

struct ToolCallPart {
  json::Text id;
  json::Text name;
  json::Text
      arguments;  ///< the JSON text as a string; may be empty, cut off or no JSON at all: models write it
  json::Text signature;  ///< Gemini's thought signature of this call; empty if none
  bool custom = false;   ///< a call of a `custom` tool: arguments are free text
};

struct Part {
  std::variant<TextPart, ImagePart, AudioPart, FilePart, RefusalPart, ReasoningPart, ToolCallPart> content;
  json::Value cache_control;  ///< `{"type":"ephemeral","ttl":...}` or missing
};

struct Message {
  using allocator_type = std::pmr::polymorphic_allocator<>;
  explicit Message(allocator_type allocator) : parts(allocator) {}
  Message(Message&& other) noexcept = default;
  Message(Message&& other, allocator_type allocator)
      : role(other.role),
        index(other.index),
        name(other.name),
        tool_call_id(other.tool_call_id),
        is_error(other.is_error),
        parts(std::move(other.parts), allocator),
        cache_control(other.cache_control),
        source(other.source) {}
  Message& operator=(Message&&) = default;

  Role role = Role::user;
  std::uint32_t index = 0;  ///< position in the client's `messages`, for errors and reports
  json::Text name;
  json::Text tool_call_id;       ///< Role::tool: the call that this answers
  std::optional<bool> is_error;  ///< Role::tool: an extension; nothing if the client did not say
  std::pmr::vector<Part> parts;  ///< in order; reasoning, text, then tool calls for an assistant
  json::Value cache_control;     ///< on the message itself; missing if none
  json::Value source;            ///< the message as the client wrote it
};

struct Tool {
  enum class Kind : std::uint8_t { function, custom };
  Kind kind = Kind::function;
  std::uint32_t index = 0;  ///< position in the client's `tools` or `functions`
  json::Text name;
  json::Text description;
  json::Value parameters;  ///< JSON Schema; missing if the client gave none
  std::optional<bool> strict;
  json::Value cache_control;
  json::Value source;
};

/// A tool that a provider runs by itself (`web_search`, `openrouter:web_search`), in that provider's own
/// words. Dialects that do not know them leave them out and say so.
struct HostedTool {
  json::Value source;
  std::uint32_t index = 0;  ///< position in the client's `tools`
};

struct ToolChoice {
  enum class Kind : std::uint8_t { unset, none, automatic, required, named };
  Kind kind = Kind::unset;
  json::Text name;     ///< Kind::named
  json::Value hosted;  ///< Kind::unset: a choice of a hosted tool, as written; missing if there is none
};

struct ResponseFormat {
  enum class Kind : std::uint8_t { text, json_object, json_schema };
  Kind kind = Kind::text;
  json::Text name;
  json::Text description;
  json::Value schema;  ///< Kind::json_schema
  std::optional<bool> strict;
};

enum class Effort : std::uint8_t { none, minimal, low, medium, high, xhigh, max };

/// How much the model should think, and whether it should show it.
struct Reasoning {
  std::optional<Effort> effort;
  std::optional<std::int64_t> max_tokens;
  std::optional<bool> exclude;  ///< do not show it
};

struct Sampling {
  std::optional<double> temperature, top_p, presence_penalty, frequency_penalty;
  std::optional<std::int64_t> top_k, seed, n, top_logprobs;
  std::optional<bool> logprobs;
  json::Value logit_bias;  ///< object or missing
};

/// A chat completion as asked for.
struct Request {
  explicit Request(std::pmr::memory_resource* arena)
      : messages(arena), tools(arena), hosted_tools(arena), stop(arena), others(arena), kept_(arena) {}

  json::Value source;  ///< the whole body: extension members are read from here, by allow-list
  std::string model;   ///< decoded
  std::pmr::vector<Message> messages;
  std::pmr::vector<Tool> tools;
  std::pmr::vector<HostedTool> hosted_tools;
  ToolChoice tool_choice;
  std::optional<bool> parallel_tool_calls;
  ResponseFormat response_format;
  Reasoning reasoning;
  Sampling sampling;
  std::pmr::vector<json::Text> stop;
  std::optional<std::int64_t> max_tokens;  ///< `max_completion_tokens`, else `max_tokens`
  bool legacy_functions = false;           ///< the client sent `functions`: answer with `function_call`
  bool from_prompt = false;                ///< the client sent `prompt` instead of `messages`
  bool stream = false;
  bool include_usage = false;
  json::Text user;  ///< `safety_identifier`, else `user`
  json::Text service_tier;
  std::pmr::vector<json::Member>
      others;  ///< members of the body that this model has no word for, none of them null
  /// The first value that OpenAI's API does not take but another host of its dialect may (a higher
  /// temperature, a further word), said as OpenAI says it. The value is not read. Providers of the client's
  /// dialect get the member as written and judge it; for all others this is a refusal.
  std::optional<Error> doubt;

  /// The one of `others` with that name; missing if there is none.
  json::Value other(std::string_view name) const {
    for (const json::Member& member : others)
      if (member.key.equals(name)) return member.value;
    return {};
  }

  /// Stores text that the body does not hold in the form needed; the view lasts as long as the request.
  std::string_view keep(std::string_view text) { return kept_.emplace_front(text); }

 private:
  std::pmr::forward_list<std::pmr::string> kept_;
};

std::string_view name(Role role);
std::string_view name(Effort effort);
std::optional<Role> role_named(std::string_view name);
std::optional<Effort> effort_named(std::string_view name);

}  // namespace sluice::chat
