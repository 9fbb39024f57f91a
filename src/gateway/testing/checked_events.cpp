#include "gateway/testing/checked_events.hpp"

#include "json/document.hpp"

#include <algorithm>

namespace sluice::gateway::testing {

std::size_t CheckedEvents::finished() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(choices_, [](const auto& entry) { return entry.second.finished; }));
}

CheckedEvents::Choice& CheckedEvents::open_choice(std::uint32_t index) {
  hold(started_, "an event before Start");
  hold(!ended_, "an event behind End");
  Choice& choice = choices_[index];
  hold(!choice.finished, "a delta behind the Finish of its choice");
  return choice;
}

void CheckedEvents::on(const chat::Start& e) {
  hold(!started_, "a second Start");
  hold(!ended_, "a Start behind End");
  started_ = true;
  pass(e);
}

void CheckedEvents::on(const chat::ToolCallStart& e) {
  Choice& choice = open_choice(e.choice);
  hold(e.call == choice.calls.size(), "a call whose number does not follow the one before");
  hold(!e.id.empty(), "a call without id");
  hold(!e.name.empty(), "a call without name");
  hold(ids_.insert(e.id.decode()).second, "two calls with one id");
  choice.calls.push_back({.custom = e.custom});
  pass(e);
}

void CheckedEvents::on(const chat::ToolCallDelta& e) {
  Choice& choice = open_choice(e.choice);
  const bool begun = e.call < choice.calls.size();
  hold(begun, "arguments before the start of their call");
  if (begun) {
    Call& call = choice.calls[e.call];
    call.arguments += e.arguments.decode();
    call.has_delta = true;
    hold(call.custom == e.custom, "a call that changes its kind");
  }
  pass(e);
}

void CheckedEvents::on(const chat::Extra& e) {
  hold(!ended_, "an event behind End");
  pass(e);
}

void CheckedEvents::on(const chat::UsageUpdate& e) {
  hold(started_ && !ended_, "usage before Start or behind End");
  hold(e.usage.input >= 0 && e.usage.output >= 0, "negative usage");
  pass(e);
}

void CheckedEvents::on(const chat::Finish& e) {
  hold(started_, "Finish before Start");
  hold(!ended_, "Finish behind End");
  Choice& choice = choices_[e.choice];
  hold(!choice.finished, "a second Finish of a choice");
  choice.finished = true;
  // A host may call an answer complete that the host behind it cut off.
  choice.cut = e.reason == chat::FinishReason::length || e.native.equals("max_output_tokens");
  hold(e.reason != chat::FinishReason::tool_calls || !choice.calls.empty(), "tool_calls without a call");
  pass(e);
}

void CheckedEvents::on(const chat::End& e) {
  hold(started_, "End without Start");
  hold(!ended_, "a second End");
  hold(!choices_.empty(), "an answer without a choice");
  for (const auto& [index, choice] : choices_) {
    hold(choice.finished, "End before the Finish of a choice");
    check_arguments(choice);
  }
  ended_ = true;
  pass(e);
}

void CheckedEvents::check_arguments(const Choice& choice) {
  for (const Call& call : choice.calls) {
    hold(call.has_delta, "a call without a delta");
    if (call.custom || choice.cut) continue;
    json::Document document;
    const auto parsed = document.parse(call.arguments);
    hold(parsed.has_value(), "arguments that are no JSON");
    hold(!parsed || parsed->is_object(), "arguments that are no JSON object");
  }
}

}  // namespace sluice::gateway::testing
