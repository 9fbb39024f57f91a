#include "simulate/read_responses.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "simulate/contains.hpp"
#include "simulate/openai.hpp"
#include "simulate/openai_complaints.hpp"
#include "simulate/openai_models.hpp"
#include "simulate/responses.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::responses {
namespace {

using openai::complain;
using openai::missing;
using openai::only_with;
using openai::unsupported_choice;
using openai::unsupported_parameter;
using openai::wrong_type;

constexpr std::size_t longest_prompt = 400'000;  ///< in tokens

constexpr std::array known_parameters{"background",
                                      "context_management",
                                      "conversation",
                                      "include",
                                      "input",
                                      "instructions",
                                      "max_output_tokens",
                                      "max_tool_calls",
                                      "metadata",
                                      "model",
                                      "moderation",
                                      "parallel_tool_calls",
                                      "previous_response_id",
                                      "prompt",
                                      "prompt_cache_key",
                                      "prompt_cache_options",
                                      "prompt_cache_retention",
                                      "reasoning",
                                      "safety_identifier",
                                      "service_tier",
                                      "store",
                                      "stream",
                                      "stream_options",
                                      "temperature",
                                      "text",
                                      "tool_choice",
                                      "tools",
                                      "top_logprobs",
                                      "top_p",
                                      "truncation",
                                      "user"};

constexpr std::array includable{"file_search_call.results",
                                "web_search_call.results",
                                "web_search_call.action.sources",
                                "message.input_image.image_url",
                                "computer_call_output.output.image_url",
                                "code_interpreter_call.outputs",
                                "reasoning.encrypted_content",
                                "message.output_text.logprobs"};

struct NumberRange {
  std::string_view name;
  double least, most;
  bool whole;
};
constexpr std::array number_ranges{NumberRange{"temperature", 0, 2, false}, NumberRange{"top_p", 0, 1, false},
                                   NumberRange{"max_output_tokens", 16, 1e9, true},
                                   NumberRange{"top_logprobs", 0, 20, true}};

class RequestReader {
 public:
  explicit RequestReader(const Received& request) : request_(request) {}
  Read<Reading> read();

 private:
  Objection check_key();
  Objection parse();
  Objection read_model();
  Objection check_parameters();
  Objection check_numbers();
  Objection read_reasoning();
  Objection read_include();
  Objection read_tools() { return responses::read_tools(body_, own_ != nullptr, reading_); }
  Objection read_tool_choice() { return responses::read_tool_choice(body_, reading_); }
  Objection read_input();
  Objection read_text();
  Objection read_schema(json::Value format);
  Objection read_stream();

  const Received& request_;
  json::Document document_;
  json::Value body_;
  Reading reading_;
  const openai::ModelFamily* own_ = nullptr;
};

Read<Reading> RequestReader::read() {
  constexpr std::array steps{
      &RequestReader::check_key,        &RequestReader::parse,         &RequestReader::read_model,
      &RequestReader::check_parameters, &RequestReader::check_numbers, &RequestReader::read_reasoning,
      &RequestReader::read_include,     &RequestReader::read_tools,    &RequestReader::read_tool_choice,
      &RequestReader::read_input,       &RequestReader::read_text,     &RequestReader::read_stream};
  for (const auto step : steps)
    if (auto objection = (this->*step)()) return std::unexpected(std::move(*objection));
  return std::move(reading_);
}

Objection RequestReader::check_key() {
  if (request_.key_is_refused) return openai::failure(401);
  if (!request_.field("authorization").empty() || !request_.field("api-key").empty()) return std::nullopt;
  return Complaint{
      401, "invalid_request_error",
      "You didn't provide an API key. You need to provide your API key in an Authorization header "
      "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."};
}

Objection RequestReader::parse() {
  const auto parsed = document_.parse(request_.body);
  if (!parsed || !parsed->is_object())
    return complain(
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your "
        "HTTP "
        "library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
        "");
  body_ = *parsed;
  reading_.seed = fnv1a(request_.body);
  return std::nullopt;
}

Objection RequestReader::read_model() {
  reading_.model = body_["model"].string();
  if (reading_.model.empty()) return missing("model");
  own_ = openai::own_family(reading_.model);
  if (!reading_.model.contains("no-such-model")) return std::nullopt;
  return complain("The requested model '" + reading_.model + "' does not exist.", "model", "model_not_found");
}

Objection RequestReader::check_parameters() {
  for (const json::Member& member : body_.members()) {
    const std::string name = member.key.decode();
    if (own_ && !contains(known_parameters, name))
      return complain("Unknown parameter: '" + name + "'.", name, "unknown_parameter");
  }
  if (const json::Value earlier = body_["previous_response_id"])
    return complain("Previous response with id '" + earlier.string() + "' not found.", "previous_response_id",
                    "previous_response_not_found");
  return std::nullopt;
}

Objection RequestReader::check_numbers() {
  for (const NumberRange& range : number_ranges) {
    const json::Value value = body_[range.name];
    if (!value) continue;
    const std::string name(range.name);
    const auto number = value.number();
    if (!number || (range.whole && !value.integer()))
      return wrong_type(name, range.whole ? "an integer" : "a decimal", value);
    const bool above = *number > range.most;
    if (!above && *number >= range.least) continue;
    const std::string kind = range.whole ? "integer" : "decimal";
    const auto bound = static_cast<std::int64_t>(above ? range.most : range.least);
    return complain("Invalid '" + name + "': " + kind + (above ? " above maximum" : " below minimum") +
                        " value. Expected a value " + (above ? "<= " : ">= ") + std::to_string(bound) +
                        ", but got " + std::string(value.raw()) + " instead.",
                    name, kind + (above ? "_above_max_value" : "_below_min_value"));
  }
  if (const auto most = body_["max_output_tokens"].integer())
    reading_.max_tokens = static_cast<std::size_t>(*most);
  return std::nullopt;
}

/// Thoughts are shown as a summary, where one is asked for; hosts show them unasked.
Objection RequestReader::read_reasoning() {
  const json::Value options = body_["reasoning"];
  const std::string effort = options["effort"].string();
  const bool wanted = !effort.empty() && effort != "none";
  if (!own_) {
    if (wanted) reading_.reasoning = Reasoning::shown;
    return std::nullopt;
  }
  if (!effort.empty() && !own_->can_reason) return unsupported_parameter("reasoning.effort");
  if (!wanted && !(effort.empty() && own_->reasons_unasked)) return std::nullopt;
  reading_.reasoning = options["summary"].is_string() ? Reasoning::shown : Reasoning::counted;
  for (const std::string_view name : {"temperature", "top_p", "top_logprobs"})
    if (body_[name] && body_[name].number() != 1) return unsupported_parameter(std::string(name));
  return std::nullopt;
}

Objection RequestReader::read_include() {
  const json::Value include = body_["include"];
  if (!include) return std::nullopt;
  if (!include.is_array()) return wrong_type("include", "an array of strings", include);
  std::size_t index = 0;
  for (json::Value name : include.elements()) {
    const std::string place = openai::at("include", index++);
    if (own_ && !contains(includable, name.string()))
      return unsupported_choice(place, name.string(), "'reasoning.encrypted_content' and others");
    if (!name.equals("reasoning.encrypted_content")) continue;
    if (own_ && !own_->can_reason)
      return complain("Encrypted content is not supported with this model.", "include");
    reading_.encrypts_reasoning = true;
  }
  return std::nullopt;
}

Objection RequestReader::read_input() {
  if (const json::Value instructions = body_["instructions"]; instructions.is_string()) {
    reading_.system_says(instructions.string());
    reading_.count(instructions.string());
  }
  if (auto objection = InputReader(reading_).read(body_["input"])) return objection;
  const std::size_t tokens = tokens_in(reading_.input_chars);
  if (tokens > longest_prompt)
    return complain(
        "Your input exceeds the context window of this model. Please adjust your input and try again.",
        "input", "context_length_exceeded");
  // OpenAI caches long prompts by itself, in steps of 128 tokens.
  constexpr std::size_t least_cached = 1024, step = 128;
  if (tokens >= least_cached) reading_.cached_chars = tokens / 2 / step * step * 4;
  return std::nullopt;
}

Objection RequestReader::read_text() {
  const json::Value format = body_["text"]["format"];
  if (!format || format["type"].equals("text")) return std::nullopt;
  if (format["type"].equals("json_object")) {
    reading_.format = Format::json_object;
    if (!own_ || icontains(body_["input"].raw(), "json")) return std::nullopt;
    return complain(
        "Response input messages must contain the word 'json' in some form to use 'text.format' of type "
        "'json_object'.",
        "input");
  }
  if (!format["type"].equals("json_schema"))
    return unsupported_choice("text.format.type", format["type"].string(),
                              "'json_object', 'json_schema', and 'text'");
  return read_schema(format);
}

Objection RequestReader::read_schema(json::Value format) {
  for (const std::string_view member : {"name", "schema"})
    if (!format[member]) return missing("text.format." + std::string(member));
  const json::Value schema = format["schema"];
  if (format["strict"].boolean() == true && schema["additionalProperties"].boolean() != false)
    return complain(
        "Invalid schema for response_format '" + format["name"].string() +
            "': In context=(), 'additionalProperties' is required to be supplied and to be false.",
        "text.format.schema", "invalid_json_schema");
  reading_.format = Format::json_schema;
  reading_.schema = schema.raw();
  return std::nullopt;
}

Objection RequestReader::read_stream() {
  reading_.stream = body_["stream"].boolean() == true;
  const json::Value options = body_["stream_options"];
  if (options && !reading_.stream) return only_with("stream_options", "'stream' is enabled");
  if (own_)
    for (const json::Member& member : options.members())
      if (!member.key.equals("include_obfuscation"))
        return complain("Unknown parameter: 'stream_options." + member.key.decode() + "'.",
                        "stream_options." + member.key.decode(), "unknown_parameter");
  reading_.pads_events = own_ && options["include_obfuscation"].boolean() != false;
  return std::nullopt;
}

}  // namespace

Read<Reading> read_request(const Received& request) {
  return RequestReader(request).read();
}

}  // namespace sluice::simulate::responses
