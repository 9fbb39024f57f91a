#include "dialect/anthropic/answer_reader.hpp"

#include "dialect/anthropic/stop_reason.hpp"
#include "dialect/character_count.hpp"
#include "dialect/tool_arguments.hpp"
#include "json/patch.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::dialect::anthropic {
namespace {

constexpr std::string_view format = "anthropic-claude-v1";

/// The API opens one at a time; more than this are not meant.
constexpr std::size_t max_open_blocks = 64;

Failure broken(std::string_view what) {
  return fail(ErrorCode::upstream_protocol, "the provider broke its own protocol: " + std::string(what));
}

void keep_member(std::string& list, std::string_view json) {
  list.append(list.empty() ? "[" : ",").append(json);
}

}  // namespace

// ---- the answer -----------------------------------------------------------------------------------------

Result<> AnswerReader::start(json::Value message, chat::EventSink& sink) {
  const json::Text id = message["id"].text();
  if (started_) {
    if (id.escaped() == id_escaped_) return {};
    return broken("a second message began before the first had ended");
  }
  started_ = true;
  id_escaped_ = id.escaped();
  sink.on(chat::Start{id, message["model"].text()});
  add_usage(message["usage"], sink);
  return {};
}

void AnswerReader::add_usage(json::Value usage, chat::EventSink& sink) {
  if (!usage.is_object()) return;
  usage_.read(usage);
  if (const json::Value tier = usage["service_tier"]; tier.is_string())
    service_tier_ = tier.equals("standard") ? "\"default\"" : std::string(tier.raw());
  if (usage_.has_any()) sink.on(chat::UsageUpdate{usage_.total(), {}});
}

void AnswerReader::note_end(json::Value ending, chat::EventSink& sink) {
  if (ending["stop_reason"].is_string()) stop_reason_escaped_ = ending["stop_reason"].text().escaped();
  if (ending["stop_sequence"].is_string()) stop_sequence_escaped_ = ending["stop_sequence"].text().escaped();
  if (const json::Value container = ending["container"]; container.is_object())
    sink.on(chat::Extra{chat::Extra::Place::answer, 0, json::Text("container"), container.raw()});
  const json::Value details = ending["stop_details"];
  if (!details.is_object()) return;
  explanation_escaped_ = details["explanation"].text().escaped();
  sink.on(chat::Extra{chat::Extra::Place::choice, 0, json::Text("stop_details"), details.raw()});
}

void AnswerReader::finish(chat::EventSink& sink) {
  for (Block& block : blocks_) end(block, sink);
  blocks_.clear();
  citations_.end_answer(sink);
  if (!other_blocks_.empty()) {
    other_blocks_.push_back(']');
    sink.on(chat::Extra{chat::Extra::Place::message, 0, json::Text("provider_blocks"), other_blocks_});
  }
  if (!service_tier_.empty())
    sink.on(chat::Extra{chat::Extra::Place::answer, 0, json::Text("service_tier"), service_tier_});
  const json::Text native(stop_reason_escaped_);
  const auto reason = finish_reason(native, calls_ > 0);
  if (reason == chat::FinishReason::content_filter && !has_text_ && !explanation_escaped_.empty())
    sink.on(chat::RefusalDelta{0, json::Text(explanation_escaped_)});
  sink.on(chat::Finish{0, reason, native, json::Text(stop_sequence_escaped_)});
  sink.on(chat::End{});
}

// ---- blocks ---------------------------------------------------------------------------------------------

AnswerReader::Block* AnswerReader::open(std::int64_t index) {
  const auto found = std::ranges::find(blocks_, index, &Block::index);
  return found == blocks_.end() ? nullptr : &*found;
}

Result<> AnswerReader::open_block(std::int64_t index, json::Value source, chat::EventSink& sink) {
  if (!started_) return broken("a block came before the message began");
  if (open(index) || blocks_.size() == max_open_blocks) return broken("blocks were opened and not closed");
  if (!source.is_object()) return broken("a block came without its content");
  if (source["type"].equals("tool_use") && source["name"].text().empty())
    return broken("a tool call came without a name");
  Block& block = blocks_.emplace_back();
  block.index = index;
  const json::Value type = source["type"];
  if (type.equals("text")) {
    begin_text(block, source, sink);
  } else if (type.equals("thinking")) {
    begin_thinking(block, source, sink);
  } else if (type.equals("redacted_thinking")) {
    tell_redacted(source, sink);
    block.kind = Kind::thinking;
  } else if (type.equals("tool_use")) {
    begin_call(block, source, sink);
  } else {
    block.kept = source.raw();
  }
  return {};
}

Result<> AnswerReader::add_to_block(std::int64_t index, json::Value delta, chat::EventSink& sink) {
  Block* block = open(index);
  if (!block) return broken("a delta came for a block that is not open");
  const json::Value type = delta["type"];
  if (type.equals("text_delta")) {
    tell_text(delta["text"].text(), sink);
  } else if (type.equals("input_json_delta")) {
    const json::Text piece = delta["partial_json"].text();
    if (piece.empty()) return {};
    if (block->kind != Kind::tool_use) {
      json::append_decoded(block->pieces, piece.escaped());
      return {};
    }
    block->told_arguments = true;
    sink.on(chat::ToolCallDelta{0, block->number, piece});
  } else if (type.equals("thinking_delta")) {
    tell_thought(*block, delta["thinking"].text(), sink);
  } else if (type.equals("signature_delta")) {
    tell_signature(*block, delta["signature"].text(), sink);
  } else if (type.equals("citations_delta")) {
    citations_.add(delta["citation"]);
  } else if (type.equals("compaction_delta") && block->kind == Kind::other && delta["content"].exists()) {
    block->kept.clear();
    json::Writer json(block->kept);
    json.begin_object()
        .key("type")
        .string("compaction")
        .key("content")
        .raw(delta["content"].raw())
        .end_object();
  }
  return {};
}

Result<> AnswerReader::close_block(std::int64_t index, chat::EventSink& sink) {
  Block* block = open(index);
  if (!block) return broken("a block ended that is not open");
  end(*block, sink);
  blocks_.erase(blocks_.begin() + (block - blocks_.data()));
  return {};
}

Result<> AnswerReader::add_content(json::Value content, chat::EventSink& sink) {
  constexpr std::int64_t index = -1;  // no block of a stream has it
  for (json::Value block : content.elements()) {
    if (auto opened = open_block(index, block, sink); !opened) return fail(opened);
    if (auto closed = close_block(index, sink); !closed) return fail(closed);
  }
  return {};
}

void AnswerReader::end(Block& block, chat::EventSink& sink) {
  switch (block.kind) {
    case Kind::text:
      citations_.end_block(block.text_begin, characters_, sink);
      break;
    case Kind::tool_use:
      end_call(block, sink);
      break;
    case Kind::other:
      end_other(block);
      break;
    case Kind::thinking:
      break;
  }
}

// ---- text and thinking ----------------------------------------------------------------------------------

void AnswerReader::begin_text(Block& block, json::Value source, chat::EventSink& sink) {
  block.kind = Kind::text;
  block.text_begin = characters_;
  tell_text(source["text"].text(), sink);
  for (json::Value citation : source["citations"].elements()) citations_.add(citation);
}

void AnswerReader::tell_text(json::Text text, chat::EventSink& sink) {
  if (text.empty()) return;
  characters_ += count_characters(text);
  has_text_ = true;
  sink.on(chat::TextDelta{0, text});
}

void AnswerReader::begin_thinking(Block& block, json::Value source, chat::EventSink& sink) {
  block.kind = Kind::thinking;
  block.number = thoughts_++;
  tell_thought(block, source["thinking"].text(), sink);
  tell_signature(block, source["signature"].text(), sink);
}

void AnswerReader::tell_thought(const Block& block, json::Text text, chat::EventSink& sink) {
  if (text.empty() || block.kind != Kind::thinking) return;
  sink.on(chat::ReasoningDelta{0, text, static_cast<std::int32_t>(block.number), format});
}

void AnswerReader::tell_signature(const Block& block, json::Text signature, chat::EventSink& sink) {
  if (signature.empty() || block.kind != Kind::thinking) return;
  sink.on(chat::ReasoningSignature{0, static_cast<std::int32_t>(block.number), signature, format});
}

void AnswerReader::tell_redacted(json::Value source, chat::EventSink& sink) {
  const auto number = static_cast<std::int32_t>(thoughts_++);
  sink.on(chat::ReasoningOpaque{0, number, source["data"].text(), {}, format});
}

// ---- tool calls -----------------------------------------------------------------------------------------

void AnswerReader::begin_call(Block& block, json::Value source, chat::EventSink& sink) {
  block.kind = Kind::tool_use;
  block.number = calls_++;
  const json::Text id(call_id(source["id"].text()));
  sink.on(chat::ToolCallStart{0, block.number, id, context_.renamed_tools.restore(source["name"].text())});
  // Streams announce `{}` and send the arguments behind it; it counts only if nothing comes.
  if (const json::Value input = source["input"]; input.is_object() && input.size() > 0)
    block.kept = input.raw();
}

void AnswerReader::end_call(Block& block, chat::EventSink& sink) {
  if (block.told_arguments) return;
  scratch_.clear();
  append_arguments_text(scratch_, block.kept.empty() ? "{}" : block.kept);
  sink.on(chat::ToolCallDelta{0, block.number, json::Text(scratch_)});
}

/// The provider's own id where it can serve as one.
std::string_view AnswerReader::call_id(json::Text native) {
  if (!native.empty()) {
    const auto [id, is_new] = call_ids_.emplace(native.escaped());
    if (is_new) return *id;
  }
  return *call_ids_.insert(fmt::format("call_{:016x}_{}", context_.seed, calls_)).first;
}

// ---- what OpenAI has no words for -----------------------------------------------------------------------

/// Tools that the provider runs itself, their results, summaries of what was compacted: no calls of the
/// client's.
void AnswerReader::end_other(const Block& block) {
  json::Document document, input;
  if (block.pieces.empty() || !input.parse(block.pieces) || !document.parse(block.kept))
    return keep_member(other_blocks_, block.kept);
  json::Patch patch(document.root());
  patch.set("input", block.pieces);
  std::string whole;
  patch.append_to(whole);
  keep_member(other_blocks_, whole);
}

}  // namespace sluice::dialect::anthropic
