#include "dialect/responses/answer_reader.hpp"

#include "dialect/character_count.hpp"
#include "dialect/responses/usage.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sluice::dialect::responses {
namespace {

using Place = chat::Extra::Place;

/// The API opens few at a time; more than this are not meant.
constexpr std::size_t max_open_items = 256;

/// Where a call's id may stand, the client's first.
constexpr std::array<std::string_view, 2> id_members{"call_id", "id"};

Failure broken(std::string_view what) {
  return fail(ErrorCode::upstream_protocol, "the provider broke its own protocol: " + std::string(what));
}

void keep_element(std::string& list, std::string_view json) {
  list.append(list.empty() ? "[" : ",").append(json);
}

std::int64_t seconds(json::Value time) {
  constexpr double most = 1e12;
  const double told = time.number().value_or(0);
  return told > 0 && told < most ? static_cast<std::int64_t>(std::floor(told)) : 0;
}

}  // namespace

// ---- the answer -----------------------------------------------------------------------------------------

void AnswerReader::start(json::Value response, chat::EventSink& sink) {
  if (started_) return;
  started_ = true;
  sink.on(chat::Start{.id = response["id"].text(),
                      .model = response["model"].text(),
                      .created = seconds(response["created_at"])});
}

Result<> AnswerReader::finish(json::Value response, bool incomplete, chat::EventSink& sink) {
  start(response, sink);
  const json::Value output = response["output"];
  if (auto done = end_open_items(output, sink); !done) return fail(done);
  if (auto done = tell_unseen_items(output, sink); !done) return fail(done);
  tell_extras(response, sink);
  if (const auto usage = read_usage(response["usage"])) sink.on(chat::UsageUpdate{.usage = *usage});

  const json::Value why = response["incomplete_details"]["reason"];
  auto reason = calls_ > 0 ? chat::FinishReason::tool_calls : chat::FinishReason::stop;
  if (incomplete)
    reason = why.equals("content_filter") ? chat::FinishReason::content_filter : chat::FinishReason::length;
  const json::Text native =
      why.text().empty() ? json::Text(incomplete ? "incomplete" : "completed") : why.text();
  sink.on(chat::Finish{.reason = reason, .native = native});
  sink.on(chat::End{});
  return {};
}

/// Items that were begun and not ended, as the complete answer has them.
Result<> AnswerReader::end_open_items(json::Value output, chat::EventSink& sink) {
  std::int64_t index = 0;
  for (json::Value item : output.elements()) {
    const Item* open = find(index);
    if (open && open->kind == kind_of(item))
      if (auto done = close_item(index, item, sink); !done) return fail(done);
    ++index;
  }
  while (!items_.empty())
    if (auto done = close_item(items_.front().index, {}, sink); !done) return fail(done);
  return {};
}

/// Some hosts say in the complete answer what they have not streamed.
Result<> AnswerReader::tell_unseen_items(json::Value output, chat::EventSink& sink) {
  const auto seen = seen_;
  std::int64_t index = -1;  // none that a stream has
  for (json::Value item : output.elements()) {
    const Kind kind = kind_of(item);
    if (seen[static_cast<std::size_t>(kind)] && (kind != Kind::call || has_told_call(item))) continue;
    if (auto done = close_item(--index, item, sink); !done) return fail(done);
  }
  return {};
}

void AnswerReader::tell_extras(json::Value response, chat::EventSink& sink) {
  const auto tell_list = [&](Place place, std::string_view name, std::string& list) {
    if (list.empty()) return;
    list.push_back(']');
    sink.on(chat::Extra{.place = place, .name = json::Text(name), .json = list});
  };
  citations_.end_answer(sink);
  tell_list(Place::message, "provider_blocks", other_items_);
  if (!phase_.empty())
    sink.on(chat::Extra{.place = Place::message, .name = json::Text("phase"), .json = phase_});
  if (!logprobs_.empty()) {
    scratch_.assign(R"({"content":)").append(logprobs_).append(R"(],"refusal":null})");
    sink.on(chat::Extra{.place = Place::choice, .name = json::Text("logprobs"), .json = scratch_});
  }
  if (const json::Value tier = response["service_tier"]; tier.is_string())
    sink.on(chat::Extra{.place = Place::answer, .name = json::Text("service_tier"), .json = tier.raw()});
}

// ---- items ----------------------------------------------------------------------------------------------

/// A custom call that the client offered no tool for is one of the provider's own.
AnswerReader::Kind AnswerReader::kind_of(json::Value item) const {
  const json::Value type = item["type"];
  if (type.equals("message")) return Kind::message;
  if (type.equals("reasoning")) return Kind::reasoning;
  if (type.equals("function_call")) return Kind::call;
  return type.equals("custom_tool_call") && context_.custom_tools ? Kind::call : Kind::other;
}

AnswerReader::Item* AnswerReader::find(std::int64_t index) {
  const auto found = std::ranges::find(items_, index, &Item::index);
  return found == items_.end() ? nullptr : &*found;
}

/// Null if the item has ended, or is of another kind.
AnswerReader::Item* AnswerReader::find_or_open(std::int64_t index, Kind kind) {
  if (Item* open = find(index)) return open->kind == kind ? open : nullptr;
  if (closed_.contains(index) || items_.size() == max_open_items) return nullptr;
  seen_[static_cast<std::size_t>(kind)] = true;
  return &items_.emplace_back(Item{.index = index, .kind = kind});
}

Result<> AnswerReader::open_item(std::int64_t index, json::Value source, chat::EventSink& sink) {
  start({}, sink);
  if (!source.is_object()) return broken("an item came without its content");
  if (items_.size() == max_open_items) return broken("items were begun and not ended");
  Item* item = find_or_open(index, kind_of(source));
  if (!item || item->kind != Kind::call) return {};
  item->custom = source["type"].equals("custom_tool_call");
  // Its name may come with its end only.
  return source["name"].text().empty() ? Result<>() : begin_call(*item, source, sink);
}

Result<> AnswerReader::close_item(std::int64_t index, json::Value source, chat::EventSink& sink) {
  start({}, sink);
  Item* open = find(index);
  if (!open) open = find_or_open(index, kind_of(source));
  if (!open) return {};  // it has ended already
  Item item = std::move(*open);
  items_.erase(items_.begin() + (open - items_.data()));
  if (index != no_place) closed_.insert(index);
  switch (item.kind) {
    case Kind::message:
      end_message(item, source, sink);
      break;
    case Kind::reasoning:
      end_reasoning(item, source, sink);
      break;
    case Kind::call:
      return end_call(item, source, sink);
    case Kind::other:
      end_other(source, sink);
      break;
  }
  return {};
}

// ---- text, refusals, thoughts ---------------------------------------------------------------------------

void AnswerReader::add(std::int64_t index, Section section, std::int64_t part, json::Text piece,
                       chat::EventSink& sink) {
  start({}, sink);
  const bool said = section == Section::text || section == Section::refusal;
  if (Item* item = find_or_open(index, said ? Kind::message : Kind::reasoning))
    tell(*item, section, part, piece, sink);
}

AnswerReader::Part* AnswerReader::find(Item& item, Section section, std::int64_t part) {
  const auto found = std::ranges::find_if(
      item.parts, [&](const Part& p) { return p.section == section && p.index == part; });
  return found == item.parts.end() ? nullptr : &*found;
}

/// Parts of what the model thought are paragraphs.
AnswerReader::Part& AnswerReader::begin_part(Item& item, Section section, std::int64_t index,
                                             chat::EventSink& sink) {
  Part& part = item.parts.emplace_back(Part{.section = section, .index = index, .begin = characters_});
  if (section == Section::text || section == Section::refusal) return part;
  if (has_thoughts_) sink.on(chat::ReasoningDelta{.text = json::Text("\\n\\n")});
  has_thoughts_ = true;
  if (section == Section::summary) part.detail = details_++;
  return part;
}

void AnswerReader::tell(Item& item, Section section, std::int64_t index, json::Text piece,
                        chat::EventSink& sink) {
  if (piece.empty()) return;
  Part* known = find(item, section, index);
  Part& part = known ? *known : begin_part(item, section, index, sink);
  part.told.add(piece);
  switch (section) {
    case Section::text:
      characters_ += count_characters(piece);
      sink.on(chat::TextDelta{.text = piece});
      break;
    case Section::refusal:
      sink.on(chat::RefusalDelta{.text = piece});
      break;
    case Section::summary:
      sink.on(chat::ReasoningDelta{
          .text = piece, .detail = part.detail, .format = context_.reasoning_format, .summary = true});
      break;
    case Section::thought:
      sink.on(chat::ReasoningDelta{.text = piece});
      break;
  }
}

void AnswerReader::tell_missing(Item& item, Section section, std::int64_t part, json::Text whole,
                                chat::EventSink& sink) {
  const Part* known = find(item, section, part);
  tell(item, section, part, known ? known->told.missing_of(whole) : whole, sink);
}

void AnswerReader::end_message(Item& item, json::Value source, chat::EventSink& sink) {
  std::int64_t index = 0;
  for (json::Value content : source["content"].elements()) {
    tell_missing(item, Section::text, index, content["text"].text(), sink);
    tell_missing(item, Section::refusal, index, content["refusal"].text(), sink);
    const Part* text = find(item, Section::text, index++);
    const std::int64_t begin = text ? text->begin : characters_;
    const Span span{begin, begin + count_characters(content["text"].text())};
    for (json::Value annotation : content["annotations"].elements()) citations_.add(annotation, span, sink);
    for (json::Value token : content["logprobs"].elements()) keep_element(logprobs_, token.raw());
  }
  if (const json::Value phase = source["phase"]; phase.is_string()) phase_ = phase.raw();
}

/// What is encrypted counts only at the end: the item is announced with less.
void AnswerReader::end_reasoning(Item& item, json::Value source, chat::EventSink& sink) {
  std::int64_t index = 0;
  for (json::Value part : source["summary"].elements())
    tell_missing(item, Section::summary, index++, part["text"].text(), sink);
  index = 0;
  for (json::Value part : source["content"].elements())
    tell_missing(item, Section::thought, index++, part["text"].text(), sink);
  const json::Text encrypted = source["encrypted_content"].text();
  if (encrypted.empty()) return;
  std::string buffer;
  const std::string_view format = source["format"].text().decode(buffer);
  sink.on(chat::ReasoningOpaque{.detail = details_++,
                                .data = encrypted,
                                .id = source["id"].text(),
                                .format = format.empty() ? context_.reasoning_format : format});
}

// ---- tool calls -----------------------------------------------------------------------------------------

Result<> AnswerReader::begin_call(Item& item, json::Value source, chat::EventSink& sink) {
  const json::Text name = source["name"].text();
  if (name.empty()) return broken("a tool call came without a name");
  item.told_call = true;
  item.call = calls_++;
  sink.on(chat::ToolCallStart{.call = item.call,
                              .id = call_id(source),
                              .name = context_.renamed_tools.restore(name),
                              .custom = item.custom});
  return {};
}

void AnswerReader::add_arguments(std::int64_t index, json::Text piece, chat::EventSink& sink) {
  if (Item* item = find(index); item && item->told_call) tell_arguments(*item, piece, sink);
}

void AnswerReader::complete_arguments(std::int64_t index, json::Text arguments, chat::EventSink& sink) {
  Item* item = find(index);
  if (item && item->told_call) tell_arguments(*item, item->arguments.missing_of(arguments), sink);
}

void AnswerReader::tell_arguments(Item& item, json::Text piece, chat::EventSink& sink) {
  if (piece.empty()) return;
  item.arguments.add(piece);
  sink.on(chat::ToolCallDelta{.call = item.call, .arguments = piece, .custom = item.custom});
}

Result<> AnswerReader::end_call(Item& item, json::Value source, chat::EventSink& sink) {
  if (!item.told_call) {
    item.custom = source["type"].equals("custom_tool_call");
    if (auto begun = begin_call(item, source, sink); !begun) return fail(begun);
  }
  tell_arguments(item, item.arguments.missing_of(source[item.custom ? "input" : "arguments"].text()), sink);
  if (item.arguments.size > 0) return {};
  const json::Text nothing(item.custom ? "" : "{}");
  sink.on(chat::ToolCallDelta{.call = item.call, .arguments = nothing, .custom = item.custom});
  return {};
}

/// The provider's own id where it can serve as one. Valid until the next call.
json::Text AnswerReader::call_id(json::Value item) {
  for (std::string_view member : id_members) {
    const json::Text native = item[member].text();
    if (!native.empty() && call_ids_.insert(native.decode()).second) return native;
  }
  for (std::size_t number = call_ids_.size();; ++number) {
    scratch_ = fmt::format("call_{:016x}_{}", context_.seed, number);
    if (call_ids_.insert(scratch_).second) return json::Text(scratch_);
  }
}

/// Whether one of its ids is that of a call which has been told; so it is where it has none to tell it by.
bool AnswerReader::has_told_call(json::Value item) const {
  bool has_id = false;
  for (std::string_view member : id_members) {
    const json::Text native = item[member].text();
    has_id |= !native.empty();
    if (!native.empty() && call_ids_.contains(native.decode())) return true;
  }
  return !has_id;
}

// ---- what chat completions have no words for ------------------------------------------------------------

/// Tools that the provider runs itself, their results, summaries of what was compacted: no calls of the
/// client's.
void AnswerReader::end_other(json::Value source, chat::EventSink& sink) {
  const json::Text image =
      source["type"].equals("image_generation_call") ? source["result"].text() : json::Text();
  if (image.empty()) {
    if (source.is_object()) keep_element(other_items_, source.raw());
    return;
  }
  const json::Text format = source["output_format"].text();
  scratch_.assign(R"({"type":"image_url","image_url":{"url":"data:image/)");
  scratch_.append(format.empty() ? "png" : format.escaped()).append(";base64,");
  scratch_.append(image.escaped()).append(R"("}})");
  sink.on(chat::Image{.json = scratch_});
}

}  // namespace sluice::dialect::responses
