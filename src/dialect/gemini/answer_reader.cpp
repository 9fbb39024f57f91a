#include "dialect/gemini/answer_reader.hpp"

#include "base/hash.hpp"
#include "dialect/gemini/logprobs.hpp"
#include "dialect/provider_error.hpp"
#include "dialect/tool_arguments.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::dialect::gemini {
namespace {

/// Gemini takes at most 8 for candidateCount.
constexpr std::size_t max_candidates = 64;
constexpr std::string_view reasoning_format = "google-gemini-v1";

/// Parts that belong to tools which the provider ran itself: their outcome is in the text and its citations.
bool is_server_tool(json::Value part) {
  return part["toolCall"] || part["toolResponse"];
}

/// What every client and provider takes as a call's id.
bool fits_as_id(std::string_view id) {
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  };
  return !id.empty() && id.size() <= 40 && std::ranges::all_of(id, plain);
}

}  // namespace

Result<> AnswerReader::read_all(json::Value chunks, chat::EventSink& sink) {
  if (!chunks.is_array()) return read(chunks, sink);
  for (json::Value chunk : chunks.elements())
    if (auto done = read(chunk, sink); !done) return fail(done);
  return {};
}

Result<> AnswerReader::read(json::Value chunk, chat::EventSink& sink) {
  if (!chunk.is_object())
    return fail(ErrorCode::upstream_protocol,
                fmt::format("the provider's answer is {} instead of an object", json::name(chunk.type())));
  // Inside an answer that began with 200, the status of the failure is in its words.
  if (const json::Value error = chunk["error"]; error)
    return fail(make_provider_error({.status = 200}, read_provider_words(error)));
  start(chunk, sink);
  if (usage_.update(chunk["usageMetadata"])) sink.on(chat::UsageUpdate{.usage = usage_.usage()});
  const json::Value feedback = chunk["promptFeedback"];
  if (const auto reason = read_block_reason(feedback["blockReason"]); !reason.empty()) {
    blocked_escaped_ = reason.escaped();
    if (const auto message = feedback["blockReasonMessage"].text(); !message.empty())
      blocked_escaped_.append(" (").append(message.escaped()).append(")");
  }
  std::size_t position = 0;
  for (json::Value candidate : chunk["candidates"].elements())
    if (auto done = read_candidate(candidate, position++, sink); !done) return fail(done);
  return {};
}

Result<> AnswerReader::finish(chat::EventSink& sink) {
  if (candidates_.empty()) return finish_blocked(sink);
  if (!std::ranges::all_of(candidates_, [](const Candidate& c) { return c.outcome.has_value(); }))
    return fail(ErrorCode::upstream_truncated, "the provider's answer ended before it was complete");
  if (std::ranges::all_of(candidates_, &Candidate::lost)) return fail(failure_of(candidates_.front()));
  for (Candidate& candidate : candidates_) {
    end_call(candidate, sink);
    auto reason = candidate.calls > 0 ? chat::FinishReason::tool_calls : chat::FinishReason::stop;
    if (candidate.outcome == Outcome::length) reason = chat::FinishReason::length;
    if (candidate.outcome == Outcome::filtered) {
      reason = chat::FinishReason::content_filter;
      if (!candidate.has_content && !candidate.explanation_escaped.empty())
        sink.on(chat::RefusalDelta{.choice = candidate.choice,
                                   .text = json::Text(candidate.explanation_escaped)});
    }
    sink.on(chat::Finish{
        .choice = candidate.choice, .reason = reason, .native = json::Text(candidate.native_escaped)});
  }
  sink.on(chat::End{});
  return {};
}

void AnswerReader::start(json::Value chunk, chat::EventSink& sink) {
  if (started_) return;
  started_ = true;
  const json::Text id = chunk["responseId"].text();
  id_seed_ = context_.seed ^ fnv1a(id.escaped());
  sink.on(chat::Start{.id = id, .model = chunk["modelVersion"].text()});
}

Result<> AnswerReader::read_candidate(json::Value value, std::size_t position, chat::EventSink& sink) {
  const auto index = value["index"].integer().value_or(static_cast<std::int64_t>(position));
  if (index < 0 || index >= static_cast<std::int64_t>(max_candidates))
    return fail(ErrorCode::upstream_protocol, fmt::format("the provider numbers a candidate {}", index));
  const auto at = static_cast<std::size_t>(index);
  while (candidates_.size() <= at) {
    const auto choice = static_cast<std::uint32_t>(candidates_.size());
    candidates_.emplace_back().choice = choice;
  }
  Candidate& candidate = candidates_[at];
  for (json::Value part : value["content"]["parts"].elements())
    if (auto done = read_part(part, candidate, sink); !done) return fail(done);
  candidate.citations.read(value, candidate.choice, candidate.text, sink);
  if (const json::Value result = value["logprobsResult"]; result) {
    scratch_.clear();
    append_logprobs(scratch_, result);
    sink.on(chat::Extra{.place = chat::Extra::Place::choice,
                        .choice = candidate.choice,
                        .name = json::Text("logprobs"),
                        .json = scratch_});
  }
  if (const json::Value reason = value["finishReason"]; reason.is_string() || reason.is_number()) {
    const FinishReason told = read_finish_reason(reason);
    candidate.outcome = told.outcome;
    candidate.native_escaped = told.name.escaped();
    candidate.explanation_escaped = value["finishMessage"].text().escaped();
  }
  return {};
}

Result<> AnswerReader::read_part(json::Value part, Candidate& candidate, chat::EventSink& sink) {
  if (part["functionCall"]) return read_call(part, candidate, sink);
  if (is_server_tool(part)) return {};
  if (const json::Value text = part["text"]; text.is_string()) {
    if (text.text().empty()) {
      // Nothing but its signature.
    } else if (part["thought"].boolean().value_or(false)) {
      sink.on(chat::ReasoningDelta{.choice = candidate.choice, .text = text.text()});
    } else {
      candidate.has_content = true;
      candidate.text.add(text.text());
      sink.on(chat::TextDelta{.choice = candidate.choice, .text = text.text()});
    }
  } else if (const json::Value data = part["inlineData"];
             data["mimeType"].text().escaped().starts_with("image/")) {
    read_image(data, candidate, sink);
  } else if (part.size() > (part["thoughtSignature"] ? 1U : 0U)) {
    // Code that the provider ran, recordings, and what else there may come: kept as it is.
    candidate.has_content = true;
    scratch_.assign("[").append(part.raw()).append("]");
    sink.on(chat::Extra{.place = chat::Extra::Place::message,
                        .choice = candidate.choice,
                        .name = json::Text("google_parts"),
                        .json = scratch_});
  }
  read_signature(part, candidate, sink);
  return {};
}

void AnswerReader::read_signature(json::Value part, Candidate& candidate, chat::EventSink& sink) {
  const json::Text signature = part["thoughtSignature"].text();
  if (signature.empty()) return;
  sink.on(chat::ReasoningOpaque{.choice = candidate.choice,
                                .detail = candidate.details++,
                                .data = signature,
                                .format = reasoning_format});
}

void AnswerReader::read_image(json::Value data, Candidate& candidate, chat::EventSink& sink) {
  candidate.has_content = true;
  scratch_.assign(R"({"type":"image_url","image_url":{"url":"data:)");
  scratch_.append(data["mimeType"].text().escaped()).append(";base64,");
  scratch_.append(data["data"].text().escaped()).append(R"("}})");
  sink.on(chat::Image{.choice = candidate.choice, .json = scratch_});
}

Result<> AnswerReader::read_call(json::Value part, Candidate& candidate, chat::EventSink& sink) {
  const json::Value call = part["functionCall"];
  if (!call["name"].text().empty()) begin_call(part, candidate, sink);
  if (!candidate.open_call) return {};  // the end of a call that is complete already
  for (json::Value piece : call["partialArgs"].elements())
    if (auto added = candidate.open_call->add(piece); !added) return fail(added);
  if (!call["willContinue"].boolean().value_or(false)) end_call(candidate, sink);
  return {};
}

void AnswerReader::begin_call(json::Value part, Candidate& candidate, chat::EventSink& sink) {
  end_call(candidate, sink);
  const json::Value call = part["functionCall"];
  const std::string id = call_id(call["id"]);
  sink.on(chat::ToolCallStart{.choice = candidate.choice,
                              .call = candidate.calls++,
                              .id = json::Text(id),
                              .name = context_.renamed_tools.restore(call["name"].text()),
                              .signature = part["thoughtSignature"].text()});
  const json::Value arguments = call["args"];
  if (call["partialArgs"] || call["willContinue"].boolean().value_or(false)) {
    candidate.open_call.emplace(arguments);
  } else {
    emit_arguments(arguments ? arguments.raw() : "{}", candidate, sink);
  }
}

void AnswerReader::end_call(Candidate& candidate, chat::EventSink& sink) {
  if (!candidate.open_call) return;
  std::string arguments;
  candidate.open_call->append_to(arguments);
  candidate.open_call.reset();
  emit_arguments(arguments, candidate, sink);
}

void AnswerReader::emit_arguments(std::string_view json, const Candidate& candidate, chat::EventSink& sink) {
  scratch_.clear();
  append_arguments_text(scratch_, json);
  sink.on(chat::ToolCallDelta{
      .choice = candidate.choice, .call = candidate.calls - 1, .arguments = json::Text(scratch_)});
}

std::string AnswerReader::call_id(json::Value native) {
  std::string id(native.text().escaped());
  if (!fits_as_id(id) || call_ids_.contains(id)) id = fmt::format("call_{:016x}_{}", id_seed_, minted_++);
  return *call_ids_.insert(std::move(id)).first;
}

/// No candidate came: the prompt was refused, or something went wrong.
Result<> AnswerReader::finish_blocked(chat::EventSink& sink) {
  if (!started_)
    return fail(ErrorCode::upstream_truncated, "the provider closed the stream without an answer");
  if (blocked_escaped_.empty())
    return fail(ErrorCode::upstream_error, "the provider answered without any candidate");
  scratch_ = "blocked: " + blocked_escaped_;
  sink.on(chat::RefusalDelta{.text = json::Text(scratch_)});
  blocked_escaped_.resize(std::min(blocked_escaped_.find(' '), blocked_escaped_.size()));
  sink.on(chat::Finish{.reason = chat::FinishReason::content_filter, .native = json::Text(blocked_escaped_)});
  sink.on(chat::End{});
  return {};
}

bool AnswerReader::Candidate::lost() const {
  if (outcome == Outcome::call_lost) return calls == 0;
  return outcome == Outcome::other && calls == 0 && !has_content;
}

Error AnswerReader::failure_of(const Candidate& candidate) const {
  const std::string native = json::Text(candidate.native_escaped).decode();
  const std::string explanation = json::Text(candidate.explanation_escaped).decode();
  return Error(ErrorCode::upstream_error,
               explanation.empty()
                   ? fmt::format("the provider ended the answer with {}", native)
                   : fmt::format("the provider ended the answer with {}: {}", native, explanation))
      .with_native_code(native);
}

}  // namespace sluice::dialect::gemini
