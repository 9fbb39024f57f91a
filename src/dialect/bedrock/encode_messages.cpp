#include "dialect/bedrock/encode_messages.hpp"

#include "dialect/anthropic/call_ids.hpp"
#include "dialect/anthropic/thinking.hpp"
#include "dialect/bedrock/content_blocks.hpp"
#include "dialect/bedrock/redacted.hpp"
#include "dialect/bedrock/tool_results.hpp"
#include "dialect/message_path.hpp"
#include "dialect/tool_arguments.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace sluice::dialect::bedrock {
namespace {

using anthropic::CallIds;
using chat::Message;
using chat::Part;
using chat::Role;
using Beside = catalog::ConverseRules::Beside;

/// Stand where the API wants words and there are none.
constexpr std::string_view user_filler = "(no message)", document_filler = "(see the document)",
                           assistant_filler = "(continued)";

/// The API knows turns of a user and an assistant that alternate; neighbours of one role become one message,
/// which is opened with its first block.
class Conversation {
 public:
  explicit Conversation(Encoding& encoding)
      : encoding_(encoding),
        json_(encoding.body),
        ids_(encoding.rules().short_call_ids ? CallIds::Rule::exactly_9 : CallIds::Rule::most_64) {}

  Result<> write(const History& history, std::string_view more) {
    json_.key("messages").begin_array();
    if (!encoding_.capabilities().system_role)
      if (auto written = leading_instructions(history, more); !written) return written;
    for (const Turn& turn : history.turns) {
      const bool last = &turn == &history.turns.back();
      auto written = turn.message->role == Role::assistant ? assistant(turn, last) : user(*turn.message);
      if (!written) return written;
    }
    if (open_ == Speaker::assistant && !waiting_) {
      if (auto allowed = end_with_assistant(*history.turns.back().message); !allowed) return allowed;
    } else if (open_ != Speaker::user) {
      fill();
    }
    close();
    json_.end_array();
    return {};
  }

 private:
  enum class Speaker : std::uint8_t { nobody, user, assistant };

  // ---- turns ----------------------------------------------------------------------------------------------

  /// Goes on in, or begins, a message of that speaker.
  void speak(Speaker speaker) {
    const bool user_is_due = speaker == Speaker::assistant && (open_ == Speaker::nobody || waiting_);
    if (open_ == speaker && !user_is_due) return;
    if (user_is_due) fill();
    close();
    json_.begin_object().key("role").string(speaker == Speaker::user ? "user" : "assistant");
    json_.key("content").begin_array();
    open_ = speaker;
    has_text_ = has_results_ = false;
    document_ = {};
  }

  void close() {
    if (open_ == Speaker::nobody) return;
    if (!document_.empty() && !has_text_) {
      encoding_.repeated.document_text.at([&] { return document_; });
      write_text(json::Text(document_filler), encoding_);
    }
    json_.end_array().end_object();
    open_ = Speaker::nobody;
  }

  /// A message of the user without words where there must be one.
  void fill() {
    encoding_.repeated.filler.at([&] { return waiting_ ? path_of(*waiting_) + ".content" : "messages"; });
    waiting_ = nullptr;
    speak(Speaker::user);
    write_text(json::Text(user_filler), encoding_);
    has_text_ = true;
  }

  /// Opens a message of the user's for one of the client's, which some models refuse beside tool results.
  void make_room(const Message& message) {
    const Beside rule = encoding_.rules().beside_results;
    const bool apart = rule == Beside::nothing ||
                       (rule == Beside::no_documents && std::ranges::any_of(message.parts, is_document));
    if (open_ == Speaker::user && has_results_ && apart) {
      encoding_.repeated.apart.at([&] { return path_of(message); });
      speak(Speaker::assistant);
      write_text(json::Text(assistant_filler), encoding_);
    }
    speak(Speaker::user);
  }

  // ---- what others than the model say ---------------------------------------------------------------------

  Result<> leading_instructions(const History& history, std::string_view more) {
    for (const Message& message : history.instructions)
      if (auto written = user(message); !written) return written;
    if (more.empty()) return {};
    speak(Speaker::user);
    write_text(json::Text(json::escape(more)), encoding_);
    return {};
  }

  Result<> user(const Message& message) {
    report_name(message);
    bool any = false;
    for (const Part& part : message.parts) {
      if (is_blank(part)) continue;
      make_room(message);
      auto written =
          message.role == Role::user ? write_user_part(message, part, encoding_) : instruction(message, part);
      if (!written) return written;
      note_block(message, part);
      any = true;
    }
    if (any && !has_marker(message))
      mark_block(message.cache_control, [&] { return path_of(message); }, encoding_);
    if (any) waiting_ = nullptr;
    if (any && message.role != Role::user)
      encoding_.repeated.instruction.at([&] { return path_of(message) + ".role"; });
    if (!any && message.role == Role::user && open_ != Speaker::user) waiting_ = &message;
    return {};
  }

  /// The API wants text beside documents.
  void note_block(const Message& message, const Part& part) {
    if (is_document(part)) {
      if (document_.empty()) document_ = path_of(message, part);
    } else {
      has_text_ |= std::holds_alternative<chat::TextPart>(part.content) ||
                   std::holds_alternative<chat::RefusalPart>(part.content);
    }
    if (part.cache_control) mark_block(part.cache_control, [&] { return path_of(message, part); }, encoding_);
  }

  /// Instructions behind the start of the conversation keep their place: moved to the front they would mean
  /// something else, and change what the provider has cached.
  Result<> instruction(const Message& message, const Part& part) {
    const auto* text = std::get_if<chat::TextPart>(&part.content);
    if (!text) return write_user_part(message, part, encoding_);
    std::string wrapped = "<system>\\n";
    wrapped.append(text->text.escaped()).append("\\n</system>");
    write_text(json::Text(wrapped), encoding_);
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

  // ---- what the model said --------------------------------------------------------------------------------

  Result<> assistant(const Turn& turn, bool last) {
    const Message& message = *turn.message;
    report_name(message);
    bool any = false;
    const Part* cut_off = last && turn.calls.empty() ? last_part(message) : nullptr;
    for (const Part& part : message.parts) any |= said(message, part, &part == cut_off);
    std::vector<std::string_view> ids;
    for (const AnsweredCall& call : turn.calls) ids.push_back(write_call(turn, call));
    if (!any && turn.calls.empty()) {
      encoding_.repeated.empty.at([&] { return path_of(message); });
      return {};
    }
    if (!has_marker(message) && may_be_marked_)
      mark_block(message.cache_control, [&] { return path_of(message); }, encoding_);
    return results(turn, ids);
  }

  /// Writes what the model said, its calls aside; whether there was something to write.
  bool said(const Message& message, const Part& part, bool to_be_continued) {
    if (const auto* reasoning = std::get_if<chat::ReasoningPart>(&part.content))
      return thought(message, *reasoning);
    const auto* text = std::get_if<chat::TextPart>(&part.content);
    const auto* refusal = std::get_if<chat::RefusalPart>(&part.content);
    if (!text && !refusal) {
      if (!std::holds_alternative<chat::ToolCallPart>(part.content))
        encoding_.repeated.media.at([&] { return path_of(message, part); });
      return false;
    }
    if (is_blank(part)) return false;
    speak(Speaker::assistant);
    const json::Text words = text ? text->text : refusal->text;
    write_text(to_be_continued ? json::Text(trimmed(words)) : words, encoding_);
    if (part.cache_control) mark_block(part.cache_control, [&] { return path_of(message, part); }, encoding_);
    may_be_marked_ = true;
    return true;
  }

  /// Models refuse white space at the end of a text that they are to continue.
  std::string_view trimmed(json::Text text) {
    std::string plain = text.decode();
    plain.resize(plain.find_last_not_of(" \n\r\t") + 1);
    return trimmed_ = json::escape(plain);
  }

  bool thought(const Message& message, const chat::ReasoningPart& part) {
    const bool can_think = encoding_.capabilities().thinking == catalog::ThinkingStyle::claude_budget ||
                           encoding_.capabilities().thinking == catalog::ThinkingStyle::claude_adaptive;
    const bool is_text = anthropic::can_be_replayed(part) && part.kind == chat::ReasoningPart::Kind::text;
    const std::string redacted = part.kind == chat::ReasoningPart::Kind::encrypted && !part.data.empty()
                                     ? write_redacted(part.data, part.format)
                                     : std::string();
    if (!can_think || (!is_text && redacted.empty())) {
      const bool plain = part.format.empty() && part.signature.empty();
      auto& change = can_think ? encoding_.repeated.foreign_reasoning : encoding_.repeated.reasoning;
      change.at([&] { return path_of(message) + (plain ? ".reasoning_content" : ".reasoning_details"); });
      return false;
    }
    speak(Speaker::assistant);
    json_.begin_object().key("reasoningContent").begin_object();
    if (is_text) {
      json_.key("reasoningText").begin_object().key("text").text(part.text);
      json_.key("signature").text(part.signature).end_object();
    } else {
      json_.key("redactedContent").string(redacted);
    }
    json_.end_object().end_object();
    may_be_marked_ = false;
    return true;
  }

  std::string_view write_call(const Turn& turn, const AnsweredCall& call) {
    speak(Speaker::assistant);
    const std::string_view id = ids_.wire_id(call.call->id);
    json_.begin_object().key("toolUse").begin_object().key("toolUseId").string(id);
    json_.key("name").string(encoding_.out.renamed_tools.sent(call.call->name, max_tool_name)).key("input");
    if (!append_arguments_object(json_.out(), *call.call))
      encoding_.repeated.arguments.at([&] { return call_path(turn, call) + ".function.arguments"; });
    json_.end_object().end_object();
    may_be_marked_ = true;
    return id;
  }

  /// All results of one turn go into one message.
  Result<> results(const Turn& turn, const std::vector<std::string_view>& ids) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      speak(Speaker::user);
      has_results_ = true;
      if (auto written = write_tool_result(ids[i], turn.calls[i], encoding_); !written) return written;
    }
    return {};
  }

  void report_name(const Message& message) {
    if (!message.name.empty()) encoding_.repeated.name.at([&] { return path_of(message) + ".name"; });
  }

  Result<> end_with_assistant(const Message& message) {
    if (encoding_.capabilities().prefill) return {};
    return refuse(path_of(message),
                  "a message of its own to continue; the conversation must end with a user's or a tool's",
                  encoding_);
  }

  Encoding& encoding_;
  json::Writer& json_;
  CallIds ids_;
  Speaker open_ = Speaker::nobody;
  const Message* waiting_ = nullptr;  ///< a message of the user without words, since when nobody has spoken
  std::string document_;              ///< place of the first document of the open message; empty: it has none
  std::string trimmed_;
  bool has_text_ = false, has_results_ = false;  ///< the open message
  bool may_be_marked_ = false;                   ///< the last block of the model takes a cache point
};

}  // namespace

Result<> write_system(const History& history, std::string_view more, Encoding& encoding) {
  if (!encoding.capabilities().system_role) return {};
  bool open = false;
  const auto begin = [&] {
    if (!std::exchange(open, true)) encoding.body.key("system").begin_array();
  };
  for (const Message& message : history.instructions) {
    bool any = false;
    for (const Part& part : message.parts) {
      if (is_blank(part)) continue;
      const auto* text = std::get_if<chat::TextPart>(&part.content);
      if (!text) return refuse(path_of(message, part), "instructions other than text", encoding);
      begin();
      write_text(text->text, encoding);
      mark_block(part.cache_control, [&] { return path_of(message, part); }, encoding);
      any = true;
    }
    if (any && !message.parts.back().cache_control)
      mark_block(message.cache_control, [&] { return path_of(message); }, encoding);
  }
  if (!more.empty()) {
    begin();
    encoding.body.begin_object().key("text").string(more).end_object();
  }
  if (open) encoding.body.end_array();
  return {};
}

Result<> write_messages(const History& history, std::string_view more, Encoding& encoding) {
  return Conversation(encoding).write(history, more);
}

}  // namespace sluice::dialect::bedrock
