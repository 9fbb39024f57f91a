#include "dialect/openai/encode_stream.hpp"

#include "chat/fold.hpp"
#include "dialect/openai/answer_members.hpp"
#include "dialect/openai/encode_usage.hpp"
#include "dialect/openai/pass_chunk.hpp"
#include "json/writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::dialect::openai {
namespace {

using Place = chat::Extra::Place;
using Kind = chat::ReasoningBlock::Kind;

void append_number(std::string& out, std::uint32_t value) {
  std::array<char, 12> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

bool waits(const std::vector<chat::ExtraMember>& extras, json::Text name) {
  return std::ranges::find(extras, name.escaped(), &chat::ExtraMember::name_escaped) != extras.end();
}

}  // namespace

// ---- the frame of a chunk -------------------------------------------------------------------------------

StreamEncoder::ChoiceState& StreamEncoder::state(std::uint32_t choice) {
  const auto known = std::ranges::find(choices_, choice, &ChoiceState::index);
  if (known != choices_.end()) return *known;
  auto& added = choices_.emplace_back();
  added.index = choice;
  return added;
}

void StreamEncoder::prepare() {
  if (!head_.empty()) return;
  if (id_.empty()) id_ = answer_id({}, envelope_);
  head_ = "data: ";
  json::Writer w(head_);
  w.begin_object().key("id").raw(id_).key("object").raw(R"("chat.completion.chunk")");
  w.key("created").integer(created_ != 0 ? created_ : envelope_.created);
  w.key("model").string(envelope_.model).key("request_id").string(envelope_.request_id);
  head_.append(R"(,"choices":[)");
}

StreamEncoder::ChoiceState* StreamEncoder::due(std::uint32_t index) {
  if (passed_) return nullptr;
  prepare();
  ChoiceState& choice = state(index);
  if (!choice.role_sent) {
    choice.role_sent = true;
    open_chunk(choice);
    out_.append(R"("role":"assistant","content":"")");
    close_chunk(choice);
  }
  return &choice;
}

void StreamEncoder::open_chunk(const ChoiceState& choice) {
  out_.append(head_).append(R"({"index":)");
  append_number(out_, choice.index);
  out_.append(R"(,"delta":{)");
}

void StreamEncoder::close_chunk(ChoiceState& choice) {
  out_.push_back('}');
  append_choice_extras(choice);
  out_.append(R"(,"finish_reason":null}])");
  append_answer_extras();
  out_.append(tail());
}

std::string_view StreamEncoder::tail() const {
  return envelope_.include_usage ? ",\"usage\":null}\n\n" : "}\n\n";
}

void StreamEncoder::append_choice_extras(ChoiceState& choice) {
  if (choice.extras.empty()) return;
  json::Writer w(out_);
  append_extras(w, Place::choice, choice.extras);
  choice.extras.clear();
}

void StreamEncoder::append_answer_extras() {
  if (extras_.empty()) return;
  json::Writer w(out_);
  append_extras(w, Place::answer, extras_);
  extras_.clear();
}

// ---- deltas ---------------------------------------------------------------------------------------------

void StreamEncoder::on(const chat::Start& e) {
  if (id_.empty() && !e.id.empty()) id_ = answer_id(e.id, envelope_);
  if (created_ == 0) created_ = e.created;
}

void StreamEncoder::on(const chat::TextDelta& e) {
  append_text_chunk(e.choice, R"("content":")", e.text);
}

void StreamEncoder::on(const chat::RefusalDelta& e) {
  append_text_chunk(e.choice, R"("refusal":")", e.text);
}

void StreamEncoder::append_text_chunk(std::uint32_t index, std::string_view opening, json::Text text) {
  has_content_ |= !text.empty();
  ChoiceState* choice = due(index);
  if (!choice || text.empty()) return;
  open_chunk(*choice);
  out_.append(opening).append(text.escaped()).push_back('"');
  close_chunk(*choice);
}

void StreamEncoder::on(const chat::ReasoningDelta& e) {
  if (e.detail < 0) return append_text_chunk(e.choice, R"("reasoning_content":")", e.text);
  has_content_ |= !e.text.empty();
  ChoiceState* choice = due(e.choice);
  if (!choice || e.text.empty()) return;
  open_chunk(*choice);
  json::Writer w(out_);
  w.key("reasoning_content").text(e.text).key("reasoning_details").begin_array();
  append_reasoning_entry(w, {.kind = e.summary ? Kind::summary : Kind::text,
                             .content = e.text,
                             .format = format_once(*choice, e.detail, e.format),
                             .index = e.detail});
  w.end_array();
  close_chunk(*choice);
}

/// Clients join the strings of fragments, so the format must not be repeated.
std::string_view StreamEncoder::format_once(ChoiceState& choice, std::int32_t detail,
                                            std::string_view format) {
  if (choice.formatted_detail >= detail) return {};
  if (!format.empty()) choice.formatted_detail = detail;
  return format;
}

void StreamEncoder::on(const chat::ReasoningSignature& e) {
  ChoiceState* choice = due(e.choice);
  if (!choice || e.signature.empty()) return;
  open_chunk(*choice);
  json::Writer w(out_);
  w.key("reasoning_details").begin_array();
  append_reasoning_entry(
      w, {.signature = e.signature, .format = format_once(*choice, e.detail, e.format), .index = e.detail});
  w.end_array();
  close_chunk(*choice);
}

void StreamEncoder::on(const chat::ReasoningOpaque& e) {
  ChoiceState* choice = due(e.choice);
  if (!choice) return;
  open_chunk(*choice);
  json::Writer w(out_);
  w.key("reasoning_details").begin_array();
  append_reasoning_entry(
      w, {.kind = Kind::opaque, .content = e.data, .id = e.id, .format = e.format, .index = e.detail});
  w.end_array();
  close_chunk(*choice);
}

void StreamEncoder::on(const chat::ReasoningDetail& e) {
  ChoiceState* choice = due(e.choice);
  if (!choice) return;
  open_chunk(*choice);
  out_.append(R"("reasoning_details":[)");
  append_on_one_line(e.entry.raw(), out_);
  out_.push_back(']');
  close_chunk(*choice);
}

/// The deprecated form has room for one call; further ones are told in the form of today, under their
/// numbers.
void StreamEncoder::on(const chat::ToolCallStart& e) {
  has_content_ = true;
  ChoiceState* choice = due(e.choice);
  if (!choice) return;
  open_chunk(*choice);
  json::Writer w(out_);
  if (envelope_.legacy_functions && e.call == 0) {
    w.key("function_call").begin_object().key("name").text(e.name).key("arguments").raw(R"("")").end_object();
  } else {
    w.key("tool_calls").begin_array();
    append_call(w, {.index = e.call,
                    .id = e.id,
                    .name = e.name,
                    .arguments = {},
                    .signature = e.signature,
                    .custom = e.custom});
    w.end_array();
  }
  close_chunk(*choice);
}

void StreamEncoder::on(const chat::ToolCallDelta& e) {
  ChoiceState* choice = due(e.choice);
  if (!choice || e.arguments.empty()) return;
  open_chunk(*choice);
  if (envelope_.legacy_functions && e.call == 0) {
    out_.append(R"("function_call":{"arguments":")").append(e.arguments.escaped()).append("\"}");
  } else {
    out_.append(R"("tool_calls":[{"index":)");
    append_number(out_, e.call);
    out_.append(e.custom ? R"(,"type":"custom","custom":{"input":")" : R"(,"function":{"arguments":")");
    out_.append(e.arguments.escaped()).append("\"}}]");
  }
  close_chunk(*choice);
}

void StreamEncoder::on(const chat::Annotation& e) {
  ChoiceState* choice = due(e.choice);
  if (!choice) return;
  if (!choice->annotations.empty()) choice->annotations.push_back(',');
  append_on_one_line(e.json, choice->annotations);
}

/// Official SDKs join list entries by their `index`; images are too large to be held back for one delta.
void StreamEncoder::on(const chat::Image& e) {
  has_content_ = true;
  ChoiceState* choice = due(e.choice);
  if (!choice) return;
  open_chunk(*choice);
  out_.append(R"("images":[)");
  const std::size_t begin = e.json.find('{');
  if (begin != std::string_view::npos && !e.json.contains(R"("index")")) {
    out_.append(R"({"index":)");
    append_number(out_, choice->images);
    out_.push_back(',');
    append_on_one_line(e.json.substr(begin + 1), out_);
  } else {
    append_on_one_line(e.json, out_);
  }
  ++choice->images;
  out_.push_back(']');
  close_chunk(*choice);
}

void StreamEncoder::on(const chat::Extra& e) {
  if (passed_ || is_ours(e.place, e.name)) return;
  if (e.place == Place::answer) return chat::keep(extras_, e);
  ChoiceState* choice = due(e.choice);
  const bool message = e.place == Place::message;
  if (message || waits(choice->extras, e.name)) {
    open_chunk(*choice);
    if (message) {
      json::Writer(out_).key(e.name);
      append_on_one_line(e.json, out_);
    }
    close_chunk(*choice);
  }
  if (!message) chat::keep(choice->extras, e);
}

void StreamEncoder::on(const chat::UsageUpdate& e) {
  usage_ = e.usage;
  native_usage_ = e.native.raw();
  has_usage_ = true;
}

// ---- the end --------------------------------------------------------------------------------------------

void StreamEncoder::on(const chat::Finish& e) {
  ChoiceState& choice = state(e.choice);
  choice.finish = e.reason;
  choice.native_finish = e.native.escaped();
  choice.stop_sequence = e.stop_sequence.escaped();
  if (e.choice != 0) return;
  finish_ = chat::name(e.reason);
  native_finish_ = e.native.escaped();
}

void StreamEncoder::on(const chat::End&) {
  passed_ = false;
  prepare();
  const bool with_usage = envelope_.include_usage && has_usage_;
  for (ChoiceState& choice : choices_) {
    due(choice.index);
    append_annotations(choice);
    append_finish(choice, !with_usage && &choice == &choices_.back());
  }
  if (with_usage || (choices_.empty() && has_report(envelope_))) append_closing_chunk(with_usage);
  out_.append("data: [DONE]\n\n");
}

void StreamEncoder::append_annotations(ChoiceState& choice) {
  if (choice.annotations.empty()) return;
  open_chunk(choice);
  out_.append(R"("annotations":[)").append(choice.annotations).push_back(']');
  close_chunk(choice);
}

void StreamEncoder::append_finish(ChoiceState& choice, bool with_report) {
  open_chunk(choice);
  out_.push_back('}');
  append_choice_extras(choice);
  json::Writer w(out_);
  w.key("finish_reason");
  if (choice.finish) {
    w.string(finish_word(*choice.finish, envelope_));
  } else {
    w.null();
  }
  if (!choice.native_finish.empty()) w.key("native_finish_reason").text(json::Text(choice.native_finish));
  if (!choice.stop_sequence.empty()) w.key("stop_sequence").text(json::Text(choice.stop_sequence));
  out_.append("}]");
  append_answer_extras();
  if (with_report && has_report(envelope_)) {
    w.key("sluice");
    append_report(w, envelope_);
  }
  out_.append(tail());
}

void StreamEncoder::append_closing_chunk(bool with_usage) {
  out_.append(head_).push_back(']');
  append_answer_extras();
  json::Writer w(out_);
  if (with_usage) {
    w.key("usage");
    append_usage(usage_, native_usage_, out_);
  }
  if (has_report(envelope_)) {
    w.key("sluice");
    append_report(w, envelope_);
  }
  out_.append("}\n\n");
}

// ---- chunks of a provider of the same dialect -----------------------------------------------------------

void StreamEncoder::begin_native(const chat::Native& native) {
  passed_ = native.conforms && pass(native.json);
}

/// A chunk passes only if it brings the role just when that is due. A client that speaks `functions` needs
/// another form.
bool StreamEncoder::pass(json::Value chunk) {
  if (envelope_.legacy_functions) return false;
  const auto fit = passable(chunk);
  if (!fit || (!id_.empty() && fit->id != id_)) return false;
  const auto known = std::ranges::find(choices_, fit->choice, &ChoiceState::index);
  const bool role_sent = known != choices_.end() && known->role_sent;
  if (fit->brings_role == role_sent) return false;
  state(fit->choice).role_sent = true;
  if (id_.empty()) id_ = fit->id;
  if (native_head_.empty()) {
    native_head_ = "data: ";
    json::Writer w(native_head_);
    w.begin_object().key("request_id").string(envelope_.request_id).key("model").string(envelope_.model);
  }
  out_.append(native_head_);
  fit->append_to(out_);
  out_.append(tail());
  return true;
}

}  // namespace sluice::dialect::openai
