#include "dialect/ollama/answer_reader.hpp"

#include "dialect/provider_error.hpp"
#include "dialect/tool_arguments.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::dialect::ollama {
namespace {

std::int64_t count(json::Value value) {
  constexpr std::int64_t most_tokens = 1'000'000'000'000;  // keeps sums of hostile numbers in range
  return std::clamp<std::int64_t>(value.integer().value_or(0), 0, most_tokens);
}

}  // namespace

Result<> AnswerReader::add(json::Value piece, chat::EventSink& sink) {
  if (piece["error"]) return fail(make_provider_error({.status = 200}, read_provider_words(piece)));
  const json::Value message = piece["message"];
  const bool last = piece["done"].boolean() == true;
  if (!message.is_object() && !last)
    return fail(ErrorCode::upstream_protocol, "the provider sent a piece of an answer that has no message");
  if (!started_) sink.on(chat::Start{{}, piece["model"].text()});
  started_ = true;
  tell_message(message, sink);
  for (json::Value call : message["tool_calls"].elements())
    if (auto told = tell_call(call, sink); !told) return told;
  tell_logprobs(piece["logprobs"], sink);
  if (last) finish(piece, sink);
  return {};
}

void AnswerReader::tell_message(json::Value message, chat::EventSink& sink) {
  const json::Text thought = message["thinking"].text(), text = message["content"].text();
  if (!thought.empty()) sink.on(chat::ReasoningDelta{0, thought});
  if (!text.empty()) sink.on(chat::TextDelta{0, text});
}

/// Calls come whole, with an object as arguments.
Result<> AnswerReader::tell_call(json::Value call, chat::EventSink& sink) {
  const json::Value function = call["function"], arguments = function["arguments"];
  if (function["name"].text().empty())
    return fail(ErrorCode::upstream_protocol, "the provider sent a tool call without a name");
  const std::uint32_t number = calls_++;
  const json::Text id(call_id(call["id"].text()));
  sink.on(chat::ToolCallStart{0, number, id, context_.renamed_tools.restore(function["name"].text())});
  if (arguments.is_string() && !arguments.text().is_blank()) {
    sink.on(chat::ToolCallDelta{0, number, arguments.text()});
    return {};
  }
  scratch_.clear();
  append_arguments_text(scratch_, arguments.is_object() ? arguments.raw() : "{}");
  sink.on(chat::ToolCallDelta{0, number, json::Text(scratch_)});
  return {};
}

/// Older versions give none.
std::string_view AnswerReader::call_id(json::Text native) {
  if (!native.empty()) {
    const auto [id, is_new] = call_ids_.emplace(native.escaped());
    if (is_new) return *id;
  }
  return *call_ids_.insert(fmt::format("call_{:016x}_{}", context_.seed, calls_)).first;
}

/// OpenAI's entries are the same, in a member of their own.
void AnswerReader::tell_logprobs(json::Value tokens, chat::EventSink& sink) {
  if (tokens.size() == 0 || !tokens.is_array()) return;
  scratch_.clear();
  json::Writer(scratch_).begin_object().key("content").raw(tokens.raw()).key("refusal").null().end_object();
  sink.on(chat::Extra{chat::Extra::Place::choice, 0, json::Text("logprobs"), scratch_});
}

void AnswerReader::finish(json::Value piece, chat::EventSink& sink) {
  done_ = true;
  const json::Value input = piece["prompt_eval_count"], output = piece["eval_count"];
  if (input.is_number() || output.is_number())
    sink.on(chat::UsageUpdate{{.input = count(input), .output = count(output)}, {}});
  const json::Text reason = piece["done_reason"].text();
  const auto finish = reason.equals("length") ? chat::FinishReason::length
                      : calls_ > 0            ? chat::FinishReason::tool_calls
                                              : chat::FinishReason::stop;
  sink.on(chat::Finish{0, finish, reason, {}});
  sink.on(chat::End{});
}

}  // namespace sluice::dialect::ollama
