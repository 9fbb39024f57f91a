#include "gateway/forced_tool.hpp"

#include "json/patch.hpp"
#include "json/writer.hpp"

#include <algorithm>

namespace sluice::gateway {

std::string body_with_forced_tool(const chat::Request& request) {
  const chat::ResponseFormat& format = request.response_format;
  const std::string name = format.name.empty() ? "answer" : format.name.decode();
  std::string tools, choice;
  json::Writer w(tools);
  w.begin_array().begin_object().key("type").string("function").key("function").begin_object();
  w.key("name").string(name).key("description");
  w.string("Gives the answer. " + format.description.decode());
  w.key("parameters").raw(format.schema.raw());
  w.end_object().end_object().end_array();
  json::Writer c(choice);
  c.begin_object().key("type").string("function").key("function").begin_object();
  c.key("name").string(name).end_object().end_object();

  json::Patch patch(request.source);
  for (std::string_view member : {"response_format", "fallbacks", "fallback_config"}) patch.remove(member);
  patch.set("tools", tools);
  patch.set("tool_choice", choice);
  std::string body;
  patch.append_to(body);
  return body;
}

ForcedToolAnswer::Choice& ForcedToolAnswer::choice(std::uint32_t index) {
  const auto found = std::ranges::find(choices_, index, &Choice::index);
  return found != choices_.end() ? *found : choices_.emplace_back(Choice{.index = index});
}

void ForcedToolAnswer::on(const chat::TextDelta& e) {
  Choice& c = choice(e.choice);
  if (!c.called) c.said.append(e.text.escaped());
}

void ForcedToolAnswer::on(const chat::ToolCallStart& e) {
  Choice& c = choice(e.choice);
  if (c.called) return;
  c.called = true;
  c.call = e.call;
}

void ForcedToolAnswer::on(const chat::ToolCallDelta& e) {
  const Choice& c = choice(e.choice);
  if (c.called && e.call == c.call) next_.on(chat::TextDelta{.choice = e.choice, .text = e.arguments});
}

void ForcedToolAnswer::on(const chat::Finish& e) {
  const Choice& c = choice(e.choice);
  if (!c.called && !c.said.empty()) next_.on(chat::TextDelta{.choice = e.choice, .text = json::Text(c.said)});
  chat::Finish finish = e;
  if (finish.reason == chat::FinishReason::tool_calls) finish.reason = chat::FinishReason::stop;
  next_.on(finish);
}

}  // namespace sluice::gateway
