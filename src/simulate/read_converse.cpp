#include "simulate/read_converse.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "simulate/contains.hpp"
#include "simulate/converse.hpp"

#include <array>

namespace sluice::simulate::converse {
namespace {

constexpr std::array<std::string_view, 12> known_members{"messages",
                                                         "system",
                                                         "inferenceConfig",
                                                         "toolConfig",
                                                         "additionalModelRequestFields",
                                                         "guardrailConfig",
                                                         "requestMetadata",
                                                         "performanceConfig",
                                                         "serviceTier",
                                                         "additionalModelResponseFieldPaths",
                                                         "outputConfig",
                                                         "promptVariables"};

class RequestReader {
 public:
  explicit RequestReader(const Received& request) : request_(request) {}
  Read<Reading> read();

 private:
  Objection check_key();
  Objection read_path();
  Objection parse();
  Objection read_system();
  Objection read_tools() { return converse::read_tools(body_["toolConfig"], reading_); }
  Objection read_messages();
  Objection read_inference();
  Objection read_model_fields();
  Objection read_format();

  const Received& request_;
  json::Document document_;
  json::Value body_;
  Reading reading_;
};

Read<Reading> RequestReader::read() {
  constexpr std::array steps{
      &RequestReader::check_key,      &RequestReader::read_path,         &RequestReader::parse,
      &RequestReader::read_system,    &RequestReader::read_tools,        &RequestReader::read_messages,
      &RequestReader::read_inference, &RequestReader::read_model_fields, &RequestReader::read_format};
  for (const auto step : steps)
    if (auto objection = (this->*step)()) return std::unexpected(std::move(*objection));
  return std::move(reading_);
}

Objection RequestReader::check_key() {
  if (request_.key_is_refused) return failure(403);
  if (!request_.field("authorization").empty()) return std::nullopt;
  return Complaint{403, "MissingAuthenticationTokenException", "Missing Authentication Token"};
}

/// `.../model/ID/converse`; the id of an ARN has slashes of its own.
Objection RequestReader::read_path() {
  constexpr std::string_view before = "/model/";
  const std::string_view path = request_.path;
  const std::size_t begin = path.find(before) + before.size(), end = path.rfind('/');
  reading_.stream = path.ends_with("-stream");
  reading_.model = path.substr(begin, end - std::min(begin, end));
  reading_.speaks_before_calls = reading_.model.contains("anthropic");
  if (!reading_.model.empty() && !reading_.model.contains("no-such-model")) return std::nullopt;
  return complain("The provided model identifier is invalid.");
}

Objection RequestReader::parse() {
  const auto parsed = document_.parse(request_.body);
  if (!parsed || !parsed->is_object()) return Complaint{400, "SerializationException", ""};
  body_ = *parsed;
  reading_.seed = fnv1a(request_.body);
  for (const json::Member& member : body_.members())
    if (!contains(known_members, member.key.decode()))
      return complain("Malformed input request: #: extraneous key [" + member.key.decode() +
                      "] is not permitted, please reformat your input and try again.");
  return std::nullopt;
}

Objection RequestReader::read_system() {
  std::size_t index = 0;
  for (json::Value block : body_["system"].elements()) {
    const std::string place = "system." + std::to_string(index++);
    if (block["cachePoint"]) {
      reading_.cache_breakpoint();
    } else if (block["text"].text().is_blank() && !block["guardContent"]) {
      return complain("The text field in the SystemContentBlock object at " + place +
                      " is blank. Add text to the text field, and try again.");
    }
    reading_.system_says(block["text"].string());
    reading_.count(block.raw());
  }
  if (reading_.instructions.empty() || !reading_.model.contains("titan")) return std::nullopt;
  return complain(
      "This model doesn't support system messages. Try again without a system message or use a model that "
      "supports system messages.");
}

Objection RequestReader::read_messages() {
  MessagesReader messages(reading_.model.contains("anthropic"), reading_);
  if (auto objection = messages.read(body_["messages"])) return objection;
  if (!messages.has_calls() || body_["toolConfig"]) return std::nullopt;
  return complain("The toolConfig field must be defined when using toolUse and toolResult content blocks.");
}

Objection RequestReader::read_inference() {
  const json::Value config = body_["inferenceConfig"];
  for (const std::string_view name : {"temperature", "topP"}) {
    const json::Value value = config[name];
    if (!value) continue;
    const auto number = value.number();
    if (!number || *number < 0 || *number > 1)
      return complain("1 validation error detected: Value '" + std::string(value.raw()) +
                      "' at 'inferenceConfig." + std::string(name) +
                      "' failed to satisfy constraint: Member must have value less than or equal to 1");
  }
  if (const json::Value most = config["maxTokens"]) {
    if (most.integer().value_or(0) < 1)
      return complain(
          "1 validation error detected: Value '" + std::string(most.raw()) +
          "' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater "
          "than or equal to 1");
    reading_.max_tokens = static_cast<std::size_t>(*most.integer());
  }
  for (json::Value stop : config["stopSequences"].elements()) {
    if (stop.text().empty()) return complain("The stop sequences must not be empty.");
    reading_.stops.push_back(stop.string());
  }
  return std::nullopt;
}

/// What goes to the model as it is; here, whether it is to think.
Objection RequestReader::read_model_fields() {
  const json::Value fields = body_["additionalModelRequestFields"];
  for (const std::string_view name : {"thinking", "reasoning_config", "reasoningConfig"}) {
    const json::Value thinking = fields[name];
    const std::string type = thinking.is_string() ? "enabled" : thinking["type"].string();
    if (type == "enabled" || type == "adaptive") reading_.reasoning = Reasoning::shown;
    if (const auto budget = thinking["budget_tokens"].integer(); budget && *budget < 1024)
      return complain(
          "The model returned the following errors: thinking.enabled.budget_tokens: Input should be greater "
          "than or equal to 1024");
  }
  if (fields["reasoning_effort"].is_string()) reading_.reasoning = Reasoning::shown;
  if (fields["tool_choice"]["disable_parallel_tool_use"].boolean() == true) reading_.parallel_calls = false;
  return std::nullopt;
}

Objection RequestReader::read_format() {
  const json::Value format = body_["outputConfig"]["textFormat"];
  if (!format) return std::nullopt;
  const std::string schema = format["structure"]["jsonSchema"]["schema"].string();
  json::Document document;
  const auto parsed = document.parse(schema);
  if (!parsed || !parsed->is_object())
    return complain("The schema at outputConfig.textFormat.structure.jsonSchema.schema is not valid JSON.");
  reading_.format = Format::json_schema;
  reading_.schema = schema;
  return std::nullopt;
}

}  // namespace

Complaint complain(std::string message) {
  return {400, "ValidationException", std::move(message)};
}

Read<Reading> read_request(const Received& request) {
  return RequestReader(request).read();
}

}  // namespace sluice::simulate::converse
