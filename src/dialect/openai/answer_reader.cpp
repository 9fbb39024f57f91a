#include "dialect/openai/answer_reader.hpp"

#include "dialect/openai/answer_calls.hpp"
#include "dialect/openai/answer_said.hpp"
#include "dialect/openai/conform.hpp"
#include "dialect/openai/decode_usage.hpp"
#include "dialect/openai/finish_reason.hpp"

#include <algorithm>

namespace sluice::dialect::openai {
namespace {

using chat::Extra;
using chat::FinishReason;

json::Value what_is_said(const ChoiceParts& choice, const ChoiceState& state, bool whole) {
  const json::Value first = whole ? choice.message : choice.delta;
  if (first.is_object()) return first;
  // A host that sends a whole message in a stream may do so behind its deltas: the text is there already.
  if (!whole && state.spoke) return {};
  return whole ? choice.delta : choice.message;
}

/// A host may say `stop` behind a call, or `tool_calls` without one; the client goes by this word.
FinishReason settled(FinishReason reason, bool has_calls) {
  if (reason == FinishReason::stop && has_calls) return FinishReason::tool_calls;
  if (reason == FinishReason::tool_calls && !has_calls) return FinishReason::stop;
  return reason;
}

}  // namespace

Result<> AnswerReader::read_body(json::Value body, const AnswerParts& parts, chat::EventSink& sink) {
  const Pass pass{.whole = true, .next = {}, .conforms = body_conforms(parts, state_), .sink = sink};
  sink.begin_native({body, pass.conforms});
  auto done = read(body, parts, pass);
  if (done) finish_all(sink);
  sink.end_native();
  return done;
}

Result<> AnswerReader::read_chunk(json::Value chunk, const AnswerParts& parts, json::Value next,
                                  chat::EventSink& sink) {
  const bool conforms = chunk_conforms(parts, next, state_);
  sink.begin_native({chunk, conforms});
  auto done = read(chunk, parts, {.whole = false, .next = next, .conforms = conforms, .sink = sink});
  sink.end_native();
  return done;
}

bool AnswerReader::has_choices() const {
  return std::ranges::any_of(state_.choices, &ChoiceState::seen);
}

bool AnswerReader::is_complete() const {
  return has_choices() &&
         std::ranges::all_of(state_.choices, [](const ChoiceState& c) { return !c.seen || c.reason; });
}

void AnswerReader::finish_all(chat::EventSink& sink) {
  for (std::uint32_t at = 0; at < state_.choices.size(); ++at)
    if (state_.choices[at].seen) finish(at, sink);
}

Result<> AnswerReader::read(json::Value answer, const AnswerParts& parts, const Pass& pass) {
  if (!state_.started) start(parts, pass);
  for (const json::Member& member : answer.members())
    if (member.value && is_other_of_answer(member.key.escaped()))
      pass.sink.on(Extra{.place = Extra::Place::answer, .name = member.key, .json = member.value.raw()});
  std::size_t position = 0;
  for (json::Value choice : parts.choices.elements()) {
    const ChoiceParts choice_members = choice_parts(choice);
    auto at = place_of(choice_members, position++, parts, pass);
    if (!at) return fail(at);
    if (auto done = read_choice(choice, choice_members, *at, pass); !done) return done;
  }
  read_usage(parts, pass);
  return {};
}

/// What a first chunk leaves open (Azure's has no id), the next one tells.
void AnswerReader::start(const AnswerParts& parts, const Pass& pass) {
  const auto first_text = [&](json::Value here, std::string_view name) {
    return here.text().empty() ? pass.next[name].text() : here.text();
  };
  const json::Text id = first_text(parts.id, "id");
  std::int64_t created = parts.created.integer().value_or(0);
  if (created == 0) created = pass.next["created"].integer().value_or(0);
  state_.id = id.escaped();
  state_.started = true;
  pass.sink.on(chat::Start{.id = id, .model = first_text(parts.model, "model"), .created = created});
}

void AnswerReader::read_usage(const AnswerParts& parts, const Pass& pass) {
  const json::Value native = usage_in(parts);
  if (const auto usage = decode_usage(native)) pass.sink.on(chat::UsageUpdate{*usage, native});
}

/// A body's choices are numbered by their places where their own numbers make no sense.
Result<std::uint32_t> AnswerReader::place_of(const ChoiceParts& choice, std::size_t position,
                                             const AnswerParts& answer, const Pass& pass) {
  std::int64_t at = choice_index(choice);
  const auto count = pass.whole ? answer.choices.size() : AnswerState::max_choices;
  const bool sensible = static_cast<std::size_t>(at) < std::min(count, AnswerState::max_choices);
  if (pass.whole && (!choice.index.is_number() || !sensible)) at = static_cast<std::int64_t>(position);
  if (static_cast<std::size_t>(at) >= AnswerState::max_choices)
    return fail(ErrorCode::upstream_protocol, "the provider's answer has a choice with the index " +
                                                  std::string(choice.index.raw().substr(0, 32)));
  if (state_.choices.size() <= static_cast<std::size_t>(at))
    state_.choices.resize(static_cast<std::size_t>(at) + 1);
  return static_cast<std::uint32_t>(at);
}

Result<> AnswerReader::read_choice(json::Value choice, const ChoiceParts& parts, std::uint32_t at,
                                   const Pass& pass) {
  ChoiceState& state = state_.choices[at];
  state.seen = true;
  bool other = false;
  for (const json::Member& member : choice.members()) {
    if (!member.value || !is_other_of_choice(member.key.escaped())) continue;
    pass.sink.on(Extra{Extra::Place::choice, at, member.key, member.value.raw()});
    other = true;
  }
  const json::Value said = what_is_said(parts, state, pass.whole);
  const SaidParts said_members = said_parts(said);
  const SaidSoFar read = read_said(said, said_members, at, pass.whole, pass.sink);
  const std::size_t calls_before = state.calls.size();
  if (auto done = read_calls(said_members, parts, at, pass); !done) return done;
  state.spoke |= read.content || state.calls.size() > calls_before;

  note_reason(state, parts, pass);
  const bool called = std::ranges::any_of(state.calls, &CallState::started);
  if (pass.conforms || read.content || called) {
    state.role = ChoiceState::Role::sent;
  } else if ((other || read.other) && state.role == ChoiceState::Role::unsent) {
    state.role = ChoiceState::Role::unsure;
  }
  return {};
}

Result<> AnswerReader::read_calls(const SaidParts& said, const ChoiceParts& choice, std::uint32_t at,
                                  const Pass& pass) {
  CallReader reader(state_, at, pass.sink);
  const auto read = [&](const CallPiece& piece) {
    return pass.whole ? reader.read_whole(piece) : reader.read_piece(piece);
  };
  // The hosted service's form has the calls beside the message.
  const json::Value list = said.tool_calls ? said.tool_calls : choice.tool_calls;
  for (json::Value entry : list.elements())
    if (auto done = read(call_piece(entry)); !done) return done;
  const CallPiece legacy = legacy_piece(said.function_call);
  const bool goes_on = std::ranges::any_of(state_.choices[at].calls, &CallState::legacy);
  if (!legacy.name.empty() || goes_on)
    if (auto done = read(legacy); !done) return done;
  reader.start_named(pass.next);
  return {};
}

/// The first reason counts, and of it the host's own word: that of the host behind it is told beside it. In a
/// stream, an empty one means "not yet".
void AnswerReader::note_reason(ChoiceState& state, const ChoiceParts& parts, const Pass& pass) {
  const json::Value word = parts.finish_reason;
  if (state.reason || !word.is_string() || (word.text().empty() && !pass.whole)) return;
  state.reason = finish_meaning(word.text()).reason;
  const json::Text deeper = parts.native_finish_reason.text();  // of the host behind the host
  // A host that saw a call says tool_calls even where the call was cut off in its arguments.
  state.cut_off =
      state.reason == FinishReason::length || finish_meaning(deeper).reason == FinishReason::length;
  state.native_reason = deeper.empty() ? word.text().escaped() : deeper.escaped();
  state.stop_sequence = parts.stop_reason.text().escaped();  // vLLM
}

void AnswerReader::finish(std::uint32_t at, chat::EventSink& sink) {
  const ChoiceState& state = state_.choices[at];
  const FinishReason reason = state.reason.value_or(FinishReason::stop);
  CallReader(state_, at, sink).close(state.cut_off);
  sink.on(chat::Finish{.choice = at,
                       .reason = settled(reason, !state.calls.empty()),
                       .native = json::Text(state.native_reason),
                       .stop_sequence = json::Text(state.stop_sequence)});
}

}  // namespace sluice::dialect::openai
