#include "dialect/responses/encode_input.hpp"

#include "dialect/responses/content_parts.hpp"
#include "dialect/responses/reasoning.hpp"

#include <algorithm>

namespace sluice::dialect::responses {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;

/// What a TextPart or RefusalPart says; empty for other parts.
json::Text text_of(const Part& part) {
  if (const auto* text = std::get_if<chat::TextPart>(&part.content)) return text->text;
  if (const auto* refusal = std::get_if<chat::RefusalPart>(&part.content)) return refusal->text;
  return {};
}

class InputWriter {
 public:
  explicit InputWriter(Encoding& encoding) : encoding_(encoding), body_(encoding.body) {}

  Result<> write(const History& history, std::string_view instruction) {
    body_.key("input").begin_array();
    if (!instruction.empty()) {
      begin_message("system");
      body_.key("content").string(instruction).end_object();
    }
    for (const Message& message : history.instructions)
      if (auto written = others(message); !written) return fail(written);
    for (const Turn& turn : history.turns) {
      auto written = turn.message->role == Role::assistant ? assistant(turn) : others(*turn.message);
      if (!written) return fail(written);
    }
    body_.end_array();
    return {};
  }

 private:
  void begin_message(std::string_view role) {
    body_.begin_object().key("type").string("message").key("role").string(role);
  }

  /// OpenAI's newer models call their instructions `developer`, most hosts know `system` only.
  std::string_view role_of(const Message& message) {
    if (message.role == Role::user) return "user";
    if (!encoding_.model().system_role) {
      encoding_.repeated.role.at([&] { return path_of(message) + ".role"; });
      return "user";
    }
    const bool developer = encoding_.host().developer_role &&
                           (message.role == Role::developer || encoding_.model().developer_role);
    return developer ? "developer" : "system";
  }

  /// A message of the user, or an instruction; each keeps its place.
  Result<> others(const Message& message) {
    report_unsent(message);
    begin_message(role_of(message));
    body_.key("content");
    if (auto written = content(message); !written) return fail(written);
    body_.end_object();
    return {};
  }

  Result<> content(const Message& message) {
    const auto& parts = message.parts;
    const auto* only = parts.size() == 1 ? std::get_if<chat::TextPart>(&parts.front().content) : nullptr;
    if (parts.empty() || only) {
      body_.text(only ? only->text : json::Text());
      return {};
    }
    body_.begin_array();
    for (const Part& part : parts)
      if (auto written = write_user_part(message, part, encoding_); !written) return fail(written);
    body_.end_array();
    return {};
  }

  /// What the model thought, said and called, and the results, each behind the other. Thoughts must stand
  /// before something.
  Result<> assistant(const Turn& turn) {
    const Message& message = *turn.message;
    report_unsent(message);
    const bool speaks =
        std::ranges::any_of(message.parts, [](const Part& part) { return !text_of(part).empty(); });
    if (!speaks && turn.calls.empty()) {
      encoding_.repeated.empty.at([&] { return path_of(message); });
      report_lost_thoughts(message, encoding_);
      return {};
    }
    write_thoughts(message, encoding_);
    if (speaks) said(message);
    std::vector<json::Text> ids;
    for (const AnsweredCall& call : turn.calls) ids.push_back(write_call(*call.call));
    for (std::size_t i = 0; i < ids.size(); ++i)
      if (auto written = write_result(turn.calls[i], ids[i]); !written) return fail(written);
    return {};
  }

  void said(const Message& message) {
    begin_message("assistant");
    body_.key("content");
    const auto speaks = [](const Part& part) { return !text_of(part).empty(); };
    const auto first = std::ranges::find_if(message.parts, speaks);
    if (std::ranges::count_if(message.parts, speaks) == 1 &&
        std::holds_alternative<chat::TextPart>(first->content)) {
      body_.text(text_of(*first));
    } else {
      said_in_parts(message);
    }
    if (const json::Value phase = message.source["phase"]; phase.is_string())
      body_.key("phase").raw(phase.raw());
    body_.end_object();
  }

  void said_in_parts(const Message& message) {
    body_.begin_array();
    for (const Part& part : message.parts) {
      if (text_of(part).empty()) continue;
      const bool refusal = std::holds_alternative<chat::RefusalPart>(part.content);
      body_.begin_object().key("type").string(refusal ? "refusal" : "output_text");
      body_.key(refusal ? "refusal" : "text").text(text_of(part)).end_object();
    }
    body_.end_array();
  }

  json::Text write_call(const chat::ToolCallPart& call) {
    const json::Text id = encoding_.call_ids.sent(call.id);
    const json::Text nothing("{}");
    body_.begin_object().key("type").string(call.custom ? "custom_tool_call" : "function_call");
    body_.key("call_id").text(id).key("name").string(tool_name(call.name, encoding_));
    if (call.custom) {
      body_.key("input").text(call.arguments);
    } else {
      body_.key("arguments").text(call.arguments.is_blank() ? nothing : call.arguments);
    }
    body_.end_object();
    return id;
  }

  Result<> write_result(const AnsweredCall& call, json::Text id) {
    body_.begin_object().key("type");
    body_.string(call.call->custom ? "custom_tool_call_output" : "function_call_output");
    body_.key("call_id").text(id).key("output");
    if (!call.result) {
      body_.string(missing_result);
    } else if (call.result->is_error == true) {
      if (auto written = failure(*call.result); !written) return fail(written);
    } else if (auto written = content(*call.result); !written) {
      return fail(written);
    }
    if (call.result) report_unsent(*call.result);
    body_.end_object();
    return {};
  }

  /// The API has no flag for it, so the text says it.
  Result<> failure(const Message& message) {
    constexpr std::string_view mark = "Error: ";
    const auto& parts = message.parts;
    const auto* only = parts.size() == 1 ? std::get_if<chat::TextPart>(&parts.front().content) : nullptr;
    if (parts.empty() || only) {
      const std::string text = std::string(mark).append(only ? only->text.escaped() : "");
      body_.text(json::Text(text));
      return {};
    }
    body_.begin_array();
    write_input_text(json::Text(mark), encoding_);
    for (const Part& part : parts)
      if (auto written = write_user_part(message, part, encoding_); !written) return fail(written);
    body_.end_array();
    return {};
  }

  void report_unsent(const Message& message) {
    const bool speaker = message.role != Role::tool && !message.name.empty();
    if (speaker) encoding_.repeated.name.at([&] { return path_of(message) + ".name"; });
    if (message.cache_control)
      encoding_.repeated.cache_control.at([&] { return path_of(message) + ".cache_control"; });
    for (const Part& part : message.parts) {
      if (part.cache_control)
        encoding_.repeated.cache_control.at([&] { return path_of(message, part) + ".cache_control"; });
      const bool media = std::holds_alternative<chat::ImagePart>(part.content) ||
                         std::holds_alternative<chat::AudioPart>(part.content) ||
                         std::holds_alternative<chat::FilePart>(part.content);
      if (media && message.role == Role::assistant)
        encoding_.repeated.media.at([&] { return path_of(message, part); });
    }
  }

  Encoding& encoding_;
  json::Writer& body_;
};

}  // namespace

Result<> write_input(const History& history, std::string_view instruction, Encoding& encoding) {
  return InputWriter(encoding).write(history, instruction);
}

}  // namespace sluice::dialect::responses
