// The conversation: in place where it can stay as the client wrote it, else message by message.

#include "dialect/history.hpp"
#include "dialect/openai/call_id.hpp"
#include "dialect/openai/message_edit.hpp"
#include "dialect/openai/request_edit.hpp"
#include "json/writer.hpp"

#include <algorithm>
#include <optional>

namespace sluice::dialect::openai {
namespace {

using chat::Message;
using chat::Role;

std::string system_message(std::string_view text) {
  std::string out;
  json::Writer(out).begin_object().key("role").string("system").key("content").string(text).end_object();
  return out;
}

bool is_media(json::Value part) {
  return part.is_object() && !part["type"].equals("text");
}

bool has_media(json::Value content) {
  for (json::Value part : content.elements())
    if (is_media(part)) return true;
  return false;
}

/// The parts of `content` that are media, or those that are not.
std::string parts_of(json::Value content, bool media) {
  std::string out;
  json::Writer writer(out);
  for (json::Value part : content.elements())
    if (is_media(part) == media) writer.raw(part.raw());
  return out;
}

/// Writes the messages anew, each with its own edits.
class MessageList {
 public:
  explicit MessageList(RequestEdit& edit) : edit_(edit), messages_(edit) {}

  std::string write(const History& history, std::string_view instruction) && {
    if (!instruction.empty()) add(system_message(instruction));
    for (const Message& message : history.instructions) add_message(message, false);
    for (const Turn& turn : history.turns) {
      add_message(*turn.message, &turn == &history.turns.back() && turn.calls.empty());
      for (const AnsweredCall& call : turn.calls) add_result(call);
      add_moved_media();
    }
    return "[" + list_ + "]";
  }

 private:
  void add(std::string_view json) {
    if (!list_.empty()) list_ += ',';
    list_ += json;
  }

  std::string written(const Message& message, bool last) {
    json::Patch patch(message.source);
    messages_.run(message, last, patch);
    std::string out;
    patch.append_to(out);
    return out;
  }

  void add_message(const Message& message, bool last) { add(written(message, last)); }

  void add_result(const AnsweredCall& call) {
    if (!call.result) return add_missing(*call.call);
    const bool moves = !edit_.model().media_in_tool_results && has_media(call.result->source["content"]);
    if (!moves) return add_message(*call.result, false);
    const std::string whole = written(*call.result, false);
    json::Document document;
    const auto message = document.parse(whole);
    if (!message) return add(whole);
    take_media(call, (*message)["content"]);
    json::Patch patch(*message);
    std::string texts = parts_of((*message)["content"], false);
    if (texts.empty()) texts = R"({"type":"text","text":"See the next message."})";
    patch.set("content", "[" + texts + "]");
    std::string out;
    patch.append_to(out);
    add(out);
  }

  void add_missing(const chat::ToolCallPart& call) {
    std::string out;
    json::Writer writer(out);
    writer.begin_object().key("role").string("tool");
    writer.key("tool_call_id").raw('"' + sent_call_id(call.id, edit_.host()) + '"');
    writer.key("content").string(missing_result).end_object();
    add(out);
  }

  /// Tool messages of this dialect are text: what a tool shows comes from the user, behind all results.
  void take_media(const AnsweredCall& call, json::Value content) {
    edit_.changes.mapped(
        "messages[" + std::to_string(call.result->index) + "].content",
        "images and files of a tool result are sent in a user message: this model takes text in results");
    json::Writer writer(moved_);
    writer.begin_object().key("type").string("text").key("text");
    writer.raw("\"From tool call " + sent_call_id(call.call->id, edit_.host()) + ":\"").end_object();
    writer.raw(parts_of(content, true));
  }

  void add_moved_media() {
    if (moved_.empty()) return;
    add(R"({"role":"user","content":[)" + moved_ + "]}");
    moved_.clear();
  }

  RequestEdit& edit_;
  MessageEdit messages_;
  std::string list_;
  std::string moved_;  ///< content parts for a user message
};

bool has_tool_turns(const chat::Request& request) {
  return std::ranges::any_of(request.messages, [](const Message& message) {
    return message.role == Role::tool || std::ranges::any_of(message.parts, [](const chat::Part& part) {
             return std::holds_alternative<chat::ToolCallPart>(part.content);
           });
  });
}

/// The history put right, where it has to be.
std::optional<History> history_to_write(RequestEdit& edit) {
  if (!has_tool_turns(edit.request)) return std::nullopt;
  chat::Changes repairs;
  History history = read_history(edit.request, repairs);
  const bool moves_media =
      !edit.model().media_in_tool_results && std::ranges::any_of(edit.request.messages, [](const Message& m) {
        return m.role == Role::tool && has_media(m.source["content"]);
      });
  if (repairs.empty() && !moves_media) return std::nullopt;
  for (const chat::Change& change : repairs.list())
    edit.changes.add(change.kind, change.param, change.reason);
  return history;
}

void edit_in_place(RequestEdit& edit, std::string_view instruction) {
  const std::string_view separator = edit.request.messages.empty() ? "" : ",";
  if (!instruction.empty())
    edit.patch.insert(edit.member("messages").offset() + 1, system_message(instruction).append(separator));
  MessageEdit messages(edit);
  for (const Message& message : edit.request.messages)
    messages.run(message, &message == &edit.request.messages.back(), edit.patch);
}

void write_prompt(RequestEdit& edit, std::string_view instruction) {
  std::string list;
  json::Writer writer(list);
  writer.begin_array();
  if (!instruction.empty()) writer.raw(system_message(instruction));
  writer.begin_object()
      .key("role")
      .string("user")
      .key("content")
      .raw(edit.member("prompt").raw())
      .end_object();
  writer.end_array();
  edit.set("messages", list);
  edit.discard("prompt");
}

}  // namespace

void edit_messages(RequestEdit& edit, std::string_view instruction) {
  if (edit.request.from_prompt) return write_prompt(edit, instruction);
  edit.discard("prompt");
  if (const auto history = history_to_write(edit)) {
    edit.set("messages", MessageList(edit).write(*history, instruction));
  } else {
    edit_in_place(edit, instruction);
  }
}

}  // namespace sluice::dialect::openai
