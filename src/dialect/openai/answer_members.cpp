#include "dialect/openai/answer_members.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace sluice::dialect::openai {
namespace {

using Place = chat::Extra::Place;

constexpr std::array<std::string_view, 4> passing_names{"id", "object", "created", "choices"};
constexpr std::array<std::string_view, 10> replaced_names{
    "model",   "request_id", "usage", "response_time", "http_status_code", "llm_status_code",
    "request", "sluice",     "p",     "obfuscation"};
constexpr std::array<std::string_view, 6> choice_names{
    "index", "message", "delta", "finish_reason", "stop_sequence", "native_finish_reason"};
constexpr std::array<std::string_view, 9> message_names{
    "role",          "content",     "refusal", "reasoning_content", "reasoning_details", "tool_calls",
    "function_call", "annotations", "images"};

/// By chat::ReasoningBlock::Kind.
struct EntryWords {
  std::string_view type, content;
};
constexpr std::array entry_words{EntryWords{"reasoning.text", "text"},
                                 EntryWords{"reasoning.summary", "summary"},
                                 EntryWords{"reasoning.encrypted", "data"}};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, json::Text name) {
  return std::ranges::find(names, name.escaped()) != names.end();
}

}  // namespace

// Two searches for one character each are many times faster than one for either.
bool has_line_breaks(std::string_view json) {
  return json.find('\n') != std::string_view::npos || json.find('\r') != std::string_view::npos;
}

void append_on_one_line(std::string_view json, std::string& out) {
  if (!has_line_breaks(json)) {
    out.append(json);
    return;
  }
  std::ranges::copy_if(json, std::back_inserter(out), [](char c) { return c != '\n' && c != '\r'; });
}

bool is_ours(Place place, json::Text name) {
  switch (place) {
    case Place::answer:
      return contains(passing_names, name) || contains(replaced_names, name);
    case Place::choice:
      return contains(choice_names, name);
    case Place::message:
      return contains(message_names, name);
  }
  return false;
}

bool passes_on(json::Text name) {
  return !contains(replaced_names, name);
}

void append_extras(json::Writer& w, Place place, const std::vector<chat::ExtraMember>& extras) {
  for (const chat::ExtraMember& extra : extras) {
    const json::Text name(extra.name_escaped);
    if (is_ours(place, name)) continue;
    w.key(name);
    append_on_one_line(extra.json, w.out());
  }
}

std::string answer_id(json::Text provider_id, const Envelope& envelope) {
  std::string out = "\"";
  if (provider_id.empty()) {
    out += "chatcmpl-";
    json::append_escaped(out, envelope.request_id);
  } else {
    out += provider_id.escaped();
  }
  return out += '"';
}

std::string_view finish_word(chat::FinishReason reason, const Envelope& envelope) {
  if (envelope.legacy_functions && reason == chat::FinishReason::tool_calls) return "function_call";
  return chat::name(reason);
}

void append_reasoning_entry(json::Writer& w, const ReasoningEntry& entry) {
  const EntryWords& words = entry_words[static_cast<std::size_t>(entry.kind)];
  w.begin_object().key("type").string(words.type);
  if (!entry.content.empty()) w.key(words.content).text(entry.content);
  if (!entry.signature.empty()) w.key("signature").text(entry.signature);
  if (!entry.id.empty()) w.key("id").text(entry.id);
  if (!entry.format.empty()) w.key("format").string(entry.format);
  w.key("index").integer(entry.index).end_object();
}

void append_call(json::Writer& w, const CallView& call) {
  w.begin_object();
  if (call.index) w.key("index").integer(*call.index);
  w.key("id").text(call.id);
  w.key("type").raw(call.custom ? R"("custom")" : R"("function")");
  w.key(call.custom ? "custom" : "function").begin_object();
  w.key("name").text(call.name).key(call.custom ? "input" : "arguments").text(call.arguments).end_object();
  if (!call.signature.empty()) {
    w.key("extra_content").begin_object().key("google").begin_object();
    w.key("thought_signature").text(call.signature).end_object().end_object();
  }
  w.end_object();
}

bool has_report(const Envelope& envelope) {
  return !envelope.attempts.empty() || (envelope.changes && !envelope.changes->empty());
}

void append_report(json::Writer& w, const Envelope& envelope) {
  w.begin_object().key("attempts");
  append_on_one_line(envelope.attempts.empty() ? "[]" : envelope.attempts, w.out());
  w.key("changes").begin_array();
  if (envelope.changes) {
    for (const chat::Change& change : envelope.changes->list()) {
      w.begin_object().key("kind").string(chat::name(change.kind)).key("param").string(change.param);
      w.key("reason").string(change.reason).end_object();
    }
  }
  w.end_array().end_object();
}

}  // namespace sluice::dialect::openai
