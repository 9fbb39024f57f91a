#include "dialect/openai/message_edit.hpp"

#include "dialect/openai/call_id.hpp"
#include "json/writer.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect::openai {
namespace {

using chat::Role;

constexpr std::array<std::string_view, 6> reasoning_members{"reasoning_content", "reasoning",
                                                            "reasoning_details", "thinking",
                                                            "thinking_blocks",   "provider_specific_fields"};
/// Where thought signatures of a call are found: Google's, LiteLLM's and plain clients' ways.
constexpr std::array<std::string_view, 3> call_extras{"extra_content", "provider_specific_fields",
                                                      "thought_signature"};

/// Members of answers that the gateway made of what other APIs have; a client sends them back with the
/// message.
constexpr std::array<std::string_view, 5> of_other_apis{"provider_blocks", "citations", "images", "phase",
                                                        "google_parts"};

/// Members whose meaning other members carry where the host does not know them.
constexpr std::array<std::string_view, 2> sent_otherwise{"function_call", "is_error"};

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool says_nothing(json::Value value) {
  if (value.is_string()) return value.text().empty();
  return !value || ((value.is_array() || value.is_object()) && value.size() == 0);
}

}  // namespace

void MessageEdit::run(const chat::Message& message, bool last, json::Patch& patch) {
  message_ = &message;
  patch_ = &patch;
  edit_role();
  if (message.role == Role::assistant) {
    edit_reasoning();
    edit_calls();
    edit_legacy_call();
    if (last && edit_.host().prefix_last_assistant && !has_calls() && !message.source["prefix"].exists())
      add("prefix", "true");
  }
  if (message.role == Role::tool) edit_result();
  edit_members();
}

/// OpenAI's newer models call their instructions `developer`, most hosts know `system` only.
void MessageEdit::edit_role() {
  if (message_->role != Role::system && message_->role != Role::developer) return;
  const bool developer =
      edit_.host().developer_role && (message_->role == Role::developer || edit_.model().developer_role);
  const std::string_view word = !edit_.model().system_role ? "user" : developer ? "developer" : "system";
  if (word == "user")
    edit_.report_once(chat::Change::Kind::mapped, "messages[" + std::to_string(message_->index) + "].role",
                      "role", "sent as `user`: this model takes no instructions of their own");
  const json::Value role = message_->source["role"];
  if (!role.equals(word)) replace_text(role, word);
}

void MessageEdit::edit_members() {
  const json::Value source = message_->source;
  const bool is_result = message_->role == Role::tool;
  if (!edit_.host().message_names && !is_result) drop(source, "name", "this host takes no names of speakers");
  if (is_result && source["is_error"].exists()) patch_->remove(source, "is_error");
  if (!edit_.host().cache_control) {
    edit_markers(source);
    for (json::Value part : source["content"].elements()) edit_markers(part);
  }
  const auto history = edit_.host().reasoning_history;
  const bool takes_all = history == ReasoningHistory::unchanged || history == ReasoningHistory::details;
  if (message_->role == Role::assistant && !takes_all)
    for (std::string_view name : of_other_apis) drop(source, name, "this host does not take it");
  const auto known = edit_.host().known_in_message;
  if (known.empty()) return;
  for (const json::Member& member : source.members()) {
    const std::string_view name = member.key.escaped();
    const bool named_function = name == "name" && source["role"].equals("function");
    if (!is_one_of(known, name) && !is_one_of(sent_otherwise, name) && !named_function)
      drop(source, name, "this host does not take it");
  }
}

void MessageEdit::edit_markers(json::Value place) {
  if (place["cache_control"].exists()) drop(place, "cache_control", "this host takes no cache markers");
}

// ---- reasoning ---------------------------------------------------------------------------------

void MessageEdit::edit_reasoning() {
  const auto history = edit_.host().reasoning_history;
  if (history == ReasoningHistory::unchanged) return;
  const bool wants_text = history == ReasoningHistory::content ||
                          (history == ReasoningHistory::content_with_calls && has_calls());
  const bool wants_details = history == ReasoningHistory::details;
  if (wants_text) keep_reasoning_text();
  for (std::string_view name : reasoning_members) {
    const bool is_text = name == "reasoning_content";
    const bool is_detail = name == "reasoning" || name == "reasoning_details";
    if ((wants_text && is_text) || (wants_details && (is_text || is_detail))) continue;
    if (is_one_of(edit_.host().known_in_message, name)) continue;
    drop(message_->source, name, "this host takes no such reasoning of earlier messages");
  }
}

/// DeepSeek and Kimi refuse a message with tool calls that comes back without what they thought before.
void MessageEdit::keep_reasoning_text() {
  const json::Value source = message_->source;
  if (source["reasoning_content"].is_string()) return;
  const json::Value other = source["reasoning"].is_string() ? source["reasoning"] : source["thinking"];
  const bool required =
      edit_.host().reasoning_history == ReasoningHistory::content_with_calls && edit_.reasons;
  if (!other.is_string() && !required) return;
  if (source["reasoning_content"].exists()) patch_->remove(source, "reasoning_content");
  add("reasoning_content", other.is_string() ? other.raw() : R"("")");
}

// ---- tool calls --------------------------------------------------------------------------------

bool MessageEdit::has_calls() const {
  return std::ranges::any_of(message_->parts, [](const chat::Part& part) {
    return std::holds_alternative<chat::ToolCallPart>(part.content);
  });
}

void MessageEdit::edit_calls() {
  const json::Value calls = message_->source["tool_calls"];
  if (calls.is_array() && calls.size() == 0) patch_->remove(message_->source, "tool_calls");
  auto part = message_->parts.begin();
  for (json::Value source : calls.elements()) {
    while (part != message_->parts.end() && !std::holds_alternative<chat::ToolCallPart>(part->content))
      ++part;
    if (part == message_->parts.end()) return;
    edit_call(source, std::get<chat::ToolCallPart>((part++)->content));
  }
}

void MessageEdit::edit_call(json::Value source, const chat::ToolCallPart& call) {
  const std::string id = sent_call_id(call.id, edit_.host());
  if (source["id"].text().escaped() != id) replace_text(source["id"], id);
  const json::Value inner = call.custom ? source["custom"] : source["function"];
  rename(inner["name"], call.name);
  if (edit_.host().call_extras) return;
  for (std::string_view name : call_extras) {
    for (json::Value place : {source, inner})
      if (place[name].exists()) patch_->remove(place, name);
  }
}

/// A `function_call` of the history, for a host that knows `tool_calls` only.
void MessageEdit::edit_legacy_call() {
  const json::Value legacy = message_->source["function_call"];
  if (!legacy) return;
  if (edit_.host().legacy_functions) return rename(legacy["name"], legacy["name"].text());
  patch_->remove(message_->source, "function_call");
  if (message_->source["tool_calls"].size() > 0) return;
  const auto& call = std::get<chat::ToolCallPart>(message_->parts.back().content);
  std::string calls;
  json::Writer writer(calls);
  writer.begin_array().begin_object().key("id").raw('"' + sent_call_id(call.id, edit_.host()) + '"');
  writer.key("type")
      .string("function")
      .key("function")
      .begin_object()
      .key("name")
      .raw('"' + std::string(edit_.renamed_tools.sent(call.name, edit_.host().max_tool_name)) + '"');
  writer.key("arguments").text(call.arguments).end_object().end_object().end_array();
  add("tool_calls", calls);
}

void MessageEdit::edit_result() {
  const json::Value source = message_->source;
  const std::string id = sent_call_id(message_->tool_call_id, edit_.host());
  if (source["role"].equals("function")) {
    if (edit_.host().legacy_functions) return rename(source["name"], source["name"].text());
    replace_text(source["role"], "tool");
    add("tool_call_id", '"' + id + '"');
    patch_->remove(source, "name");
  } else if (source["tool_call_id"].text().escaped() != id) {
    replace_text(source["tool_call_id"], id);
  }
  const json::Value content = source["content"];
  if (message_->is_error == true && content.is_string())
    replace_text(content, "Error: " + std::string(content.text().escaped()));
}

// ---- edits -------------------------------------------------------------------------------------

void MessageEdit::rename(json::Value name, json::Text original) {
  if (!name.is_string()) return;
  const std::string_view sent = edit_.renamed_tools.sent(original, edit_.host().max_tool_name);
  if (sent != original.escaped()) replace_text(name, sent);
}

void MessageEdit::drop(json::Value object, std::string_view name, std::string_view why) {
  const json::Value value = object[name];
  if (!value.exists()) return;
  patch_->remove(object, name);
  if (says_nothing(value)) return;
  std::string param = "messages[" + std::to_string(message_->index) + "]";
  if (object.offset() != message_->source.offset()) param += ".content[]";
  edit_.report_once(chat::Change::Kind::dropped, param + "." + std::string(name), name, why);
}

void MessageEdit::add(std::string_view name, std::string_view json) {
  patch_->insert(message_->source.offset() + 1, '"' + std::string(name) + "\":" + std::string(json) + ",");
}

void MessageEdit::replace_text(json::Value value, std::string_view escaped) {
  patch_->replace(value, '"' + std::string(escaped) + '"');
}

}  // namespace sluice::dialect::openai
