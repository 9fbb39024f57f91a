#include "base/hash.hpp"
#include "base/text.hpp"
#include "json/document.hpp"
#include "simulate/contains.hpp"
#include "simulate/ollama.hpp"

#include <array>

namespace sluice::simulate::ollama {
namespace {

constexpr std::array<std::string_view, 4> roles{"system", "user", "assistant", "tool"};
/// Families that think; those of the second list take a level, and no other does.
constexpr std::array<std::string_view, 5> thinking_families{"qwen3", "deepseek-r1", "gpt-oss", "magistral",
                                                            "kimi"};
constexpr std::array<std::string_view, 1> levelled_families{"gpt-oss"};

bool is_of(std::string_view model, std::span<const std::string_view> families) {
  return std::ranges::any_of(families, [&](std::string_view family) { return model.contains(family); });
}

Complaint complain(std::string message) {
  return {400, "", std::move(message)};
}

/// As Go's decoder says it.
Complaint wrong_type(std::string_view field, json::Value value, std::string_view wanted) {
  return complain("json: cannot unmarshal " + std::string(json::name(value.type())) +
                  " into Go struct field ChatRequest." + std::string(field) + " of type " +
                  std::string(wanted));
}

class RequestReader {
 public:
  explicit RequestReader(const Received& request) : request_(request) {}
  Read<Reading> read();

 private:
  Objection parse();
  Objection read_tools();
  Objection read_messages();
  Objection read_message(json::Value message);
  Objection read_options();
  Objection read_think();
  Objection read_format();

  const Received& request_;
  json::Document document_;
  json::Value body_;
  Reading reading_;
  std::string last_called_;
};

Read<Reading> RequestReader::read() {
  constexpr std::array steps{&RequestReader::parse,         &RequestReader::read_tools,
                             &RequestReader::read_messages, &RequestReader::read_options,
                             &RequestReader::read_think,    &RequestReader::read_format};
  for (const auto step : steps)
    if (auto objection = (this->*step)()) return std::unexpected(std::move(*objection));
  return std::move(reading_);
}

Objection RequestReader::parse() {
  if (request_.key_is_refused) return failure(401);
  const auto parsed = document_.parse(request_.body);
  if (!parsed)
    return complain("invalid character '" + std::string(request_.body.substr(0, 1)) +
                    "' looking for beginning of value");
  body_ = *parsed;
  reading_.seed = fnv1a(request_.body);
  reading_.model = body_["model"].string();
  if (reading_.model.empty()) return complain("model is required");
  if (const json::Value stream = body_["stream"]; stream && !stream.is_boolean())
    return wrong_type("stream", stream, "bool");
  reading_.stream = body_["stream"].boolean().value_or(true);
  if (!reading_.model.contains("no-such-model")) return std::nullopt;
  return Complaint{404, "", "model '" + reading_.model + "' not found"};
}

Objection RequestReader::read_tools() {
  for (json::Value tool : body_["tools"].elements()) {
    const json::Value function = tool["function"];
    if (!function.is_object() || !function["name"].is_string()) return wrong_type("tools", tool, "api.Tools");
    reading_.tools.push_back(
        {.name = function["name"].string(), .schema = std::string(function["parameters"].raw())});
    reading_.count(tool.raw());
  }
  return std::nullopt;
}

Objection RequestReader::read_messages() {
  const json::Value messages = body_["messages"];
  if (messages && !messages.is_array()) return wrong_type("messages", messages, "[]api.Message");
  for (json::Value message : messages.elements())
    if (auto objection = read_message(message)) return objection;
  return std::nullopt;
}

Objection RequestReader::read_message(json::Value message) {
  const std::string role = message["role"].string();
  if (!contains(roles, role)) return complain("invalid role: \"" + role + "\"");
  const json::Value content = message["content"];
  if (content && !content.is_string()) return wrong_type("messages.content", content, "string");
  reading_.count(content.text().escaped());
  for (json::Value image : message["images"].elements()) {
    if (!is_base64(image.string())) return complain("illegal base64 data at input byte 0");
    ++reading_.images;
  }
  for (json::Value call : message["tool_calls"].elements()) {
    last_called_ = call["function"]["name"].string();
    if (!call["function"]["arguments"].is_object())
      return wrong_type("messages.tool_calls.function.arguments", call["function"]["arguments"],
                        "api.ToolCallFunctionArguments");
    reading_.count(call.raw());
  }
  if (role == "system") reading_.system_says(content.string());
  if (role == "user") reading_.user_says(content.string());
  if (role == "tool") {
    const std::string named = message["tool_name"].string();
    reading_.tool_answers(named.empty() ? last_called_ : named, content.string());
  }
  return std::nullopt;
}

Objection RequestReader::read_options() {
  const json::Value options = body_["options"];
  if (options && !options.is_object()) return wrong_type("options", options, "map[string]interface {}");
  for (const std::string_view name : {"temperature", "top_p", "top_k", "seed", "num_predict", "num_ctx"})
    if (const json::Value value = options[name]; value && !value.is_number())
      return complain("option \"" + std::string(name) + "\" must be a number");
  if (const auto most = options["num_predict"].integer(); most && *most > 0)
    reading_.max_tokens = static_cast<std::size_t>(*most);
  for (json::Value stop : options["stop"].elements()) reading_.stops.push_back(stop.string());
  return std::nullopt;
}

/// Models that can think do, unless they are told not to.
Objection RequestReader::read_think() {
  const json::Value think = body_["think"];
  const bool can = is_of(reading_.model, thinking_families);
  const bool wanted = think ? think.boolean().value_or(true) : can;
  if (wanted && !can) return complain("\"" + reading_.model + "\" does not support thinking");
  if (think.is_string() && !is_of(reading_.model, levelled_families))
    return complain("think value \"" + think.string() + "\" is not supported for this model");
  if (wanted) reading_.reasoning = Reasoning::shown;
  return std::nullopt;
}

Objection RequestReader::read_format() {
  const json::Value format = body_["format"];
  if (!format || (format.is_string() && format.text().empty())) return std::nullopt;
  if (format.equals("json")) {
    reading_.format = Format::json_object;
  } else if (format.is_object()) {
    reading_.format = Format::json_schema;
    reading_.schema = format.raw();
  } else {
    return complain("invalid format: " + std::string(format.raw()) +
                    "; expected \"json\" or a valid JSON Schema object");
  }
  return std::nullopt;
}

}  // namespace

Read<Reading> read_request(const Received& request) {
  return RequestReader(request).read();
}

}  // namespace sluice::simulate::ollama
