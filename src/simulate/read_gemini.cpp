#include "simulate/read_gemini.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "simulate/contains.hpp"
#include "simulate/gemini.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace sluice::simulate::gemini {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t most_stops = 5;
constexpr std::int64_t most_candidates = 8;

constexpr std::array<std::string_view, 12> known_members{
    "contents",      "tools", "toolConfig", "safetySettings", "systemInstruction", "generationConfig",
    "cachedContent", "model", "labels",     "serviceTier",    "modelArmorConfig",  "store"};
constexpr std::array<std::string_view, 25> config_members{"candidateCount",
                                                          "stopSequences",
                                                          "responseMimeType",
                                                          "responseSchema",
                                                          "responseJsonSchema",
                                                          "responseModalities",
                                                          "thinkingConfig",
                                                          "maxOutputTokens",
                                                          "temperature",
                                                          "topP",
                                                          "topK",
                                                          "seed",
                                                          "presencePenalty",
                                                          "frequencyPenalty",
                                                          "responseLogprobs",
                                                          "logprobs",
                                                          "speechConfig",
                                                          "imageConfig",
                                                          "mediaResolution",
                                                          "audioTimestamp",
                                                          "routingConfig",
                                                          "modelSelectionConfig",
                                                          "enableEnhancedCivicAnswers",
                                                          "enableAffectiveDialog",
                                                          "responseFormat"};
constexpr std::array<std::string_view, 3> thinking_members{"includeThoughts", "thinkingBudget",
                                                           "thinkingLevel"};
constexpr std::array<std::string_view, 7> function_members{
    "name",     "description",        "parameters", "parametersJsonSchema",
    "response", "responseJsonSchema", "behavior"};
constexpr std::array<std::string_view, 3> calling_members{"mode", "allowedFunctionNames",
                                                          "streamFunctionCallArguments"};

struct NumberRange {
  std::string_view name;
  double least, most;
  std::string_view complaint;
};
constexpr std::array number_ranges{
    NumberRange{"temperature", 0, 2, "temperature must be in the range [0.0, 2.0]."},
    NumberRange{"topP", 0, 1, "top_p must be in the range [0.0, 1.0]."},
    NumberRange{"presencePenalty", -2, 2, "presence_penalty must be in the range [-2.0, 2.0)."},
    NumberRange{"frequencyPenalty", -2, 2, "frequency_penalty must be in the range [-2.0, 2.0)."},
    NumberRange{"candidateCount", 1, most_candidates, "candidate_count must be in the range [1, 8]."},
    NumberRange{"maxOutputTokens", 1, 1e9, "max_output_tokens must be positive."},
    NumberRange{"seed", -2147483648.0, 2147483647.0, "seed must be an int32."},
};

std::string snake_case(std::string_view camel_case) {
  std::string out;
  for (const char c : camel_case) {
    const bool upper = std::isupper(static_cast<unsigned char>(c)) != 0;
    if (upper) out += '_';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

class RequestReader {
 public:
  explicit RequestReader(const Received& request) : request_(request) {}
  Read<Reading> read();

 private:
  Objection read_path();
  Objection check_key();
  Objection parse();
  Objection read_system();
  Objection read_tools();
  Objection read_function(json::Value function, const std::string& place);
  Objection check_tool_mix(bool others) const;
  Objection read_contents() { return ContentReader(reading_, variant_).read(body_["contents"]); }
  Objection read_tool_config();
  Objection check_numbers();
  Objection read_limits();
  Objection read_format();
  Objection read_thinking();
  Objection check_thinking(json::Value thinking) const;

  const Received& request_;
  json::Document document_;
  json::Value body_, config_;
  Variant variant_;
  Reading reading_;
};

Read<Reading> RequestReader::read() {
  constexpr std::array steps{
      &RequestReader::check_key,     &RequestReader::read_path,        &RequestReader::parse,
      &RequestReader::read_system,   &RequestReader::read_tools,       &RequestReader::read_contents,
      &RequestReader::check_numbers, &RequestReader::read_tool_config, &RequestReader::read_limits,
      &RequestReader::read_format,   &RequestReader::read_thinking};
  for (const auto step : steps)
    if (auto objection = (this->*step)()) return std::unexpected(std::move(*objection));
  return std::move(reading_);
}

Objection RequestReader::check_key() {
  if (request_.key_is_refused)
    return Complaint{400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", "",
                     "API_KEY_INVALID"};
  if (!request_.field("x-goog-api-key").empty() || !request_.field("authorization").empty() ||
      request_.asks("key="))
    return std::nullopt;
  return Complaint{403, "PERMISSION_DENIED",
                   "Method doesn't allow unregistered callers (callers without established identity). Please "
                   "use API Key or "
                   "other form of API consumer identity to call this API."};
}

/// `.../models/NAME:METHOD`
Objection RequestReader::read_path() {
  const std::string_view path = request_.path;
  const std::size_t begin = path.rfind("/models/") + std::string_view("/models/").size();
  const std::size_t end = path.rfind(':');
  reading_.model = path.substr(begin, end - begin);
  reading_.stream = path.substr(end) == ":streamGenerateContent";
  reading_.as_sse = request_.asks("alt=sse");
  variant_.vertex = path.contains("/publishers/");
  variant_.gemini_25 = reading_.model.contains("gemini-2.5");
  constexpr std::array older{"gemini-1", "gemini-2", "gemma"};
  variant_.gemini_3 =
      reading_.model.contains("gemini") &&
      std::ranges::none_of(older, [&](std::string_view name) { return reading_.model.contains(name); });
  reading_.call_ids = variant_.gemini_3 && !variant_.vertex;
  if (!reading_.model.contains("no-such-model")) return std::nullopt;
  return Complaint{404, "NOT_FOUND",
                   "models/" + reading_.model +
                       " is not found for API version v1beta, or is not supported for generateContent. Call "
                       "ListModels to see "
                       "the list of available models and their supported methods."};
}

Objection RequestReader::parse() {
  const auto parsed = document_.parse(request_.body);
  if (!parsed) return complain("Invalid JSON payload received. " + parsed.error().message());
  if (!parsed->is_object()) return complain("Invalid JSON payload received. Expected an object.");
  body_ = *parsed;
  config_ = get(body_, "generationConfig");
  reading_.seed = fnv1a(request_.body) ^ fnv1a(reading_.model);
  if (auto objection = check_members(body_, "", known_members)) return objection;
  return check_members(config_, "generation_config", config_members);
}

Objection RequestReader::read_system() {
  const json::Value system = get(body_, "systemInstruction");
  if (system && reading_.model.contains("gemma"))
    return complain("Developer instruction is not enabled for models/" + reading_.model);
  for (json::Value part : system["parts"].elements()) reading_.count(part["text"].string());
  reading_.count(system["parts"]["text"].string());
  if (const json::Value cached = get(body_, "cachedContent")) {
    for (const std::string_view name : {"systemInstruction", "tools", "toolConfig"})
      if (get(body_, name))
        return complain(
            "CachedContent can not be used with GenerateContent request setting system_instruction, tools or "
            "tool_config.");
    constexpr std::size_t simulated_cache = 8192;
    reading_.input_chars += simulated_cache;
    reading_.cached_chars = simulated_cache;
    reading_.count(cached.string());
  }
  return std::nullopt;
}

// ---- tools ------------------------------------------------------------------------------------------------

Objection RequestReader::read_tools() {
  bool others = false;
  std::size_t index = 0;
  for (json::Value tool : body_["tools"].elements()) {
    const std::string place = "tools[" + std::to_string(index++) + "]";
    const json::Value functions = get(tool, "functionDeclarations");
    if (tool.size() == 0 || (functions && functions.size() == 0))
      return invalid_field(place + ".tool_type",
                           "required one_of 'tool_type' must have one initialized field");
    if (!functions) others = true;
    std::size_t number = 0;
    for (json::Value function : functions.elements())
      if (auto objection =
              read_function(function, place + ".function_declarations[" + std::to_string(number++) + "]"))
        return objection;
  }
  return check_tool_mix(others);
}

Objection RequestReader::read_function(json::Value function, const std::string& place) {
  if (auto objection = check_members(function, place, function_members)) return objection;
  const std::string name = function["name"].string();
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("_.:-").contains(c);
  };
  const bool starts_well =
      !name.empty() && (std::isalpha(static_cast<unsigned char>(name[0])) != 0 || name[0] == '_');
  if (!starts_well || name.size() > longest_name || !std::ranges::all_of(name, allowed))
    return invalid_field(
        place + ".name",
        "Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, "
        "0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.");
  if (contains(reading_.tools, name, &Tool::name))
    return complain("Duplicate function declaration found: " + name);
  const json::Value subset = function["parameters"];
  const json::Value schema = get(function, "parametersJsonSchema");
  if (subset && schema)
    return complain("Only one of `parameters` or `parameters_json_schema` should be set at " + place + ".");
  if (auto objection = check_schema(subset, place + ".parameters")) return objection;
  reading_.count(function.raw());
  const json::Value used = subset ? subset : schema;
  reading_.tools.push_back({name, std::string(used ? used.raw() : "")});
  return std::nullopt;
}

/// Generations before 3 do one thing at a time.
Objection RequestReader::check_tool_mix(bool others) const {
  if (variant_.gemini_3 || reading_.tools.empty()) return std::nullopt;
  if (others) return complain("Tool use with function calling is unsupported");
  if (get(config_, "responseMimeType").equals("application/json"))
    return complain("Function calling with a response mime type: 'application/json' is unsupported");
  return std::nullopt;
}

Objection RequestReader::read_tool_config() {
  const json::Value calling = get(get(body_, "toolConfig"), "functionCallingConfig");
  if (!calling) return std::nullopt;
  const std::string place = "tool_config.function_calling_config";
  if (auto objection = check_members(calling, place, calling_members)) return objection;
  const std::string mode = calling["mode"] ? calling["mode"].string() : "AUTO";
  if (mode == "ANY") {
    reading_.tool_use = ToolUse::forced;
  } else if (mode == "NONE") {
    reading_.tool_use = ToolUse::none;
  } else if (mode != "AUTO" && mode != "VALIDATED" && mode != "MODE_UNSPECIFIED") {
    return invalid_value(place + ".mode",
                         "type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCallingConfig.Mode",
                         calling["mode"]);
  }
  if (mode == "ANY" && reading_.tools.empty())
    return complain("Function calling config is set without function_declarations.");
  const json::Value names = get(calling, "allowedFunctionNames");
  if (names.size() > 0 && mode != "ANY" && mode != "VALIDATED")
    return complain(
        "Function calling config: allowed_function_names should be set only when function calling mode is "
        "ANY.");
  for (json::Value name : names.elements()) {
    if (!contains(reading_.tools, name.string(), &Tool::name))
      return complain("Function calling config: allowed_function_names contains an unknown function: " +
                      name.string());
    reading_.allowed_tools.push_back(name.string());
  }
  return std::nullopt;
}

// ---- generationConfig
// ---------------------------------------------------------------------------------------

Objection RequestReader::check_numbers() {
  for (const NumberRange& range : number_ranges) {
    const json::Value value = get(config_, range.name);
    if (!value) continue;
    const std::string place = "generation_config." + snake_case(range.name);
    const auto number = value.number();
    if (!number) return invalid_value(place, "TYPE_DOUBLE", value);
    if (*number < range.least || *number > range.most) return invalid_field(place, range.complaint);
  }
  return std::nullopt;
}

Objection RequestReader::read_limits() {
  if (const auto most = get(config_, "maxOutputTokens").integer())
    reading_.max_tokens = static_cast<std::size_t>(*most);
  reading_.choices = static_cast<std::size_t>(get(config_, "candidateCount").integer().value_or(1));
  for (json::Value stop : get(config_, "stopSequences").elements()) reading_.stops.push_back(stop.string());
  if (reading_.stops.size() > most_stops)
    return invalid_field("generation_config.stop_sequences",
                         "the number of stop sequences must be at most 5.");
  return std::nullopt;
}

Objection RequestReader::read_format() {
  const std::string type = get(config_, "responseMimeType").string();
  const json::Value subset = get(config_, "responseSchema");
  const json::Value schema = get(config_, "responseJsonSchema");
  constexpr std::array known{"", "text/plain", "application/json", "text/x.enum"};
  if (!contains(known, type))
    return invalid_field(
        "generation_config.response_mime_type",
        "allowed mimetypes are `text/plain`, `application/json`, `application/xml`, `application/yaml` and "
        "`text/x.enum`.");
  if (subset && schema)
    return complain("Only one of `response_schema` or `response_json_schema` should be set.");
  if ((subset || schema) && (type.empty() || type == "text/plain"))
    return complain("response_schema is only supported when response_mime_type is set to application/json.");
  if (auto objection = check_schema(subset, "generation_config.response_schema")) return objection;
  if (type == "application/json") reading_.format = Format::json_object;
  if (!subset && !schema) return std::nullopt;
  reading_.format = Format::json_schema;
  reading_.schema = (subset ? subset : schema).raw();
  return std::nullopt;
}

/// Generations from 2.5 on think unless told not to, and show it only when asked.
Objection RequestReader::read_thinking() {
  const json::Value thinking = get(config_, "thinkingConfig");
  if (auto objection = check_members(thinking, "generation_config.thinking_config", thinking_members))
    return objection;
  if (thinking)
    if (auto objection = check_thinking(thinking)) return objection;
  const bool can_think = variant_.gemini_3 || variant_.gemini_25;
  const bool thinks = can_think && get(thinking, "thinkingBudget").integer() != 0;
  reading_.signs_calls = thinks;
  if (!thinks) return std::nullopt;
  reading_.reasoning =
      get(thinking, "includeThoughts").boolean() == true ? Reasoning::shown : Reasoning::counted;
  return std::nullopt;
}

Objection RequestReader::check_thinking(json::Value thinking) const {
  const auto budget = get(thinking, "thinkingBudget").integer();
  const json::Value level = get(thinking, "thinkingLevel");
  if (!variant_.gemini_3 && !variant_.gemini_25)
    return complain("Unable to submit request because thinking is not supported by this model.");
  if (budget && level) return complain("You can only set only one of thinking budget and thinking level.");
  if (level && !variant_.gemini_3) return complain("Thinking level is not supported for this model.");
  const bool pro = reading_.model.contains("pro");
  if (budget == 0 && pro) return complain("Budget 0 is invalid. This model only works in thinking mode.");
  const std::string name = ascii_lower(level.string());
  constexpr std::array levels{"minimal", "low", "medium", "high"};
  if (level && !contains(levels, name))
    return invalid_value(
        "generation_config.thinking_config.thinking_level",
        "type.googleapis.com/google.ai.generativelanguage.v1beta.ThinkingConfig.ThinkingLevel", level);
  if (name == "minimal" && pro)
    return complain(
        "Thinking level MINIMAL is not supported for this model. Please retry with other thinking level.");
  return std::nullopt;
}

}  // namespace

Complaint complain(std::string message) {
  return {400, "INVALID_ARGUMENT", std::move(message)};
}

Complaint invalid_field(const std::string& place, std::string_view what) {
  return complain("* GenerateContentRequest." + place + ": " + std::string(what) + "\n");
}

Complaint invalid_value(const std::string& place, std::string_view type, json::Value value) {
  return complain("Invalid value at '" + place + "' (" + std::string(type) + "), " +
                  std::string(value.raw().substr(0, 200)));
}

json::Value get(json::Value object, std::string_view camel_case) {
  const json::Value value = object[camel_case];
  return value.exists() ? value : object[snake_case(camel_case)];
}

Objection check_members(json::Value object, const std::string& place,
                        std::span<const std::string_view> known) {
  for (const json::Member& member : object.members()) {
    const std::string name = member.key.decode();
    const auto fits = [&](std::string_view one) { return name == one || name == snake_case(one); };
    if (std::ranges::any_of(known, fits)) continue;
    return complain("Invalid JSON payload received. Unknown name \"" + name + "\"" +
                    (place.empty() ? "" : " at '" + place + "'") + ": Cannot find field.");
  }
  return std::nullopt;
}

Read<Reading> read_request(const Received& request) {
  return RequestReader(request).read();
}

}  // namespace sluice::simulate::gemini
