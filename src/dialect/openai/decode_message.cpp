#include "dialect/openai/decode_message.hpp"

#include "dialect/openai/decode_content.hpp"
#include "dialect/openai/decode_reasoning.hpp"

#include <algorithm>
#include <string>

namespace sluice::dialect::openai {
namespace {

class MessageDecoder {
 public:
  explicit MessageDecoder(chat::Request& request) : request_(request) {}
  Result<> decode(json::Value source, std::uint32_t index, const Place& at);

 private:
  Result<> role(json::Value value, const Place& at, chat::Message& message);
  Result<> assistant(json::Value source, const Place& at, chat::Message& message);
  Result<> tool_result(json::Value source, const Place& at, chat::Message& message);
  Result<> function_result(const Place& at, chat::Message& message);
  Result<> tool_calls(json::Value calls, const Place& at, chat::Message& message);
  Result<> tool_call(json::Value call, const Place& at, chat::Message& message);
  Result<> function_call(json::Value call, const Place& at, chat::Message& message);

  chat::Request& request_;
  std::uint32_t function_calls_ = 0;  ///< of the deprecated form, which has no ids
  json::Text open_function_call_;     ///< id of the last one
  bool function_role_ = false;
};

Result<> MessageDecoder::decode(json::Value source, std::uint32_t index, const Place& at) {
  if (!source.is_object()) return refuse_type(at, source, "an object with a `role`");
  auto& message = request_.messages.emplace_back();
  message.index = index;
  message.source = source;
  if (auto known = role(source["role"], at.member("role"), message); !known) return fail(known);
  auto name = optional_text(source["name"], at.member("name"));
  if (!name) return fail(name);
  message.name = *name;
  auto cache_control = optional_object(source["cache_control"], at.member("cache_control"));
  if (!cache_control) return fail(cache_control);
  message.cache_control = *cache_control;
  if (message.role == chat::Role::assistant) return assistant(source, at, message);
  if (function_role_) {
    if (auto matched = function_result(at, message); !matched) return fail(matched);
  } else if (message.role == chat::Role::tool) {
    if (auto matched = tool_result(source, at, message); !matched) return fail(matched);
  }
  return decode_content(source["content"], at.member("content"), request_, message.parts);
}

Result<> MessageDecoder::role(json::Value value, const Place& at, chat::Message& message) {
  std::string buffer;
  const std::string_view word = value.text().decode(buffer);
  function_role_ = word == "function";
  const auto known = function_role_ ? chat::Role::tool : chat::role_named(word);
  if (!known) return refuse_word(at, value, {"system", "developer", "user", "assistant", "tool"});
  message.role = *known;
  return {};
}

/// Reasoning, text, then calls: the order in which models produce them and in which providers want them back.
Result<> MessageDecoder::assistant(json::Value source, const Place& at, chat::Message& message) {
  if (auto done = decode_reasoning(source, at, request_, message.parts); !done) return fail(done);
  if (auto done = decode_content(source["content"], at.member("content"), request_, message.parts); !done)
    return fail(done);
  auto refusal = optional_text(source["refusal"], at.member("refusal"));
  if (!refusal) return fail(refusal);
  if (!refusal->empty()) message.parts.push_back({chat::RefusalPart{*refusal}, {}});
  if (auto done = tool_calls(source["tool_calls"], at.member("tool_calls"), message); !done)
    return fail(done);
  return function_call(source["function_call"], at.member("function_call"), message);
}

Result<> MessageDecoder::tool_result(json::Value source, const Place& at, chat::Message& message) {
  auto id = required_text(source["tool_call_id"], at.member("tool_call_id"));
  if (!id) return fail(id);
  message.tool_call_id = split_call_id(*id).id;
  auto is_error = optional_boolean(source["is_error"], at.member("is_error"));
  if (!is_error) return fail(is_error);
  message.is_error = *is_error;
  return {};
}

Result<> MessageDecoder::function_result(const Place& at, chat::Message& message) {
  if (open_function_call_.empty())
    return refuse(at,
                  "has the role `function` without an assistant message with a `function_call` before it");
  message.tool_call_id = open_function_call_;
  return {};
}

Result<> MessageDecoder::tool_calls(json::Value calls, const Place& at, chat::Message& message) {
  if (!calls) return {};
  if (!calls.is_array()) return refuse_type(at, calls, "an array of calls");
  std::size_t index = 0;
  for (json::Value call : calls.elements()) {
    auto done = tool_call(call, at.at(index++), message);
    if (!done) return fail(done);
  }
  return {};
}

/// Gemini's signature of a call, where Google's own endpoint, LiteLLM and plain clients put it.
json::Text thought_signature(json::Value call) {
  const json::Value places[] = {call["extra_content"]["google"]["thought_signature"],
                                call["provider_specific_fields"]["thought_signature"],
                                call["function"]["provider_specific_fields"]["thought_signature"],
                                call["thought_signature"]};
  for (json::Value signature : places)
    if (!signature.text().empty()) return signature.text();
  return {};
}

Result<> MessageDecoder::tool_call(json::Value call, const Place& at, chat::Message& message) {
  if (!call.is_object()) return refuse_type(at, call, "an object");
  const json::Value type = call["type"];
  const bool custom = type.equals("custom");
  if (type && !custom && !type.equals("function"))
    return refuse_word(at.member("type"), type, {"function", "custom"});
  auto id = required_text(call["id"], at.member("id"));
  if (!id) return fail(id);
  const Place inner = at.member(custom ? "custom" : "function");
  auto called = required_object(call[custom ? "custom" : "function"], inner);
  if (!called) return fail(called);
  auto name = required_text((*called)["name"], inner.member("name"));
  if (!name) return fail(name);
  const std::string_view input = custom ? "input" : "arguments";
  auto arguments = optional_text((*called)[input], inner.member(input));
  if (!arguments) return fail(arguments);
  const CallId split = split_call_id(*id);
  const json::Text signature = thought_signature(call);
  message.parts.push_back({chat::ToolCallPart{.id = split.id,
                                              .name = *name,
                                              .arguments = *arguments,
                                              .signature = signature.empty() ? split.signature : signature,
                                              .custom = custom},
                           {}});
  return {};
}

Result<> MessageDecoder::function_call(json::Value call, const Place& at, chat::Message& message) {
  if (!call) return {};
  if (!call.is_object()) return refuse_type(at, call, "an object");
  auto name = required_text(call["name"], at.member("name"));
  if (!name) return fail(name);
  auto arguments = optional_text(call["arguments"], at.member("arguments"));
  if (!arguments) return fail(arguments);
  open_function_call_ = json::Text(request_.keep("call_" + std::to_string(++function_calls_)));
  message.parts.push_back(
      {chat::ToolCallPart{.id = open_function_call_, .name = *name, .arguments = *arguments}, {}});
  return {};
}

}  // namespace

CallId split_call_id(json::Text id) {
  constexpr std::string_view mark = "__thought__";
  const std::string_view whole = id.escaped();
  const std::size_t at = whole.find(mark);
  if (at == std::string_view::npos || at == 0) return {id, {}};
  return {json::Text(whole.substr(0, at)), json::Text(whole.substr(at + mark.size()))};
}

Result<> decode_messages(json::Value messages, chat::Request& request) {
  const Place place("messages");
  if (!messages.is_array()) return refuse_type(place, messages, "an array of messages");
  constexpr std::size_t most_reserved = 256;  // what is no message is found out before room for all is taken
  request.messages.reserve(std::min(messages.size(), most_reserved));
  MessageDecoder decoder(request);
  std::uint32_t index = 0;
  for (json::Value message : messages.elements()) {
    auto decoded = decoder.decode(message, index, place.at(index));
    if (!decoded) return fail(decoded);
    ++index;
  }
  return {};
}

}  // namespace sluice::dialect::openai
