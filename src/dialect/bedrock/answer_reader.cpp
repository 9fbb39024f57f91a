#include "dialect/bedrock/answer_reader.hpp"

#include "base/text.hpp"
#include "dialect/bedrock/redacted.hpp"
#include "dialect/bedrock/stop_reason.hpp"
#include "dialect/bedrock/usage.hpp"
#include "dialect/character_count.hpp"
#include "dialect/tool_arguments.hpp"
#include "json/patch.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::dialect::bedrock {
namespace {

/// Only Claude signs its thoughts.
constexpr std::string_view signed_format = "anthropic-claude-v1";

/// The API opens one at a time; more than this are not meant.
constexpr std::size_t max_open_blocks = 64;

Failure broken(std::string_view what) {
  return fail(ErrorCode::upstream_protocol, "the provider broke its own protocol: " + std::string(what));
}

/// Tools that AWS runs itself are no calls of the client's.
bool is_clients(json::Value call) {
  return !call["type"].is_string() || call["type"].equals("tool_use");
}

}  // namespace

// ---- the answer -----------------------------------------------------------------------------------------

Result<> AnswerReader::start(chat::EventSink& sink) {
  if (started_) return broken("a second message began before the first had ended");
  started_ = true;
  sink.on(chat::Start{});
  return {};
}

void AnswerReader::note_end(json::Value ending) {
  stopped_ = true;
  stop_reason_escaped_ = ending["stopReason"].text().escaped();
  const json::Value further = ending["additionalModelResponseFields"];
  for (const json::Value place : {further, further["delta"]})
    if (const json::Value sequence = place["stop_sequence"]; sequence.is_string())
      stop_sequence_escaped_ = sequence.text().escaped();
}

void AnswerReader::note_metadata(json::Value metadata, chat::EventSink& sink) {
  if (const auto usage = read_usage(metadata["usage"])) sink.on(chat::UsageUpdate{*usage, {}});
  if (const json::Value tier = metadata["serviceTier"]["type"]; tier.is_string())
    sink.on(chat::Extra{chat::Extra::Place::answer, 0, json::Text("service_tier"), tier.raw()});
  if (const json::Value trace = metadata["trace"]; trace.is_object())
    sink.on(chat::Extra{chat::Extra::Place::answer, 0, json::Text("trace"), trace.raw()});
}

Result<> AnswerReader::finish(chat::EventSink& sink) {
  for (Block& block : blocks_) end(block, sink);
  blocks_.clear();
  const json::Text native(stop_reason_escaped_);
  const auto reason = finish_reason(native, calls_ > 0);
  if (!reason)
    return fail(
        Error(ErrorCode::upstream_error, "the model wrote what Bedrock cannot read (" + native.decode() + ")")
            .with_native_code(native.decode()));
  citations_.end_answer(sink);
  if (!other_blocks_.empty()) {
    other_blocks_.push_back(']');
    sink.on(chat::Extra{chat::Extra::Place::message, 0, json::Text("provider_blocks"), other_blocks_});
  }
  sink.on(chat::Finish{0, *reason, native, json::Text(stop_sequence_escaped_)});
  sink.on(chat::End{});
  return {};
}

// ---- blocks ---------------------------------------------------------------------------------------------

AnswerReader::Block* AnswerReader::find(std::int64_t index) {
  const auto found = std::ranges::find(blocks_, index, &Block::index);
  return found == blocks_.end() ? nullptr : &*found;
}

Result<> AnswerReader::add_block(std::int64_t index, Kind kind) {
  if (!started_) return broken("a block came before the message began");
  if (stopped_) return broken("a block came behind the message's end");
  if (find(index) || blocks_.size() == max_open_blocks) return broken("blocks were opened and not closed");
  Block& block = blocks_.emplace_back();
  block.index = index;
  block.kind = kind;
  block.text_begin = characters_;
  if (kind == Kind::thinking) block.number = thoughts_++;
  return {};
}

Result<> AnswerReader::open_block(std::int64_t index, json::Value start, chat::EventSink& sink) {
  if (start.size() == 0) return {};  // what it is, its first delta tells
  const json::Value call = start["toolUse"];
  const bool clients = call.is_object() && is_clients(call);
  if (clients && call["name"].text().empty()) return broken("a tool call came without a name");
  if (auto added = add_block(index, clients ? Kind::tool_use : Kind::other); !added) return added;
  if (clients) {
    begin_call(blocks_.back(), call, sink);
  } else {
    blocks_.back().kept = start.raw();
  }
  return {};
}

Result<> AnswerReader::add_to_block(std::int64_t index, json::Value delta, chat::EventSink& sink) {
  Block* block = find(index);
  if (!block) {
    if (delta["toolUse"]) return broken("arguments came for a tool call that is not open");
    const Kind kind = delta["reasoningContent"] ? Kind::thinking : Kind::text;
    if (auto added = add_block(index, kind); !added) return added;
    block = &blocks_.back();
  }
  if (delta["text"].is_string()) tell_text(delta["text"].text(), sink);
  if (delta["citation"]) citations_.add(delta["citation"]);
  if (const json::Value reasoning = delta["reasoningContent"])
    if (auto told = tell_thought(*block, reasoning, sink); !told) return told;
  if (const json::Value call = delta["toolUse"]) add_input(*block, call["input"].text(), sink);
  if (const json::Value results = delta["toolResult"]) add_results(*block, results);
  return {};
}

Result<> AnswerReader::close_block(std::int64_t index, chat::EventSink& sink) {
  Block* block = find(index);
  if (!block)
    return started_ ? Result<>() : broken("a block ended before the message began");  // it was empty
  end(*block, sink);
  blocks_.erase(blocks_.begin() + (block - blocks_.data()));
  return {};
}

Result<> AnswerReader::add_content(json::Value content, chat::EventSink& sink) {
  constexpr std::int64_t index = 0;
  for (json::Value block : content.elements()) {
    if (auto added = add_whole(index, block, sink); !added) return added;
    if (auto closed = close_block(index, sink); !closed) return closed;
  }
  return {};
}

/// A block as the pieces that a stream would have brought.
Result<> AnswerReader::add_whole(std::int64_t index, json::Value block, chat::EventSink& sink) {
  if (block["toolUse"] && is_clients(block["toolUse"])) return open_block(index, block, sink);
  if (const json::Value cited = block["citationsContent"]) {
    if (auto added = add_block(index, Kind::text); !added) return added;
    for (json::Value part : cited["content"].elements()) tell_text(part["text"].text(), sink);
    for (json::Value citation : cited["citations"].elements()) citations_.add(citation);
    return {};
  }
  if (block["text"].is_string() || block["reasoningContent"]) return add_to_block(index, block, sink);
  if (block.is_object()) keep_other(block.raw());
  return {};
}

void AnswerReader::end(Block& block, chat::EventSink& sink) {
  switch (block.kind) {
    case Kind::text:
      citations_.end_block(block.text_begin, characters_, sink);
      break;
    case Kind::thinking:
      end_thought(block, sink);
      break;
    case Kind::tool_use:
      end_call(block, sink);
      break;
    case Kind::other:
      end_other(block);
      break;
  }
}

// ---- text and thinking ----------------------------------------------------------------------------------

void AnswerReader::tell_text(json::Text text, chat::EventSink& sink) {
  if (text.empty()) return;
  characters_ += count_characters(text);
  sink.on(chat::TextDelta{0, text});
}

/// Streams bring its members one by one, whole answers put text and signature into `reasoningText`.
Result<> AnswerReader::tell_thought(Block& block, json::Value reasoning, chat::EventSink& sink) {
  if (block.kind != Kind::thinking) return {};
  const auto detail = static_cast<std::int32_t>(block.number);
  for (const json::Value place : {reasoning, reasoning["reasoningText"]}) {
    if (const json::Text text = place["text"].text(); !text.empty())
      sink.on(chat::ReasoningDelta{0, text, detail, {}});
    if (const json::Text signature = place["signature"].text(); !signature.empty())
      sink.on(chat::ReasoningSignature{0, detail, signature, signed_format});
  }
  const auto redacted = decode_base64(reasoning["redactedContent"].string());
  if (!redacted) return broken("redacted reasoning came that is not base64");
  block.pieces.append(*redacted);
  return {};
}

void AnswerReader::end_thought(const Block& block, chat::EventSink& sink) {
  if (block.pieces.empty()) return;
  const Redacted redacted = read_redacted(block.pieces);
  sink.on(chat::ReasoningOpaque{
      0, static_cast<std::int32_t>(block.number), json::Text(redacted.data_escaped), {}, redacted.format});
}

// ---- tool calls -----------------------------------------------------------------------------------------

void AnswerReader::begin_call(Block& block, json::Value call, chat::EventSink& sink) {
  block.number = calls_++;
  const json::Text id(call_id(call["toolUseId"].text()));
  sink.on(chat::ToolCallStart{0, block.number, id, context_.renamed_tools.restore(call["name"].text())});
  if (call["input"].is_object()) block.kept = call["input"].raw();
}

void AnswerReader::add_input(Block& block, json::Text piece, chat::EventSink& sink) {
  if (piece.empty()) return;
  if (block.kind == Kind::other) return json::append_decoded(block.pieces, piece.escaped());
  if (block.kind != Kind::tool_use) return;
  block.told_arguments = true;
  sink.on(chat::ToolCallDelta{0, block.number, piece});
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

void AnswerReader::keep_other(std::string_view block) {
  other_blocks_.append(other_blocks_.empty() ? "[" : ",").append(block);
}

void AnswerReader::add_results(Block& block, json::Value results) {
  if (block.kind != Kind::other) return;
  for (json::Value result : results.elements())
    block.pieces.append(block.pieces.empty() ? "" : ",").append(result.raw());
}

/// Tools that AWS runs itself and their results, as a whole answer would hold them.
void AnswerReader::end_other(const Block& block) {
  json::Document document, input;
  const auto start = document.parse(block.kept);
  if (!start) return;
  const bool call = (*start)["toolUse"].is_object();
  const json::Value inner = (*start)[call ? "toolUse" : "toolResult"];
  const std::string content = call ? block.pieces : "[" + block.pieces + "]";
  if (!inner.is_object() || block.pieces.empty() || !input.parse(content)) return keep_other(block.kept);
  std::string whole = call ? "{\"toolUse\":" : "{\"toolResult\":";
  json::Patch patch(inner);
  patch.set(call ? "input" : "content", content);
  patch.append_to(whole);
  keep_other(whole.append("}"));
}

}  // namespace sluice::dialect::bedrock
