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
constexpr std::size_t longest_prompt = 1'048'576;

constexpr std::array<std::string_view, 12> known_members{
    "contents",      "tools", "toolConfig", "safetySettings", "systemInstruction", "generationConfig",
    "cachedContent", "model", "labels",     "serviceTier",    "modelArmorConfig",  "store"};
constexpr std::array<std::string_view, 7> function_members{
    "name",     "description",        "parameters", "parametersJsonSchema",
    "response", "responseJsonSchema", "behavior"};
constexpr std::array<std::string_view, 3> calling_members{"mode", "allowedFunctionNames",
                                                          "streamFunctionCallArguments"};

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
  Objection read_contents();
  Objection read_config() { return ConfigReader(config_, variant_, reading_).read(); }
  Objection read_tool_config();

  const Received& request_;
  json::Document document_;
  json::Value body_, config_;
  Variant variant_;
  Reading reading_;
};

Read<Reading> RequestReader::read() {
  constexpr std::array steps{
      &RequestReader::check_key,        &RequestReader::read_path,  &RequestReader::parse,
      &RequestReader::read_system,      &RequestReader::read_tools, &RequestReader::read_contents,
      &RequestReader::read_tool_config, &RequestReader::read_config};
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
  const bool vertex = path.contains("/publishers/");
  variant_.takes_ids = !vertex || !path.contains("/v1/");
  variant_.gemini_25 = reading_.model.contains("gemini-2.5");
  constexpr std::array older{"gemini-1", "gemini-2", "gemma"};
  variant_.gemini_3 =
      reading_.model.contains("gemini") &&
      std::ranges::none_of(older, [&](std::string_view name) { return reading_.model.contains(name); });
  reading_.call_ids = variant_.gemini_3 && !vertex;
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
  return check_members(body_, "", known_members);
}

Objection RequestReader::read_system() {
  const json::Value system = get(body_, "systemInstruction");
  if (system && reading_.model.contains("gemma"))
    return complain("Developer instruction is not enabled for models/" + reading_.model);
  const auto say = [&](json::Value part) {
    reading_.count(part["text"].string());
    reading_.system_says(part["text"].string());
  };
  for (json::Value part : system["parts"].elements()) say(part);
  if (system["parts"].is_object()) say(system["parts"]);  // one in place of a list is taken
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

// ---- tools --------------------------------------------------------------------------------------

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

Objection RequestReader::read_contents() {
  if (auto objection = ContentReader(reading_, variant_).read(body_["contents"])) return objection;
  const std::size_t tokens = tokens_in(reading_.input_chars);
  if (tokens <= longest_prompt) return std::nullopt;
  return complain("The input token count (" + std::to_string(tokens) +
                  ") exceeds the maximum number of tokens allowed (1048576).");
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

std::string snake_case(std::string_view camel_case) {
  std::string out;
  for (const char c : camel_case) {
    const bool upper = std::isupper(static_cast<unsigned char>(c)) != 0;
    if (upper) out += '_';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
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
