#include "gateway/repair_stream.hpp"

#include "json/document.hpp"
#include "json/schema/explain.hpp"

#include <algorithm>

namespace sluice::gateway {
namespace {

using chat::FinishReason;

/// What is kept of a text that may turn out to be no JSON, to be told beside calls of tools.
constexpr std::size_t most_raw = std::size_t{1} << 20;

std::string place(std::uint32_t choice, std::string_view behind) {
  return "choices[" + std::to_string(choice) + "].delta" + std::string(behind);
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// The size of a first half of a surrogate pair (`\ud83d`) at the end of an escaped text; its second half
/// comes with the next piece.
std::size_t open_surrogate(std::string_view text) {
  constexpr std::size_t size = 6;
  if (text.size() < size) return 0;
  const std::string_view last = text.substr(text.size() - size);
  const bool escape = last.starts_with("\\u") && std::ranges::all_of(last.substr(2), is_hex);
  if (!escape || (last[2] != 'd' && last[2] != 'D') || !std::string_view("89abAB").contains(last[3]))
    return 0;
  std::size_t backslashes = 0;
  for (std::size_t i = text.size() - size; i > 0 && text[i - 1] == '\\'; --i) ++backslashes;
  return backslashes % 2 == 0 ? size : 0;
}

}  // namespace

RepairStream::Choice& RepairStream::choice(std::uint32_t index) {
  const auto found = std::ranges::find(choices_, index, &Choice::index);
  return found != choices_.end() ? *found : choices_.emplace_back(Choice{.index = index, .content = nullptr});
}

std::string_view RepairStream::escaped(std::string_view plain) {
  escaped_.clear();
  json::append_escaped(escaped_, plain);
  return escaped_;
}

std::string_view RepairStream::certain(Text& text, json::Text piece) {
  text.held.append(piece.escaped());
  const std::size_t open = open_surrogate(text.held);
  const std::string_view complete = std::string_view(text.held).substr(0, text.held.size() - open);
  plain_.clear();
  json::append_decoded(plain_, complete);
  text.held.erase(0, complete.size());
  text.bytes += plain_.size();
  out_.clear();
  if (repairs_) {
    if (!text.stream.begun() && text.raw.size() + plain_.size() <= most_raw) text.raw += plain_;
    text.stream.feed(plain_, out_);
    if (text.stream.begun()) text.raw.clear();
  }
  const std::string& sure = repairs_ ? out_ : plain_;
  if (form_.schema || !form_.tools.empty()) text.whole += sure;
  return sure.empty() ? std::string_view() : escaped(sure);
}

void RepairStream::on(const chat::TextDelta& e) {
  Choice& c = choice(e.choice);
  if (!c.content)
    c.content = std::make_unique<Text>(json::repair::StreamOptions{.object = form_.wants_object()});
  const std::string_view sure = certain(*c.content, e.text);
  if (!repairs_) return next_.on(e);
  if (!sure.empty()) next_.on(chat::TextDelta{.choice = e.choice, .text = json::Text(sure)});
}

void RepairStream::on(const chat::RefusalDelta& e) {
  choice(e.choice).refused = true;
  next_.on(e);
}

void RepairStream::on(const chat::ToolCallStart& e) {
  auto& calls = choice(e.choice).calls;
  if (calls.size() <= e.call) calls.resize(e.call + 1);
  Call& call = calls[e.call];
  call.name = e.name.decode();
  call.custom = e.custom;
  if (form_.repair_step && !e.custom)
    call.arguments =
        std::make_unique<Text>(json::repair::StreamOptions{.object = true, .empty_is_object = true});
  next_.on(e);
}

void RepairStream::on(const chat::ToolCallDelta& e) {
  auto& calls = choice(e.choice).calls;
  if (e.call >= calls.size() || !calls[e.call].arguments) return next_.on(e);
  const std::string_view sure = certain(*calls[e.call].arguments, e.arguments);
  if (!sure.empty())
    next_.on(chat::ToolCallDelta{.choice = e.choice, .call = e.call, .arguments = json::Text(sure)});
}

void RepairStream::on(const chat::UsageUpdate& e) {
  usage_ = e.usage;
  next_.on(e);
}

void RepairStream::on(const chat::Finish& e) {
  if (failure_) return;
  Choice& c = choice(e.choice);
  if (!end_content(c, e.reason)) return;
  for (std::uint32_t i = 0; i < c.calls.size(); ++i)
    if (c.calls[i].arguments && !end_call(c, i, e.reason)) return;
  next_.on(e);
}

void RepairStream::on(const chat::End& e) {
  if (!failure_) next_.on(e);
}

void RepairStream::begin_native(const chat::Native& native) {
  if (!repairs_) next_.begin_native(native);
}

void RepairStream::end_native() {
  if (!repairs_) next_.end_native();
}

Rejected RepairStream::rejected(const Text& text, std::string param, FinishReason reason) const {
  return {.param = std::move(param),
          .repair_step = form_.repair_step,
          .bytes = text.bytes,
          .finish = reason,
          .usage = usage_ ? &*usage_ : nullptr};
}

void RepairStream::note(const Text& text, std::string param) {
  if (!text.stream.fixes().empty())
    changes_.add(chat::Change::Kind::repaired, std::move(param), "put right: " + text.stream.fixes().names());
}

bool RepairStream::check(const json::schema::Schema& schema, const Text& text, const std::string& param,
                         FinishReason reason) {
  json::Document document;
  const auto value = document.parse(text.whole, {.max_depth = json::Limits::most_depth});
  if (!value) {
    failure_ = unrepairable(rejected(text, param, reason), json::repair::Reason::no_json);
    return false;
  }
  const auto outcome = schema.check(*value, check_limits);
  if (outcome.valid()) return true;
  failure_ = mismatched(rejected(text, param, reason), outcome);
  return false;
}

bool RepairStream::end_content(Choice& choice, FinishReason reason) {
  const bool excused = choice.refused || !choice.calls.empty() || reason == FinishReason::content_filter;
  const std::string param = place(choice.index, ".content");
  if (!choice.content) {
    if (excused || form_.kind == AnswerForm::Kind::text || reason == FinishReason::length) return true;
    choice.content = std::make_unique<Text>(json::repair::StreamOptions{.object = form_.wants_object()});
  }
  Text& text = *choice.content;
  if (repairs_) {
    out_.clear();
    const auto ended = text.stream.finish(out_);
    if (!ended && excused) {  // prose beside calls
      if (!text.raw.empty())
        next_.on(chat::TextDelta{.choice = choice.index, .text = json::Text(escaped(text.raw))});
      return true;
    }
    if (!ended) {
      if (form_.kind != AnswerForm::Kind::text)
        complaint_ =
            Complaint{.answer = text.raw, .faults = "- " + std::string(json::repair::message(ended.error()))};
      failure_ = unrepairable(rejected(text, param, reason), ended.error());
      return false;
    }
    if (form_.schema) text.whole += out_;
    if (!out_.empty()) next_.on(chat::TextDelta{.choice = choice.index, .text = json::Text(escaped(out_))});
    note(text, param);
  }
  if (!form_.schema || excused || reason == FinishReason::length) return true;
  return check(*form_.schema, text, param, reason);
}

bool RepairStream::end_call(Choice& choice, std::uint32_t number, FinishReason reason) {
  Call& call = choice.calls[number];
  const std::string param =
      place(choice.index, ".tool_calls[" + std::to_string(number) + "].function.arguments");
  out_.clear();
  const auto ended = call.arguments->stream.finish(out_);
  if (!ended) {
    failure_ = unrepairable(rejected(*call.arguments, param, reason), ended.error());
    return false;
  }
  if (!out_.empty())
    next_.on(
        chat::ToolCallDelta{.choice = choice.index, .call = number, .arguments = json::Text(escaped(out_))});
  note(*call.arguments, param);
  if (reason != FinishReason::length) return true;
  const json::schema::Schema* schema = form_.tool_schema(call.name);
  if (!schema) return true;
  call.arguments->whole += out_;
  return check(*schema, *call.arguments, param, reason);
}

}  // namespace sluice::gateway
