#include "dialect/openai/decode_message.hpp"
#include "dialect/openai/decode_tools.hpp"
#include "dialect/openai/openai.hpp"
#include "dialect/openai/place.hpp"

#include <algorithm>
#include <array>
#include <bitset>

namespace sluice::dialect::openai {
namespace {

/// What cannot be settled before all members have been seen.
struct Body {
  explicit Body(chat::Request& request) : request(request) {}
  chat::Request& request;
  json::Value messages, prompt;
  ToolMembers tool;
  std::optional<std::int64_t> max_tokens, max_completion_tokens;
};

using Read = Result<> (*)(Body& body, json::Value value, const Place& at);

constexpr std::int64_t any_low = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t any_high = std::numeric_limits<std::int64_t>::max();

template <class T>
Result<> within(Body& body, std::optional<T>& to, T number, json::Value value, const Place& at,
                std::string_view kind, std::int64_t low, std::int64_t high) {
  if (number < static_cast<T>(low))
    return leave_to_provider(body.request, refuse_below(at, value, kind, low));
  if (number > static_cast<T>(high))
    return leave_to_provider(body.request, refuse_above(at, value, kind, high));
  to = number;
  return {};
}

template <auto Member, std::int64_t Low, std::int64_t High>
Result<> sampling_number(Body& body, json::Value value, const Place& at) {
  const auto number = value.number();
  if (!number) return refuse_type(at, value, "a decimal");
  return within(body, body.request.sampling.*Member, *number, value, at, "decimal", Low, High);
}

template <auto Member, std::int64_t Low, std::int64_t High>
Result<> sampling_integer(Body& body, json::Value value, const Place& at) {
  const auto number = value.integer();
  if (!number) return refuse_type(at, value, "an integer");
  return within(body, body.request.sampling.*Member, *number, value, at, "integer", Low, High);
}

/// An answer of no tokens is none anywhere, and what is asked for is accounted for.
template <auto Member>
Result<> token_limit(Body& body, json::Value value, const Place& at) {
  const auto number = value.integer();
  if (!number) return refuse_type(at, value, "an integer");
  if (*number < 1) return refuse_below(at, value, "integer", 1);
  body.*Member = number;
  return {};
}

template <auto Member>
Result<> text(Body& body, json::Value value, const Place& at) {
  if (!value.is_string()) return refuse_type(at, value, "a string");
  body.request.*Member = value.text();
  return {};
}

template <auto Member>
Result<> later(Body& body, json::Value value, const Place&) {
  body.*Member = value;
  return {};
}

template <auto Member>
Result<> later_tool(Body& body, json::Value value, const Place&) {
  body.tool.*Member = value;
  return {};
}

/// Read elsewhere from the source; known here so that it cannot be given twice.
Result<> kept(Body&, json::Value, const Place&) {
  return {};
}

Result<> model(Body& body, json::Value value, const Place& at) {
  auto name = required_text(value, at);
  if (!name) return fail(name);
  body.request.model = name->decode();
  return {};
}

/// Together's is a number.
Result<> logprobs(Body& body, json::Value value, const Place& at) {
  if (value.integer()) return leave_to_provider(body.request, refuse_type(at, value, "a boolean"));
  auto wanted = optional_boolean(value, at);
  if (!wanted) return fail(wanted);
  body.request.sampling.logprobs = *wanted;
  return {};
}

Result<> logit_bias(Body& body, json::Value value, const Place& at) {
  auto bias = required_object(value, at);
  if (!bias) return fail(bias);
  body.request.sampling.logit_bias = *bias;
  return {};
}

Result<> parallel_tool_calls(Body& body, json::Value value, const Place& at) {
  auto wanted = optional_boolean(value, at);
  if (!wanted) return fail(wanted);
  body.tool.parallel_tool_calls = *wanted;
  return {};
}

Result<> stream(Body& body, json::Value value, const Place& at) {
  auto wanted = optional_boolean(value, at);
  if (!wanted) return fail(wanted);
  body.request.stream = wanted->value_or(false);
  return {};
}

Result<> stream_options(Body& body, json::Value value, const Place& at) {
  if (!value.is_object()) return refuse_type(at, value, "an object");
  auto wanted = optional_boolean(value["include_usage"], at.member("include_usage"));
  if (!wanted) return fail(wanted);
  body.request.include_usage = wanted->value_or(false);
  return {};
}

Result<> stop(Body& body, json::Value value, const Place& at) {
  auto& stop = body.request.stop;
  if (value.is_string()) {
    if (!value.text().empty()) stop.push_back(value.text());
    return {};
  }
  if (!value.is_array()) return refuse_type(at, value, "one of a string or an array of strings");
  std::size_t index = 0;
  for (json::Value sequence : value.elements()) {
    const Place place = at.at(index++);
    if (!sequence.is_string()) return refuse_type(place, sequence, "a string");
    if (!sequence.text().empty()) stop.push_back(sequence.text());
  }
  return {};
}

std::optional<chat::Effort> read_effort(json::Value value) {
  std::string buffer;
  return chat::effort_named(value.text().decode(buffer));
}

Failure refuse_effort(json::Value value, const Place& at) {
  return refuse_word(at, value, {"none", "minimal", "low", "medium", "high", "xhigh", "max"});
}

/// Given in both forms, `reasoning_effort` and `reasoning.effort` must agree.
Result<> settle_effort(Body& body, std::optional<chat::Effort> known, const Place& at) {
  auto& effort = body.request.reasoning.effort;
  if (effort && effort != known)
    return refuse(at, "must be the same in `reasoning_effort` and `reasoning.effort`");
  effort = known;
  return {};
}

/// Some hosts have words of their own, as Groq's `default`.
Result<> effort(Body& body, json::Value value, const Place& at) {
  const auto known = read_effort(value);
  if (known) return settle_effort(body, known, at);
  if (!value.is_string()) return refuse_effort(value, at);
  return leave_to_provider(body.request, refuse_effort(value, at));
}

/// OpenRouter's and the hosted service's form. Beside `reasoning_effort`, its `effort` must not say
/// otherwise.
Result<> reasoning(Body& body, json::Value value, const Place& at) {
  if (!value.is_object()) return refuse_type(at, value, "an object");
  if (const json::Value word = value["effort"]) {
    const Place place = at.member("effort");
    const auto known = read_effort(word);
    if (!known) return refuse_effort(word, place);
    if (auto settled = settle_effort(body, known, place); !settled) return fail(settled);
  }
  if (const json::Value limit = value["max_tokens"]) {
    const Place place = at.member("max_tokens");
    const auto tokens = limit.integer();
    if (!tokens) return refuse_type(place, limit, "an integer");
    if (*tokens < 0) return refuse_below(place, limit, "integer", 0);
    body.request.reasoning.max_tokens = tokens;
  }
  auto exclude = optional_boolean(value["exclude"], at.member("exclude"));
  if (!exclude) return fail(exclude);
  body.request.reasoning.exclude = *exclude;
  auto enabled = optional_boolean(value["enabled"], at.member("enabled"));
  if (!enabled) return fail(enabled);
  auto& effort = body.request.reasoning.effort;
  if (*enabled == false && !effort) effort = chat::Effort::none;
  return {};
}

Result<> json_schema(chat::ResponseFormat& format, json::Value value, const Place& at) {
  auto object = required_object(value, at);
  if (!object) return fail(object);
  auto name = required_text(value["name"], at.member("name"));
  if (!name) return fail(name);
  const json::Value schema = value["schema"];
  if (!schema.is_boolean())  // true and false are schemas as well
    if (auto object_schema = required_object(schema, at.member("schema")); !object_schema)
      return fail(object_schema);
  auto description = optional_text(value["description"], at.member("description"));
  if (!description) return fail(description);
  auto strict = optional_boolean(value["strict"], at.member("strict"));
  if (!strict) return fail(strict);
  format = {chat::ResponseFormat::Kind::json_schema, *name, *description, schema, *strict};
  return {};
}

Result<> response_format(Body& body, json::Value value, const Place& at) {
  if (!value.is_object()) return refuse_type(at, value, "an object with a `type`");
  const json::Value type = value["type"];
  auto& format = body.request.response_format;
  if (type.equals("json_schema")) return json_schema(format, value["json_schema"], at.member("json_schema"));
  if (!type.equals("text") && !type.equals("json_object")) {
    Failure refusal = refuse_word(at.member("type"), type, {"text", "json_object", "json_schema"});
    if (!type.is_string()) return refusal;
    return leave_to_provider(body.request, std::move(refusal));  // as Fireworks' `grammar`
  }
  format.kind =
      type.equals("text") ? chat::ResponseFormat::Kind::text : chat::ResponseFormat::Kind::json_object;
  return {};
}

Result<> user(Body& body, json::Value value, const Place& at) {
  if (!value.is_string()) return refuse_type(at, value, "a string");
  if (body.request.user.empty()) body.request.user = value.text();
  return {};
}

struct Row {
  std::string_view name;
  Read read;
};
using S = chat::Sampling;
using R = chat::Request;
constexpr std::array rows{
    Row{"cache_control", kept},
    Row{"fallback_config", kept},
    Row{"fallbacks", kept},
    Row{"frequency_penalty", sampling_number<&S::frequency_penalty, -2, 2>},
    Row{"function_call", later_tool<&ToolMembers::function_call>},
    Row{"functions", later_tool<&ToolMembers::functions>},
    Row{"logit_bias", logit_bias},
    Row{"logprobs", logprobs},
    Row{"max_completion_tokens", token_limit<&Body::max_completion_tokens>},
    Row{"max_tokens", token_limit<&Body::max_tokens>},
    Row{"messages", later<&Body::messages>},
    Row{"model", model},
    Row{"model_region", kept},
    Row{"n", sampling_integer<&S::n, 1, 128>},
    Row{"parallel_tool_calls", parallel_tool_calls},
    Row{"post_processing_steps", kept},
    Row{"presence_penalty", sampling_number<&S::presence_penalty, -2, 2>},
    Row{"prompt", later<&Body::prompt>},
    Row{"reasoning", reasoning},
    Row{"reasoning_effort", effort},
    Row{"response_format", response_format},
    Row{"safety_identifier", text<&R::user>},
    Row{"seed", sampling_integer<&S::seed, any_low, any_high>},
    Row{"service_tier", text<&R::service_tier>},
    Row{"stop", stop},
    Row{"stream", stream},
    Row{"stream_options", stream_options},
    Row{"temperature", sampling_number<&S::temperature, 0, 2>},
    Row{"tool_choice", later_tool<&ToolMembers::tool_choice>},
    Row{"tools", later_tool<&ToolMembers::tools>},
    Row{"top_k", sampling_integer<&S::top_k, any_low, any_high>},
    Row{"top_logprobs", sampling_integer<&S::top_logprobs, 0, 20>},
    Row{"top_p", sampling_number<&S::top_p, 0, 1>},
    Row{"transcript_id", kept},
    Row{"unsupported_params", kept},
    Row{"user", user},
    Row{"zero_data_retention", kept},
};
static_assert(std::ranges::is_sorted(rows, {}, &Row::name), "looked up by halving");

/// Null means not given. A member given twice could mean one thing to a check here and another to the
/// provider.
Result<> read_members(json::Value source, Body& body) {
  std::bitset<rows.size()> seen;
  std::string buffer;
  for (const json::Member& member : source.members()) {
    const std::string_view name = member.key.decode(buffer);
    const auto* row = std::ranges::lower_bound(rows, name, {}, &Row::name);
    if (row == rows.end() || row->name != name) {
      if (member.value) body.request.others.push_back(member);
      continue;
    }
    const auto index = static_cast<std::size_t>(row - rows.begin());
    const Place place(row->name);
    if (seen[index]) return refuse(place, "is given more than once");
    seen[index] = true;
    if (!member.value) continue;
    if (auto done = row->read(body, member.value, place); !done) return fail(done);
  }
  return {};
}

Result<> conversation(Body& body) {
  chat::Request& request = body.request;
  if (body.messages && body.prompt) return refuse(Place("prompt"), "cannot stand beside `messages`");
  if (!body.messages && !body.prompt) return refuse_type(Place("messages"), {}, "given, or `prompt`");
  if (body.messages) {
    if (body.messages.is_array() && body.messages.elements().begin() == body.messages.elements().end())
      return leave_to_provider(body.request, refuse_empty_array(Place("messages")));
    return decode_messages(body.messages, request);
  }
  auto prompt = required_text(body.prompt, Place("prompt"));
  if (!prompt) return fail(prompt);
  request.messages.emplace_back().parts.push_back({chat::TextPart{*prompt}, {}});
  request.from_prompt = true;
  return {};
}

}  // namespace

Result<> decode_request(json::Value source, chat::Request& request) {
  if (!source.is_object())
    return fail(ErrorCode::invalid_request,
                "the body must be a JSON object, not " + std::string(json::name(source.type())));
  request.source = source;
  Body body(request);
  if (auto done = read_members(source, body); !done) return fail(done);
  if (request.model.empty()) return refuse_type(Place("model"), {}, "a string");
  request.max_tokens = body.max_completion_tokens ? body.max_completion_tokens : body.max_tokens;
  if (auto done = decode_tools(body.tool, request); !done) return fail(done);
  return conversation(body);
}

}  // namespace sluice::dialect::openai
