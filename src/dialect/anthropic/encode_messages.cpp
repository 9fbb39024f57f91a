#include "dialect/anthropic/encode_messages.hpp"

#include "dialect/anthropic/call_ids.hpp"
#include "dialect/anthropic/encode_tools.hpp"
#include "dialect/anthropic/thinking.hpp"
#include "dialect/message_path.hpp"
#include "dialect/tool_arguments.hpp"

#include <algorithm>
#include <span>
#include <string>

namespace sluice::dialect::anthropic {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;

/// Stands where the API wants words of a user and there are none.
constexpr std::string_view filler = "(no message)";

/// The API knows turns of a user and an assistant that alternate; neighbours of one role become one message,
/// which is opened with its first block.
class Conversation {
 public:
  Conversation(const BlockContext& context, RenamedTools& names, CacheMarkers& markers)
      : context_(context), json_(context.json), names_(names), markers_(markers) {}

  Result<> write(const History& history) {
    json_.key("messages").begin_array();
    for (const Turn& turn : history.turns) {
      const bool last = &turn == &history.turns.back();
      auto written = turn.message->role == Role::assistant ? assistant(turn, last) : user(*turn.message);
      if (!written) return fail(written);
    }
    if (open_ == Speaker::assistant && !waiting_) {
      if (auto allowed = end_with_assistant(*history.turns.back().message); !allowed) return fail(allowed);
    } else if (open_ != Speaker::user) {
      fill();
    }
    close();
    json_.end_array();
    return {};
  }

 private:
  enum class Speaker : std::uint8_t { nobody, user, assistant };

  /// Goes on in, or begins, a message of that speaker.
  void speak(Speaker speaker) {
    const bool user_is_due = speaker == Speaker::assistant && (open_ == Speaker::nobody || waiting_);
    if (open_ == speaker && !user_is_due) return;
    if (user_is_due) fill();
    close();
    json_.begin_object().key("role").string(speaker == Speaker::user ? "user" : "assistant");
    json_.key("content").begin_array();
    open_ = speaker;
  }

  void close() {
    if (open_ != Speaker::nobody) json_.end_array().end_object();
    open_ = Speaker::nobody;
  }

  /// A message of the user without words where there must be one.
  void fill() {
    context_.repeated.filler.at([&] { return waiting_ ? path_of(*waiting_) + ".content" : "messages"; });
    waiting_ = nullptr;
    speak(Speaker::user);
    write_text(context_, json::Text(filler));
  }

  Result<> user(const Message& message) {
    report_name(message);
    bool any = false;
    for (const Part& part : message.parts) {
      if (is_blank(part)) continue;
      speak(Speaker::user);
      auto written = message.role == Role::user ? write_user_part(context_, message, part)
                                                : late_instruction(message, part);
      if (!written) return fail(written);
      markers_.mark_last_object(part.cache_control);
      any = true;
    }
    if (any && !has_marker(message)) markers_.mark_last_object(message.cache_control);
    if (any) waiting_ = nullptr;
    if (any && message.role != Role::user)
      context_.repeated.instruction.at([&] { return path_of(message) + ".role"; });
    if (!any && message.role == Role::user && open_ != Speaker::user) waiting_ = &message;
    return {};
  }

  /// Whether the block that a marker of the whole message would go to has one of its own.
  static bool has_marker(const Message& message) {
    const Part* last = last_part(message);
    return last && last->cache_control;
  }

  static const Part* last_part(const Message& message) {
    const auto last = std::ranges::find_if_not(message.parts.rbegin(), message.parts.rend(), is_blank);
    return last == message.parts.rend() ? nullptr : &*last;
  }

  /// Instructions behind the start of the conversation keep their place: moved to the front they would mean
  /// something else, and change what the provider has cached.
  Result<> late_instruction(const Message& message, const Part& part) {
    const auto* text = std::get_if<chat::TextPart>(&part.content);
    if (!text) return write_user_part(context_, message, part);
    std::string wrapped = "<system>\\n";
    wrapped.append(text->text.escaped()).append("\\n</system>");
    write_text(context_, json::Text(wrapped));
    return {};
  }

  Result<> assistant(const Turn& turn, bool last) {
    const Message& message = *turn.message;
    report_name(message);
    bool any = false;
    const Part* cut_off = last && turn.calls.empty() ? last_part(message) : nullptr;
    for (const Part& part : message.parts) any |= said(message, part, &part == cut_off);
    std::vector<std::string_view> ids;
    for (const AnsweredCall& call : turn.calls) ids.push_back(write_call(turn, call));
    if (!any && turn.calls.empty()) {
      context_.repeated.empty.at([&] { return path_of(message); });
      return {};
    }
    if (!has_marker(message) && may_be_marked_) markers_.mark_last_object(message.cache_control);
    return write_results(turn, ids);
  }

  /// Writes what the model said, its calls aside; whether there was something to write.
  bool said(const Message& message, const Part& part, bool to_be_continued) {
    if (const auto* reasoning = std::get_if<chat::ReasoningPart>(&part.content))
      return thought(message, *reasoning);
    const auto* text = std::get_if<chat::TextPart>(&part.content);
    const auto* refusal = std::get_if<chat::RefusalPart>(&part.content);
    if (!text && !refusal) {
      if (!std::holds_alternative<chat::ToolCallPart>(part.content))
        context_.repeated.media.at([&] { return path_of(message, part); });
      return false;
    }
    if (is_blank(part)) return false;
    speak(Speaker::assistant);
    const json::Text words = text ? text->text : refusal->text;
    to_be_continued ? write_trimmed(words) : write_text(context_, words);
    markers_.mark_last_object(part.cache_control);
    may_be_marked_ = true;
    return true;
  }

  /// The API refuses white space at the end of a text that it is to continue.
  void write_trimmed(json::Text text) {
    std::string plain = text.decode();
    while (!plain.empty() &&
           (plain.back() == ' ' || plain.back() == '\n' || plain.back() == '\r' || plain.back() == '\t'))
      plain.pop_back();
    json_.begin_object().key("type").string("text").key("text").string(plain).end_object();
  }

  bool thought(const Message& message, const chat::ReasoningPart& part) {
    const bool can_think = context_.target.capabilities.thinking != catalog::ThinkingStyle::none;
    if (!can_think || !can_be_replayed(part)) {
      const bool plain = part.format.empty() && part.signature.empty();
      auto& change = can_think ? context_.repeated.foreign_reasoning : context_.repeated.reasoning;
      change.at([&] { return path_of(message) + (plain ? ".reasoning_content" : ".reasoning_details"); });
      return false;
    }
    speak(Speaker::assistant);
    json_.begin_object();
    if (part.kind == chat::ReasoningPart::Kind::text) {
      json_.key("type")
          .string("thinking")
          .key("thinking")
          .text(part.text)
          .key("signature")
          .text(part.signature);
    } else {
      json_.key("type").string("redacted_thinking").key("data").text(part.data);
    }
    json_.end_object();
    may_be_marked_ = false;
    return true;
  }

  std::string_view write_call(const Turn& turn, const AnsweredCall& call) {
    speak(Speaker::assistant);
    const std::string_view id = ids_.wire_id(call.call->id);
    json_.begin_object().key("type").string("tool_use").key("id").string(id);
    json_.key("name").string(names_.sent(call.call->name, max_tool_name)).key("input");
    if (!append_arguments_object(json_.out(), *call.call))
      context_.repeated.arguments.at([&] { return call_path(turn, call) + ".function.arguments"; });
    json_.end_object();
    may_be_marked_ = true;
    return id;
  }

  /// In the order of the calls, in the message right behind them, before anything else in it.
  Result<> write_results(const Turn& turn, std::span<const std::string_view> ids) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      speak(Speaker::user);
      json_.begin_object().key("type").string("tool_result").key("tool_use_id").string(ids[i]);
      if (const Message* result = turn.calls[i].result) {
        if (auto written = write_result(*result); !written) return fail(written);
      } else {
        json_.key("content").string(missing_result).key("is_error").boolean(true).end_object();
      }
    }
    return {};
  }

  Result<> write_result(const Message& message) {
    const auto& parts = message.parts;
    const auto count = std::ranges::count_if(parts, [](const Part& part) { return !is_blank(part); });
    const auto only = std::ranges::find_if_not(parts, is_blank);
    const auto* text = count == 1 ? std::get_if<chat::TextPart>(&only->content) : nullptr;
    if (text) {
      json_.key("content").text(text->text);
    } else if (count > 0) {
      json_.key("content").begin_array();
      for (const Part& part : parts) {
        if (is_blank(part)) continue;
        if (auto written = write_user_part(context_, message, part); !written) return fail(written);
      }
      json_.end_array();
    }
    if (message.is_error == true) json_.key("is_error").boolean(true);
    json_.end_object();
    markers_.mark_last_object(marker_of(message));
    return {};
  }

  /// Markers inside a result go to the result as a whole.
  static json::Value marker_of(const Message& message) {
    if (message.cache_control) return message.cache_control;
    for (const Part& part : message.parts)
      if (part.cache_control) return part.cache_control;
    return {};
  }

  void report_name(const Message& message) {
    if (!message.name.empty()) context_.repeated.name.at([&] { return path_of(message) + ".name"; });
  }

  Result<> end_with_assistant(const Message& message) {
    if (!context_.target.capabilities.prefill)
      return fail(Error(ErrorCode::unsupported_parameter,
                        path_of(message) + ": `" + std::string(context_.target.model) +
                            "` does not continue messages of its own; the "
                            "conversation must end with a user's or a tool's")
                      .with_param(path_of(message)));
    return {};
  }

  const BlockContext& context_;
  json::Writer& json_;
  RenamedTools& names_;
  CacheMarkers& markers_;
  CallIds ids_;
  Speaker open_ = Speaker::nobody;
  const Message* waiting_ = nullptr;  ///< a message of the user without words, since when nobody has spoken
  bool may_be_marked_ = false;        ///< the last block of the model takes a cache marker
};

}  // namespace

Result<> write_system(const BlockContext& context, const History& history, std::string_view more,
                      CacheMarkers& markers) {
  bool open = false;
  const auto begin = [&] {
    if (!std::exchange(open, true)) context.json.key("system").begin_array();
  };
  for (const Message& message : history.instructions) {
    bool any = false;
    for (const Part& part : message.parts) {
      if (is_blank(part)) continue;
      const auto* text = std::get_if<chat::TextPart>(&part.content);
      if (!text)
        return fail(
            Error(ErrorCode::unsupported_parameter, path_of(message, part) + " may hold only text here")
                .with_param(path_of(message, part)));
      begin();
      write_text(context, text->text);
      markers.mark_last_object(part.cache_control);
      any = true;
    }
    if (any && !message.parts.back().cache_control) markers.mark_last_object(message.cache_control);
  }
  if (!more.empty()) {
    begin();
    context.json.begin_object().key("type").string("text").key("text").string(more).end_object();
  }
  if (open) context.json.end_array();
  return {};
}

Result<> write_messages(const BlockContext& context, const History& history, RenamedTools& names,
                        CacheMarkers& markers) {
  return Conversation(context, names, markers).write(history);
}

}  // namespace sluice::dialect::anthropic
