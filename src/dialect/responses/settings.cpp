#include "dialect/responses/settings.hpp"

#include "dialect/json_instruction.hpp"

#include <algorithm>

namespace sluice::dialect::responses {
namespace {

using catalog::SamplingRule;
using FormatKind = chat::ResponseFormat::Kind;

void write_max_tokens(Encoding& encoding) {
  constexpr std::int64_t least = 16;  // "Expected a value >= 16", says the API
  if (!encoding.request.max_tokens) return;
  const std::string_view param =
      encoding.request.source["max_completion_tokens"] ? "max_completion_tokens" : "max_tokens";
  std::int64_t limit = *encoding.request.max_tokens;
  if (const auto most = encoding.model().max_output_tokens; most && limit > *most) {
    encoding.changes().clamped(std::string(param),
                               "this model writes at most " + std::to_string(*most) + " tokens");
    limit = *most;
  }
  if (limit < least) {
    encoding.changes().clamped(std::string(param), "this API takes no limit under 16 tokens");
    limit = least;
  }
  encoding.body.key("max_output_tokens").integer(limit);
}

/// Why the model takes no temperature and the like; empty if it does.
std::string_view sampling_refused(const Encoding& encoding) {
  switch (encoding.model().sampling) {
    case SamplingRule::rejected:
      return "this model does not take it";
    case SamplingRule::rejected_while_reasoning:
      return encoding.reasoning.reasons ? "this model does not take it while it reasons" : "";
    default:
      return {};
  }
}

void write_temperature(Encoding& encoding, std::string_view refused) {
  const auto& asked = encoding.request.sampling;
  const double most = encoding.model().max_temperature;
  if (asked.temperature && !refused.empty()) {
    encoding.changes().dropped("temperature", std::string(refused));
  } else if (asked.temperature) {
    std::string highest;
    json::Writer(highest).number(most);
    if (*asked.temperature > most)
      encoding.changes().clamped("temperature", "the highest that this model takes is " + highest);
    encoding.body.key("temperature").number(std::min(*asked.temperature, most));
  }
  if (!asked.top_p) return;
  const bool either = encoding.model().sampling == SamplingRule::temperature_or_top_p && asked.temperature;
  if (!refused.empty() || either) {
    encoding.changes().dropped(
        "top_p", std::string(either ? "this model takes it only without temperature" : refused));
  } else {
    encoding.body.key("top_p").number(*asked.top_p);
  }
}

void write_logprobs(Encoding& encoding, std::string_view refused) {
  const auto& asked = encoding.request.sampling;
  if (asked.logprobs != true) return;
  if (!refused.empty()) {
    encoding.changes().dropped("logprobs", std::string(refused));
  } else if (asked.top_logprobs) {
    encoding.body.key("top_logprobs").integer(*asked.top_logprobs);
  }
}

/// `include`: what the client names, encrypted reasoning, log probabilities.
void write_include(Encoding& encoding, bool logprobs) {
  std::vector<std::string> names;
  const auto add = [&](std::string name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  };
  if (encoding.reasoning.can_reason) add("reasoning.encrypted_content");
  if (logprobs) add("message.output_text.logprobs");
  for (json::Value name : encoding.request.other("include").elements())
    if (name.is_string()) add(name.string());
  if (names.empty()) return;
  encoding.body.key("include").begin_array();
  for (const std::string& name : names) encoding.body.string(name);
  encoding.body.end_array();
}

void report_unsupported(Encoding& encoding) {
  const chat::Sampling& asked = encoding.request.sampling;
  const auto report = [&](bool is_asked, std::string_view param) {
    if (is_asked) encoding.changes().dropped(std::string(param), "this API has no such parameter");
  };
  report(asked.presence_penalty.value_or(0) != 0, "presence_penalty");
  report(asked.frequency_penalty.value_or(0) != 0, "frequency_penalty");
  report(asked.top_k.has_value(), "top_k");
  report(asked.seed.has_value(), "seed");
  report(asked.logit_bias.size() > 0, "logit_bias");
  report(!encoding.request.stop.empty(), "stop");
  if (asked.n.value_or(1) > 1) encoding.changes().dropped("n", "this API gives one answer to a request");
}

/// Whether the model can be held to the format that is asked for.
bool holds_format(const Encoding& encoding) {
  const chat::ResponseFormat& format = encoding.request.response_format;
  if (format.kind != FormatKind::json_schema) return encoding.model().json_object;
  return encoding.model().json_schema &&
         (encoding.request.tools.empty() || encoding.model().json_schema_with_tools);
}

void write_schema_format(const chat::ResponseFormat& format, json::Writer& body) {
  body.key("name").text(format.name);
  if (!format.description.empty()) body.key("description").text(format.description);
  body.key("schema").raw(format.schema.raw()).key("strict").boolean(format.strict == true);
}

/// Empty for plain text.
std::string_view format_type(Encoding& encoding, std::string& instruction) {
  const chat::ResponseFormat& format = encoding.request.response_format;
  if (format.kind == FormatKind::text) return {};
  if (holds_format(encoding)) return format.kind == FormatKind::json_schema ? "json_schema" : "json_object";
  encoding.changes().add(
      chat::Change::Kind::emulated, "response_format",
      "this model cannot be held to it here; a system message asks for it, and the answer may differ");
  instruction = json_instruction(format, !encoding.request.tools.empty());
  return format.kind == FormatKind::json_schema && encoding.model().json_object ? "json_object" : "";
}

}  // namespace

void write_limits(Encoding& encoding) {
  write_max_tokens(encoding);
  const std::string_view refused = sampling_refused(encoding);
  write_temperature(encoding, refused);
  write_logprobs(encoding, refused);
  write_include(encoding, encoding.request.sampling.logprobs == true && refused.empty());
  report_unsupported(encoding);
}

void write_text_settings(Encoding& encoding, std::string& instruction) {
  const std::string_view type = format_type(encoding, instruction);
  const json::Value verbosity = encoding.request.other("verbosity");
  if (type.empty() && !verbosity.is_string()) return;
  json::Writer& body = encoding.body;
  body.key("text").begin_object();
  if (!type.empty()) {
    body.key("format").begin_object().key("type").string(type);
    if (type == "json_schema") write_schema_format(encoding.request.response_format, body);
    body.end_object();
  }
  if (verbosity.is_string()) body.key("verbosity").raw(verbosity.raw());
  body.end_object();
}

}  // namespace sluice::dialect::responses
