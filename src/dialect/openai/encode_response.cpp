#include "dialect/openai/answer_members.hpp"
#include "dialect/openai/encode_usage.hpp"
#include "dialect/openai/openai.hpp"
#include "json/writer.hpp"

#include <algorithm>

namespace sluice::dialect::openai {
namespace {

using Place = chat::Extra::Place;
using Block = chat::ReasoningBlock;

bool is_void(const Block& block) {
  return block.text_escaped.empty() && block.signature_escaped.empty() && block.data_escaped.empty() &&
         block.entry.empty();
}

void reasoning(json::Writer& w, const chat::Choice& choice) {
  if (!choice.reasoning_escaped.empty())
    w.key("reasoning_content").text(json::Text(choice.reasoning_escaped));
  if (std::ranges::all_of(choice.reasoning, is_void)) return;
  w.key("reasoning_details").begin_array();
  for (std::size_t i = 0; i < choice.reasoning.size(); ++i) {
    const Block& block = choice.reasoning[i];
    const bool opaque = block.kind == Block::Kind::opaque;
    if (is_void(block)) continue;
    if (block.kind == Block::Kind::entry) {
      w.raw(block.entry);
      continue;
    }
    append_reasoning_entry(w, {.kind = block.kind,
                               .content = json::Text(opaque ? block.data_escaped : block.text_escaped),
                               .signature = json::Text(block.signature_escaped),
                               .id = json::Text(block.id_escaped),
                               .format = block.format,
                               .index = static_cast<std::int32_t>(i)});
  }
  w.end_array();
}

CallView view(const chat::ToolCall& call) {
  return {.index = {},
          .id = json::Text(call.id_escaped),
          .name = json::Text(call.name_escaped),
          .arguments = json::Text(call.arguments_escaped),
          .signature = json::Text(call.signature_escaped),
          .custom = call.custom};
}

/// The deprecated form has room for one call; further ones are told in the form of today.
void tool_calls(json::Writer& w, const std::vector<chat::ToolCall>& calls, bool legacy) {
  if (calls.empty()) return;
  auto rest = calls.begin();
  if (legacy) {
    w.key("function_call").begin_object().key("name").text(json::Text(rest->name_escaped));
    w.key("arguments").text(json::Text(rest->arguments_escaped)).end_object();
    ++rest;
  }
  if (rest == calls.end()) return;
  w.key("tool_calls").begin_array();
  for (; rest != calls.end(); ++rest) append_call(w, view(*rest));
  w.end_array();
}

void json_list(json::Writer& w, std::string_view name, const std::vector<std::string>& values) {
  if (values.empty()) return;
  w.key(name).begin_array();
  for (const std::string& value : values) w.raw(value);
  w.end_array();
}

void message(json::Writer& w, const chat::Choice& choice, bool legacy) {
  const bool says_otherwise = !choice.tool_calls.empty() || !choice.refusal_escaped.empty();
  w.begin_object().key("role").raw(R"("assistant")").key("content");
  if (choice.text_escaped.empty() && says_otherwise) {
    w.null();
  } else {
    w.text(json::Text(choice.text_escaped));
  }
  w.key("refusal");
  if (choice.refusal_escaped.empty()) {
    w.null();
  } else {
    w.text(json::Text(choice.refusal_escaped));
  }
  reasoning(w, choice);
  tool_calls(w, choice.tool_calls, legacy);
  json_list(w, "annotations", choice.annotations);
  json_list(w, "images", choice.images);
  append_extras(w, Place::message, choice.message_extras);
  w.end_object();
}

void append_choice(json::Writer& w, const chat::Choice& choice, std::size_t index, const Envelope& envelope) {
  w.begin_object().key("index").integer(static_cast<std::int64_t>(index)).key("message");
  message(w, choice, envelope.legacy_functions);
  w.key("finish_reason").string(finish_word(*choice.finish, envelope));
  if (!choice.native_finish_escaped.empty())
    w.key("native_finish_reason").text(json::Text(choice.native_finish_escaped));
  if (!choice.stop_sequence_escaped.empty())
    w.key("stop_sequence").text(json::Text(choice.stop_sequence_escaped));
  append_extras(w, Place::choice, choice.choice_extras);
  w.end_object();
}

/// What a chat completion has by OpenAI's rules, written from the events.
void append_completion(json::Writer& w, const chat::Response& response, const Envelope& envelope) {
  const std::int64_t created = response.created != 0 ? response.created : envelope.created;
  w.key("id").raw(answer_id(json::Text(response.id_escaped), envelope));
  w.key("object").raw(R"("chat.completion")").key("created").integer(created);
  w.key("choices").begin_array();
  // Every choice that an answer has is finished; the others are numbers that its provider left out.
  std::size_t index = 0;
  for (const chat::Choice& choice : response.choices)
    if (choice.finish) append_choice(w, choice, index++, envelope);
  w.end_array();
  append_extras(w, Place::answer, response.extras);
}

/// A provider's choice with its finish reason told as native beside it, where the provider does not do so.
void splice_choice(json::Writer& w, json::Value choice) {
  const std::string_view raw = choice.raw();
  const json::Value finish = choice["finish_reason"];
  if (!finish.is_string() || choice["native_finish_reason"].exists()) {
    w.raw(raw);
    return;
  }
  w.begin_object().key("native_finish_reason").raw(finish.raw());
  w.out().append(",").append(raw.substr(1));
}

/// The provider's own members, without those that the gateway writes.
void splice_completion(json::Value body, std::string& out) {
  json::Writer w(out);
  const std::string_view raw = body.raw();
  for (const json::Member& member : body.members()) {
    if (member.key.equals("choices")) {
      w.key("choices").begin_array();
      for (json::Value choice : member.value.elements()) splice_choice(w, choice);
      w.end_array();
    } else if (passes_on(member.key)) {
      w.raw(raw.substr(member.begin - body.offset(), member.end - member.begin));
    }
  }
}

}  // namespace

/// Chunks of a stream that is being folded are no body.
void AnswerEncoder::begin_native(const chat::Native& native) {
  const bool passes = native.conforms && !envelope_.legacy_functions;
  if (passes && native.json["object"].equals("chat.completion")) splice_completion(native.json, native_);
}

void AnswerEncoder::encode(const AnswerFacts& facts, std::string& out) {
  const chat::Response& response = fold_.response();
  out.push_back('{');
  json::Writer w(out);
  if (native_.empty()) {
    append_completion(w, response, envelope_);
  } else {
    out.append(native_);
  }
  w.key("model").string(envelope_.model).key("request_id").string(envelope_.request_id);
  if (response.usage) {
    w.key("usage");
    append_usage(*response.usage, response.native_usage, out);
  }
  w.key("response_time").integer(facts.response_time_ns);
  w.key("http_status_code").integer(200).key("llm_status_code").integer(facts.llm_status_code);
  if (!facts.request_echo.empty()) w.key("request").raw(facts.request_echo);
  if (has_report(envelope_)) {
    w.key("sluice");
    append_report(w, envelope_);
  }
  w.end_object();
}

}  // namespace sluice::dialect::openai
