#include "dialect/openai/testing/strict_client.hpp"

#include "json/document.hpp"
#include "json/writer.hpp"

#include <algorithm>
#include <set>

namespace sluice::dialect::openai {
namespace {

const std::set<std::string, std::less<>> finish_reasons{"stop", "length", "tool_calls", "content_filter",
                                                        "function_call"};
const std::set<std::string, std::less<>> envelope_names{
    "id",     "object",        "created",          "model",           "request_id", "choices", "usage",
    "sluice", "response_time", "http_status_code", "llm_status_code", "request"};
const std::set<std::string, std::less<>> choice_names{
    "index", "message", "delta", "finish_reason", "stop_sequence", "native_finish_reason"};
const std::set<std::string, std::less<>> message_names{
    "role",          "content",     "refusal", "reasoning_content", "reasoning_details", "tool_calls",
    "function_call", "annotations", "images"};

/// Lists grow, anything else is replaced: how clients join the members that they have no type for.
void merge(std::map<std::string, std::string>& extras, const json::Member& member) {
  std::string& known = extras[member.key.decode()];
  const std::string_view raw = member.value.raw();
  const bool lists = known.starts_with('[') && raw.starts_with('[');
  if (!lists || known == "[]") {
    known = raw;
  } else if (raw != "[]") {
    known.back() = ',';
    known.append(raw.substr(1));
  }
}

class Client {
 public:
  explicit Client(const Expectation& expected) : expected_(expected) {}

  void read_body(json::Value body);
  void read_chunk(json::Value chunk);
  void end_stream();
  void off(std::string code, const std::string& what) {
    seen.departures.push_back(std::move(code) + ": " + what);
  }

  Seen seen;

 private:
  void envelope(json::Value body, std::string_view object);
  void message(Said& said, json::Value message, bool whole);
  void details(Said& said, json::Value list);
  void entry(SaidReasoning& to, json::Value from);
  void whole_call(Said& said, json::Value call);
  void call_delta(std::int64_t choice, Said& said, json::Value delta);
  void legacy_call(Said& said, json::Value call);
  void finish(Said& said, json::Value choice);
  void check_ids(const Said& said);

  Expectation expected_;
  std::set<std::string> ids_;
  std::map<std::int64_t, int> roles_;
  std::map<const Said*, std::map<std::int64_t, std::size_t>> details_;  ///< index -> position
  int usage_chunks_ = 0, reports_ = 0;
};

void Client::envelope(json::Value body, std::string_view object) {
  std::set<std::string> names;
  for (const json::Member& member : body.members())
    if (!names.insert(member.key.decode()).second) off("twice", member.key.decode());
  if (!body["object"].equals(object)) off("object", std::string(body["object"].raw()));
  if (!body["id"].is_string() || body["id"].text().empty()) off("id", "is " + std::string(body["id"].raw()));
  if (!body["created"].integer()) off("created", "is " + std::string(body["created"].raw()));
  if (!body["model"].equals(expected_.model)) off("model", "is " + std::string(body["model"].raw()));
  if (!body["request_id"].equals(expected_.request_id))
    off("request_id", "is " + std::string(body["request_id"].raw()));
  ids_.insert(body["id"].string());
  seen.id = body["id"].string();
  for (const json::Member& member : body.members())
    if (!envelope_names.contains(member.key.decode())) merge(seen.extras, member);
  if (body["sluice"].exists()) {
    ++reports_;
    seen.report = body["sluice"].raw();
  }
}

void Client::entry(SaidReasoning& to, json::Value from) {
  to.type = from["type"].string();
  to.text += from["text"].string();
  to.signature += from["signature"].string();
  to.data += from["data"].string();
  to.id += from["id"].string();
  to.format += from["format"].string();
}

void Client::details(Said& said, json::Value list) {
  if (list.exists() && !list.is_array()) off("reasoning_details", "is no list");
  auto& at = details_[&said];
  for (json::Value detail : list.elements()) {
    const auto index = detail["index"].integer();
    if (!index) {  // came in OpenRouter's form; not to be joined
      entry(said.details.emplace_back(), detail);
      continue;
    }
    const auto [known, added] = at.try_emplace(*index, said.details.size());
    if (added) said.details.emplace_back();
    entry(said.details[known->second], detail);
  }
}

void Client::message(Said& said, json::Value message, bool whole) {
  const json::Value content = message["content"];
  if (content && !content.is_string()) off("content", "is " + std::string(json::name(content.type())));
  if (whole && !content.exists()) off("content", "the message has no content member");
  if (message["refusal"] && !message["refusal"].is_string()) off("refusal", "is no string");
  said.text += content.string();
  said.refusal += message["refusal"].string();
  said.reasoning += message["reasoning_content"].string();
  details(said, message["reasoning_details"]);
  for (json::Value annotation : message["annotations"].elements())
    said.annotations.emplace_back(annotation.raw());
  for (json::Value image : message["images"].elements()) said.images.emplace_back(image["image_url"].raw());
  for (const json::Member& member : message.members())
    if (!message_names.contains(member.key.decode())) merge(said.message_extras, member);
}

void Client::finish(Said& said, json::Value choice) {
  const json::Value reason = choice["finish_reason"];
  for (const json::Member& member : choice.members())
    if (!choice_names.contains(member.key.decode())) merge(said.choice_extras, member);
  if (!reason) return;
  if (!said.finish.empty()) off("finish", "two finish reasons for one choice");
  said.finish = reason.string();
  if (!finish_reasons.contains(said.finish)) off("finish-value", said.finish);
  said.native_finish = choice["native_finish_reason"].string();
  said.stop_sequence = choice["stop_sequence"].string();
}

void Client::check_ids(const Said& said) {
  std::set<std::string> ids;
  for (const SaidCall& call : said.calls)
    if (call.id.empty() || !ids.insert(call.id).second) off("tool-id", "'" + call.id + "'");
}

void Client::whole_call(Said& said, json::Value call) {
  const bool custom = call["type"].equals("custom");
  if (!custom && !call["type"].equals("function")) off("tool-type", std::string(call["type"].raw()));
  const json::Value inner = call[custom ? "custom" : "function"];
  const json::Value arguments = inner[custom ? "input" : "arguments"];
  if (!arguments.is_string()) off("tool-args", "are " + std::string(json::name(arguments.type())));
  said.calls.push_back({call["id"].string(), inner["name"].string(), arguments.string(), custom});
}

void Client::legacy_call(Said& said, json::Value call) {
  if (!call) return;
  if (call["name"].exists()) said.calls.push_back({"legacy", call["name"].string(), "", false});
  if (said.calls.empty()) return off("tool-index", "a function_call begins without a name");
  said.calls.front().arguments += call["arguments"].string();
}

void Client::read_body(json::Value body) {
  envelope(body, "chat.completion");
  seen.usage = body["usage"].raw();
  if (body["http_status_code"].integer() != 200) off("http_status_code", "is missing");
  if (!body["response_time"].integer()) off("response_time", "is missing");
  if (!body["choices"].is_array()) return off("choices", "is no list");
  std::int64_t position = 0;
  for (json::Value choice : body["choices"].elements()) {
    if (choice["index"].integer() != position) off("index", std::string(choice["index"].raw()));
    Said& said = seen.choices[position++];
    const json::Value told = choice["message"];
    if (!told.is_object()) {
      off("message", "a choice has no message");
      continue;
    }
    if (!told["role"].equals("assistant")) off("role", std::string(told["role"].raw()));
    message(said, told, true);
    legacy_call(said, told["function_call"]);
    for (json::Value call : told["tool_calls"].elements()) whole_call(said, call);
    check_ids(said);
    if (!choice["finish_reason"]) off("finish", "finish_reason is missing");
    finish(said, choice);
  }
}

void Client::call_delta(std::int64_t choice, Said& said, json::Value delta) {
  const auto index = delta["index"].integer();
  const std::string id = delta["id"].string();
  const bool custom = delta["type"].equals("custom");
  const json::Value inner = delta[custom ? "custom" : "function"];
  if (!inner.is_object()) off("tool-args", "a delta has no function");
  if (!index || *index < 0 || *index > std::int64_t(said.calls.size()))
    return off("tool-index",
               "of choice " + std::to_string(choice) + " is " + std::string(delta["index"].raw()));
  if (*index == std::int64_t(said.calls.size())) {
    if (!custom && !delta["type"].equals("function")) off("tool-type", std::string(delta["type"].raw()));
    said.calls.push_back({id, inner["name"].string(), "", custom});
  } else if (!id.empty() || inner["name"].exists()) {
    off("tool-repeat", "id or name is sent twice");
  }
  const json::Value arguments = inner[custom ? "input" : "arguments"];
  if (arguments && !arguments.is_string())
    off("tool-args", "are " + std::string(json::name(arguments.type())));
  said.calls[std::size_t(*index)].arguments += arguments.string();
}

void Client::read_chunk(json::Value chunk) {
  if (seen.done) off("done", "events after [DONE]");
  if (chunk["error"]) {
    seen.error = chunk["error"].raw();
    return;
  }
  envelope(chunk, "chat.completion.chunk");
  const json::Value choices = chunk["choices"], usage = chunk["usage"];
  if (!choices.is_array()) return off("choices", "is no list");
  if (usage_chunks_ > 0) off("usage-chunk", "is not the last");
  if (usage) {
    if (choices.size() != 0) off("usage-chunk", "has choices");
    ++usage_chunks_;
    seen.usage = usage.raw();
  } else if (usage.exists() != expected_.include_usage) {
    off("usage-chunk", "usage must be null on other chunks if it was asked for, else absent");
  }
  for (json::Value choice : choices.elements()) {
    const auto index = choice["index"].integer();
    if (!index) off("index", std::string(choice["index"].raw()));
    Said& said = seen.choices[index.value_or(0)];
    const json::Value delta = choice["delta"];
    if (!delta.is_object()) off("delta", std::string(delta.raw()));
    if (!said.finish.empty()) off("finish", "something follows the finish_reason");
    if (!choice["finish_reason"].exists()) off("finish", "finish_reason is absent");
    if (delta["role"]) {
      ++roles_[*index];
      if (!delta["role"].equals("assistant")) off("role", std::string(delta["role"].raw()));
      if (!delta["content"].exists()) off("role", "comes without content");
    }
    if (roles_[*index] != 1) off("role", "is not in the first chunk alone");
    message(said, delta, false);
    legacy_call(said, delta["function_call"]);
    for (json::Value call : delta["tool_calls"].elements()) call_delta(*index, said, call);
    if (choice["finish_reason"] && delta.size() != 0) off("finish", "the delta beside it is not empty");
    finish(said, choice);
  }
}

void Client::end_stream() {
  if (!seen.error.empty()) {
    if (seen.done) off("done", "[DONE] after an error");
    return;
  }
  if (!seen.done) off("done", "no [DONE]");
  if (ids_.size() > 1) off("id", std::to_string(ids_.size()) + " different ids in one stream");
  for (const auto& [index, said] : seen.choices) {
    if (said.finish.empty()) off("finish", "no finish reason");
    check_ids(said);
  }
  if (usage_chunks_ > int(expected_.include_usage)) off("usage-chunk", "comes unasked or twice");
  if (reports_ > 1) off("sluice", "comes twice");
}

}  // namespace

std::string Seen::departures_joined() const {
  std::string out;
  for (const std::string& departure : departures) out += departure + "\n";
  return out;
}

Seen read_answer(std::string_view body, const Expectation& expected) {
  Client client(expected);
  json::Document document;
  if (auto parsed = document.parse(body)) {
    client.read_body(*parsed);
  } else {
    client.off("json", parsed.error().message());
  }
  return std::move(client.seen);
}

Seen read_stream(std::string_view stream, const Expectation& expected) {
  Client client(expected);
  while (!stream.empty()) {
    const std::size_t end = stream.find("\n\n");
    if (end == std::string_view::npos) {
      client.off("sse", "the last event has no end");
      break;
    }
    std::string_view event = stream.substr(0, end);
    stream.remove_prefix(end + 2);
    if (!event.starts_with("data: ") || event.contains('\n') || event.contains('\r')) {
      client.off("sse", "no single data line: " + std::string(event));
      continue;
    }
    event.remove_prefix(6);
    if (event == "[DONE]") {
      client.seen.done = true;
      continue;
    }
    json::Document document;
    if (auto parsed = document.parse(event)) {
      client.read_chunk(*parsed);
    } else {
      client.off("json", parsed.error().message() + " in " + std::string(event));
    }
  }
  client.end_stream();
  return std::move(client.seen);
}

}  // namespace sluice::dialect::openai
