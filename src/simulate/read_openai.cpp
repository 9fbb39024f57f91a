#include "simulate/read_openai.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "simulate/contains.hpp"
#include "simulate/openai.hpp"
#include "simulate/openai_complaints.hpp"
#include "simulate/openai_models.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::openai {
namespace {

constexpr std::size_t most_stops = 4;
constexpr std::size_t longest_prompt = 400'000;  ///< in tokens

constexpr std::array known_parameters{
    "messages",
    "model",
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_tokens",
    "metadata",
    "max_completion_tokens",
    "modalities",
    "moderation",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "stop",
    "prompt_cache_key",
    "prompt_cache_options",
    "reasoning_effort",
    "store",
    "prompt_cache_retention",
    "response_format",
    "safety_identifier",
    "seed",
    "service_tier",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "user",
    "verbosity",
    "web_search_options",
};

struct NumberRange {
  std::string_view name;
  double least, most;
  std::string_view kind;
};
constexpr std::array number_ranges{
    NumberRange{"temperature", 0, 2, "decimal"},
    NumberRange{"top_p", 0, 1, "decimal"},
    NumberRange{"presence_penalty", -2, 2, "decimal"},
    NumberRange{"frequency_penalty", -2, 2, "decimal"},
    NumberRange{"max_tokens", 1, 1e9, "integer"},
    NumberRange{"max_completion_tokens", 1, 1e9, "integer"},
    NumberRange{"n", 1, 128, "integer"},
    NumberRange{"top_logprobs", 0, 20, "integer"},
};

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
  Objection read_messages();
  Objection read_tools() { return openai::read_tools(body_, own_ != nullptr, reading_); }
  Objection read_tool_choice() { return openai::read_tool_choice(body_, own_ != nullptr, reading_); }
  Objection read_limits();
  Objection read_stops();
  Objection read_format();
  Objection read_reasoning();
  Objection check_sampling();
  Objection read_stream();

  const Received& request_;
  json::Document document_;
  json::Value body_;
  Reading reading_;
  const ModelFamily* own_ = nullptr;
};

Read<Reading> RequestReader::read() {
  constexpr std::array steps{
      &RequestReader::check_key,        &RequestReader::parse,         &RequestReader::read_model,
      &RequestReader::check_parameters, &RequestReader::check_numbers, &RequestReader::read_tools,
      &RequestReader::read_messages,    &RequestReader::read_limits,   &RequestReader::read_tool_choice,
      &RequestReader::read_stops,       &RequestReader::read_format,   &RequestReader::read_reasoning,
      &RequestReader::read_stream};
  for (const auto step : steps)
    if (auto objection = (this->*step)()) return std::unexpected(std::move(*objection));
  return std::move(reading_);
}

Objection RequestReader::check_key() {
  if (request_.key_is_refused) return failure(401);
  if (!request_.field("authorization").empty() || !request_.field("api-key").empty()) return std::nullopt;
  return Complaint{
      401, "invalid_request_error",
      "You didn't provide an API key. You need to provide your API key in an Authorization header using "
      "Bearer auth "
      "(i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're "
      "accessing the "
      "API from your browser and are prompted for a username and password. You can obtain an API key from "
      "https://platform.openai.com/account/api-keys."};
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
  // Azure names it in the path: /openai/deployments/NAME/chat/completions.
  constexpr std::string_view deployments = "/deployments/";
  if (const std::size_t at = request_.path.find(deployments);
      reading_.model.empty() && at != std::string::npos) {
    const std::string_view name = std::string_view(request_.path).substr(at + deployments.size());
    reading_.model = name.substr(0, name.find('/'));
  }
  if (reading_.model.empty()) return complain("you must provide a model parameter", "");
  own_ = own_family(reading_.model);
  if (own_ && !own_->in_chat)
    return Complaint{404, "invalid_request_error",
                     "This model is only supported in v1/responses and not in v1/chat/completions.", "model"};
  if (!reading_.model.contains("no-such-model")) return std::nullopt;
  return Complaint{404, "invalid_request_error",
                   "The model `" + reading_.model + "` does not exist or you do not have access to it.", "",
                   "model_not_found"};
}

Objection RequestReader::check_parameters() {
  if (!own_) return std::nullopt;
  for (const json::Member& member : body_.members()) {
    const std::string name = member.key.decode();
    if (!contains(known_parameters, name))
      return complain("Unknown parameter: '" + name + "'.", name, "unknown_parameter");
  }
  if (own_->can_reason && body_["max_tokens"])
    return unsupported_parameter("max_tokens", "max_completion_tokens");
  return std::nullopt;
}

Objection RequestReader::check_numbers() {
  for (const NumberRange& range : number_ranges) {
    const json::Value value = body_[range.name];
    if (!value) continue;
    const std::string name(range.name);
    const std::string kind(range.kind);
    const auto number = value.number();
    if (!number || (kind == "integer" && !value.integer()))
      return wrong_type(name, kind == "integer" ? "an integer" : "a decimal", value);
    const bool above = *number > range.most;
    if (!above && *number >= range.least) continue;
    const auto bound = static_cast<std::int64_t>(above ? range.most : range.least);
    return complain("Invalid '" + name + "': " + kind + (above ? " above maximum" : " below minimum") +
                        " value. Expected a value " + (above ? "<= " : ">= ") + std::to_string(bound) +
                        ", but got " + std::string(value.raw()) + " instead.",
                    name, kind + (above ? "_above_max_value" : "_below_min_value"));
  }
  return std::nullopt;
}

Objection RequestReader::read_messages() {
  if (auto objection = MessageReader(reading_, own_ != nullptr).read(body_["messages"])) return objection;
  const std::size_t tokens = tokens_in(reading_.input_chars);
  if (tokens <= longest_prompt) return std::nullopt;
  return complain(
      "This model's maximum context length is 400000 tokens. However, your messages resulted in " +
          std::to_string(tokens) + " tokens. Please reduce the length of the messages.",
      "messages", "context_length_exceeded");
}

Objection RequestReader::read_limits() {
  for (const std::string_view name : {"max_tokens", "max_completion_tokens"})
    if (const auto most = body_[name].integer()) reading_.max_tokens = static_cast<std::size_t>(*most);
  reading_.choices = static_cast<std::size_t>(body_["n"].integer().value_or(1));
  // OpenAI caches long prompts by itself, in steps of 128 tokens.
  constexpr std::size_t least_cached = 1024;
  constexpr std::size_t step = 128;
  const std::size_t prompt = tokens_in(reading_.input_chars);
  if (reading_.cached_chars == 0 && prompt >= least_cached)
    reading_.cached_chars = prompt / 2 / step * step * 4;
  return std::nullopt;
}

Objection RequestReader::read_stops() {
  const json::Value stop = body_["stop"];
  if (!stop) return std::nullopt;
  if (own_ && own_->reasons_unasked) return unsupported_parameter("stop");
  if (stop.is_string()) reading_.stops.push_back(stop.string());
  for (json::Value one : stop.elements()) reading_.stops.push_back(one.string());
  if (reading_.stops.size() > most_stops) return array_too_long("stop", most_stops, reading_.stops.size());
  return std::nullopt;
}

Objection RequestReader::read_format() {
  const json::Value format = body_["response_format"];
  if (!format || format["type"].equals("text")) return std::nullopt;
  if (format["type"].equals("json_object")) {
    reading_.format = Format::json_object;
    if (!own_ || icontains(body_["messages"].raw(), "json")) return std::nullopt;
    return complain(
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type "
        "'json_object'.",
        "messages");
  }
  if (!format["type"].equals("json_schema"))
    return unsupported_choice("response_format.type", format["type"].string(),
                              "'json_object', 'json_schema', and 'text'");
  const json::Value described = format["json_schema"];
  if (!described["name"].is_string()) return missing("response_format.json_schema.name");
  reading_.format = Format::json_schema;
  reading_.schema = described["schema"] ? described["schema"].raw() : "{}";
  return std::nullopt;
}

/// OpenAI's own models only say how much they thought; hosts show it where it was asked for, under any of the
/// names in use.
Objection RequestReader::read_reasoning() {
  const std::string effort = body_["reasoning_effort"].string();
  const bool wanted = !effort.empty() && effort != "none";
  if (own_) {
    if (!effort.empty() && !own_->can_reason) return unsupported_parameter("reasoning_effort");
    const bool active = wanted || (effort.empty() && own_->reasons_unasked);
    if (!active) return std::nullopt;
    if (!own_->tools_in_chat && !reading_.tools.empty())
      return complain("Function tools with reasoning_effort are not supported for " + reading_.model +
                          " in /v1/chat/completions. To use function tools, use /v1/responses or set "
                          "reasoning_effort to 'none'.",
                      "reasoning_effort");
    reading_.reasoning = Reasoning::counted;
    return check_sampling();
  }
  const json::Value options = body_["reasoning"];
  if (wanted || body_["thinking"]["type"].equals("enabled") || body_["enable_thinking"].boolean() == true ||
      (options.is_object() && options["enabled"].boolean() != false && !options["effort"].equals("none")))
    reading_.reasoning = Reasoning::shown;
  return std::nullopt;
}

/// While a model of OpenAI's reasons, it takes no sampling parameters but the usual ones.
Objection RequestReader::check_sampling() {
  for (const std::string_view name : {"temperature", "top_p", "presence_penalty", "frequency_penalty"}) {
    const json::Value value = body_[name];
    const bool penalty = name.ends_with("penalty");
    if (!value || value.number() == (penalty ? 0 : 1)) continue;
    return complain("Unsupported value: '" + std::string(name) + "' does not support " +
                        std::string(value.raw()) + " with this model. Only the default (" +
                        (penalty ? "0" : "1") + ") value is supported.",
                    std::string(name), "unsupported_value");
  }
  return std::nullopt;
}

Objection RequestReader::read_stream() {
  reading_.stream = body_["stream"].boolean() == true;
  const json::Value options = body_["stream_options"];
  if (options && !reading_.stream) return only_with("stream_options", "'stream' is enabled");
  reading_.include_usage = options["include_usage"].boolean() == true;
  return std::nullopt;
}

}  // namespace

Read<Reading> read_request(const Received& request) {
  return RequestReader(request).read();
}

}  // namespace sluice::simulate::openai
