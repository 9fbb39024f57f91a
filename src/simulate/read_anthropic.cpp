#include "simulate/read_anthropic.hpp"

#include "base/hash.hpp"
#include "simulate/anthropic.hpp"
#include "simulate/claude_models.hpp"
#include "simulate/contains.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace sluice::simulate::anthropic {
namespace {

constexpr std::size_t longest_name = 128;
constexpr std::size_t longest_prompt = 200'000;  ///< in tokens
constexpr std::size_t most_breakpoints = 4;
constexpr std::size_t most_strict_tools = 20;
constexpr std::int64_t least_budget = 1024;
constexpr std::string_view manual =
    " Please consult our documentation at "
    "https://docs.claude.com/en/docs/build-with-claude/extended-thinking";

constexpr std::array<std::string_view, 23> known_members{
    "model",
    "messages",
    "max_tokens",
    "system",
    "metadata",
    "stop_sequences",
    "stream",
    "temperature",
    "top_k",
    "top_p",
    "tools",
    "tool_choice",
    "thinking",
    "container",
    "output_config",
    "output_format",
    "context_management",
    "mcp_servers",
    "service_tier",
    "speed",
    "cache_control",
    "inference_geo",
    "user_profile_id",
};
constexpr std::array<std::string_view, 10> known_tool_members{
    "type",   "name",          "description",     "input_schema",          "cache_control",
    "strict", "defer_loading", "allowed_callers", "eager_input_streaming", "input_examples"};

class RequestReader {
 public:
  explicit RequestReader(const Received& request) : request_(request) {}
  Read<Reading> read();

 private:
  Objection check_headers();
  Objection parse();
  Objection read_model();
  Objection read_limits();
  Objection read_sampling();
  Objection read_thinking();
  Objection read_tools();
  Objection read_tool(json::Value tool, const std::string& place);
  Objection read_system();
  Objection read_messages();
  Objection read_tool_choice();
  Objection read_format();

  const Received& request_;
  json::Document document_;
  json::Value body_;
  const ClaudeModel* model_ = nullptr;
  Reading reading_;
  std::size_t breakpoints_ = 0;
  std::size_t strict_tools_ = 0;
  bool has_budget_ = false;
};

Read<Reading> RequestReader::read() {
  constexpr std::array steps{
      &RequestReader::check_headers,    &RequestReader::parse,         &RequestReader::read_model,
      &RequestReader::read_limits,      &RequestReader::read_sampling, &RequestReader::read_thinking,
      &RequestReader::read_tools,       &RequestReader::read_system,   &RequestReader::read_messages,
      &RequestReader::read_tool_choice, &RequestReader::read_format};
  for (const auto step : steps)
    if (auto objection = (this->*step)()) return std::unexpected(std::move(*objection));
  return std::move(reading_);
}

Objection RequestReader::check_headers() {
  if (request_.key_is_refused) return failure(401);
  if (request_.field("x-api-key").empty() && request_.field("authorization").empty())
    return Complaint{401, "authentication_error", "x-api-key header is required"};
  const std::string_view version = request_.field("anthropic-version");
  if (version.empty()) return complain("anthropic-version: header is required");
  if (version != "2023-06-01" && version != "2023-01-01")
    return complain("anthropic-version: \"" + std::string(version) + "\" is not a valid version");
  return std::nullopt;
}

Objection RequestReader::parse() {
  const auto parsed = document_.parse(request_.body);
  if (!parsed) return complain("The request body is not valid JSON: " + parsed.error().message());
  if (!parsed->is_object())
    return complain("Input should be a valid dictionary or object to extract fields from");
  body_ = *parsed;
  reading_.seed = fnv1a(request_.body);
  reading_.speaks_before_calls = true;
  return check_members(body_, "", known_members);
}

Objection RequestReader::read_model() {
  if (!body_["model"].is_string()) return field_required("model");
  reading_.model = body_["model"].string();
  model_ = &claude_model(reading_.model);
  reading_.stream = body_["stream"].boolean() == true;
  if (body_["stream"].exists() && !body_["stream"].is_boolean())
    return complain("stream: Input should be a valid boolean");
  if (!reading_.model.contains("no-such-model")) return std::nullopt;
  return Complaint{404, "not_found_error", "model: " + reading_.model};
}

Objection RequestReader::read_limits() {
  const json::Value most = body_["max_tokens"];
  if (!most.exists()) return field_required("max_tokens");
  const auto number = most.integer();
  if (!number) return complain("max_tokens: Input should be a valid integer");
  if (*number < 1) return complain("max_tokens: Input should be greater than or equal to 1");
  if (*number > model_->max_output)
    return complain("max_tokens: " + std::to_string(*number) + " > " + std::to_string(model_->max_output) +
                    ", which is the maximum allowed number of output tokens for " + reading_.model);
  reading_.max_tokens = static_cast<std::size_t>(*number);
  const json::Value stops = body_["stop_sequences"];
  if (stops && !stops.is_array()) return complain("stop_sequences: Input should be a valid list");
  for (json::Value stop : stops.elements()) {
    if (!stop.is_string() || stop.text().is_blank())
      return complain("stop_sequences: each stop sequence must contain non-whitespace");
    reading_.stops.push_back(stop.string());
  }
  return std::nullopt;
}

Objection RequestReader::read_sampling() {
  for (const std::string_view name : {"temperature", "top_p", "top_k"}) {
    const json::Value value = body_[name];
    if (!value) continue;
    const std::string place(name);
    if (!value.is_number()) return complain(place + ": Input should be a valid number");
    if (!model_->takes_sampling) return complain("`" + place + "` is not supported by this model.");
    if (name != "top_k" && (*value.number() < 0 || *value.number() > 1))
      return complain(place + ": range: 0..1");
  }
  if (model_->sampling_is_either && body_["temperature"] && body_["top_p"])
    return complain(
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
  return std::nullopt;
}

Objection RequestReader::read_thinking() {
  const json::Value thinking = body_["thinking"];
  const std::string type = thinking["type"].string();
  if (!thinking || type == "disabled") return std::nullopt;
  if (thinking["display"].equals("omitted")) {
    reading_.reasoning = Reasoning::counted;
  } else {
    reading_.reasoning = Reasoning::shown;
  }
  if (type == "adaptive") {
    if (!model_->adaptive_thinking) return complain("adaptive thinking is not supported on this model");
    return std::nullopt;
  }
  if (type != "enabled")
    return complain("thinking: Input tag '" + type +
                    "' found using 'type' does not match any of the expected tags: "
                    "'adaptive', 'disabled', 'enabled'");
  if (!model_->budgeted_thinking)
    return complain(
        "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and "
        "\"output_config.effort\" to control thinking behavior.");
  has_budget_ = true;
  const auto budget = thinking["budget_tokens"].integer();
  if (!budget) return field_required("thinking.enabled.budget_tokens");
  if (*budget < least_budget)
    return complain("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
  if (static_cast<std::size_t>(*budget) >= *reading_.max_tokens)
    return complain("`max_tokens` must be greater than `thinking.budget_tokens`." + std::string(manual));
  if (body_["temperature"] && body_["temperature"].number() != 1)
    return complain("`temperature` may only be set to 1 when thinking is enabled." + std::string(manual));
  if (body_["top_k"])
    return complain("`top_k` must be unset when thinking is enabled." + std::string(manual));
  if (const auto top_p = body_["top_p"].number(); top_p && *top_p < 0.95)
    return complain("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled." +
                    std::string(manual));
  return std::nullopt;
}

// ---- what is said -------------------------------------------------------------------------------

Objection RequestReader::read_tools() {
  const json::Value tools = body_["tools"];
  if (tools && !tools.is_array()) return complain("tools: Input should be a valid list");
  std::size_t index = 0;
  for (json::Value tool : tools.elements())
    if (auto objection = read_tool(tool, "tools." + std::to_string(index++))) return objection;
  if (strict_tools_ > most_strict_tools)
    return complain(
        "Too many strict tools (" + std::to_string(strict_tools_) +
        "). The maximum number of strict tools supported is 20. Try reducing the number of tools marked as "
        "strict.");
  return std::nullopt;
}

Objection RequestReader::read_tool(json::Value tool, const std::string& place) {
  if (tool["cache_control"]) ++breakpoints_;
  // Tools of other types are Anthropic's own and run on its side.
  if (tool["type"].exists() && !tool["type"].is_null() && !tool["type"].equals("custom")) return std::nullopt;
  const std::string here = place + ".custom";
  if (auto objection = check_members(tool, here, known_tool_members)) return objection;
  const std::string name = tool["name"].string();
  if (name.empty()) return field_required(here + ".name");
  if (!is_identifier(name, longest_name))
    return complain(here + ".name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
  if (contains(reading_.tools, name, &Tool::name)) return complain("tools: Tool names must be unique.");
  const json::Value schema = tool["input_schema"];
  if (!schema.is_object()) return field_required(here + ".input_schema");
  if (!schema["type"].exists()) return field_required(here + ".input_schema.type");
  if (!schema["type"].equals("object"))
    return complain(here + ".input_schema.type: Input should be 'object'");
  if (tool["strict"].boolean() == true) {
    ++strict_tools_;
    if (auto objection = check_output_schema(schema, here + ".input_schema")) return objection;
  }
  reading_.count(tool.raw());
  if (tool["cache_control"]) reading_.cache_breakpoint();
  reading_.tools.push_back({name, std::string(schema.raw())});
  return std::nullopt;
}

Objection RequestReader::read_system() {
  const json::Value system = body_["system"];
  if (system.is_string()) {
    reading_.count(system.string());
    reading_.system_says(system.string());
  }
  if (system && !system.is_string() && !system.is_array())
    return complain("system: Input should be a valid list");
  std::size_t index = 0;
  for (json::Value block : system.elements()) {
    const std::string place = "system." + std::to_string(index++);
    if (!block["type"].equals("text")) return complain(place + ".type: Input should be 'text'");
    if (!block["text"].is_string()) return field_required(place + ".text");
    if (block["text"].text().is_blank()) return complain("system: text content blocks must be non-empty");
    reading_.count(block["text"].string());
    reading_.system_says(block["text"].string());
    if (!block["cache_control"]) continue;
    ++breakpoints_;
    reading_.cache_breakpoint();
  }
  return std::nullopt;
}

Objection RequestReader::read_messages() {
  MessageReader messages(reading_, has_budget_);
  if (auto objection = messages.read(body_["messages"])) return objection;
  const std::size_t tokens = tokens_in(reading_.input_chars);
  if (tokens > longest_prompt)
    return complain("prompt is too long: " + std::to_string(tokens) + " tokens > 200000 maximum");
  breakpoints_ += messages.breakpoints();
  if (breakpoints_ > most_breakpoints)
    return complain("A maximum of 4 blocks with cache_control may be provided. Found " +
                    std::to_string(breakpoints_) + ".");
  if (messages.ends_with_assistant() && !model_->takes_prefill)
    return complain(
        "This model does not support assistant message prefill. The conversation must end with a user "
        "message.");
  return std::nullopt;
}

// ---- what is asked for --------------------------------------------------------------------------

Objection RequestReader::read_tool_choice() {
  const json::Value choice = body_["tool_choice"];
  if (!choice) return std::nullopt;
  if (body_["tools"].size() == 0)
    return complain("tool_choice: tool_choice may only be specified while providing tools");
  const std::string type = choice["type"].string();
  if (choice["disable_parallel_tool_use"].boolean() == true) reading_.parallel_calls = false;
  if (type == "none") {
    reading_.tool_use = ToolUse::none;
  } else if (type == "any" || type == "tool") {
    reading_.tool_use = ToolUse::forced;
    if (has_budget_) return complain("Thinking may not be enabled when tool_choice forces tool use.");
  } else if (type != "auto") {
    return complain("tool_choice: Input tag '" + type +
                    "' found using 'type' does not match any of the expected tags: "
                    "'any', 'auto', 'none', 'tool'");
  }
  if (type != "tool") return std::nullopt;
  const std::string name = choice["name"].string();
  if (!contains(reading_.tools, name, &Tool::name))
    return complain("tool_choice: Tool '" + name + "' not found in provided tools");
  reading_.allowed_tools.push_back(name);
  return std::nullopt;
}

Objection RequestReader::read_format() {
  const json::Value config = body_["output_config"];
  if (const json::Value effort = config["effort"]) {
    if (model_->efforts.empty()) return complain("This model does not support the effort parameter.");
    if (!effort.is_string() ||
        !(", " + std::string(model_->efforts) + ",").contains(" " + effort.string() + ","))
      return complain("This model does not support effort level '" + effort.string() +
                      "'. Supported levels: " + std::string(model_->efforts) + ".");
  }
  const json::Value format = config["format"] ? config["format"] : body_["output_format"];
  if (!format) return std::nullopt;
  const std::string place = config["format"] ? "output_config.format" : "output_format";
  if (!format["type"].equals("json_schema")) return complain(place + ".type: Input should be 'json_schema'");
  if (auto objection = check_output_schema(format["schema"], place + ".schema")) return objection;
  if (!model_->writes_schemas) return complain("'" + reading_.model + "' does not support output format.");
  reading_.format = Format::json_schema;
  reading_.schema = format["schema"].raw();
  return std::nullopt;
}

}  // namespace

Complaint complain(std::string message) {
  return {400, "invalid_request_error", std::move(message)};
}

Complaint field_required(const std::string& place) {
  return complain(place + ": Field required");
}

Objection check_members(json::Value object, std::string_view place, std::span<const std::string_view> known) {
  for (const json::Member& member : object.members()) {
    const std::string name = member.key.decode();
    if (!name.empty() && contains(known, name)) continue;
    return complain((place.empty() ? "" : std::string(place) + ".") + name +
                    ": Extra inputs are not permitted");
  }
  return std::nullopt;
}

bool is_identifier(std::string_view text, std::size_t longest) {
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, allowed);
}

Read<Reading> read_request(const Received& request) {
  return RequestReader(request).read();
}

}  // namespace sluice::simulate::anthropic
