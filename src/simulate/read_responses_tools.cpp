#include "simulate/contains.hpp"
#include "simulate/openai_complaints.hpp"
#include "simulate/read_responses.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace sluice::simulate::responses {
namespace {

using openai::at;
using openai::complain;
using openai::missing;
using openai::string_too_long;
using openai::unsupported_choice;
using openai::wrong_type;

constexpr std::size_t most_tools = 128;
constexpr std::size_t longest_name = 64;

constexpr std::array hosted_types{
    "web_search",  "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11",
    "file_search", "code_interpreter",      "image_generation",   "mcp",
    "computer",    "computer_use_preview",  "local_shell",        "shell",
    "apply_patch", "tool_search",           "namespace",          "programmatic_tool_calling"};

Complaint wrong_schema(const std::string& name, std::string_view what, const std::string& place) {
  return complain("Invalid schema for function '" + name + "': " + std::string(what), place + ".parameters",
                  "invalid_function_parameters");
}

bool names(json::Value list, std::string_view key) {
  for (json::Value name : list.elements())
    if (name.equals(key)) return true;
  return false;
}

/// What a schema must have that the model is held to; the root stands for all of it.
Objection check_strict(json::Value schema, const std::string& name, const std::string& place) {
  if (schema["additionalProperties"].boolean() != false)
    return wrong_schema(
        name, "In context=(), 'additionalProperties' is required to be supplied and to be false.", place);
  for (const json::Member& property : schema["properties"].members()) {
    const std::string key = property.key.decode();
    if (!names(schema["required"], key))
      return wrong_schema(name,
                          "In context=(), 'required' is required to be supplied and to be an array including "
                          "every key in properties. Missing '" +
                              key + "'.",
                          place);
  }
  return std::nullopt;
}

Objection check_name(const std::string& name, const std::string& param) {
  if (name.empty()) return missing(param);
  if (name.size() > longest_name) return string_too_long(param, longest_name, name.size());
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  };
  if (std::ranges::all_of(name, allowed)) return std::nullopt;
  return complain("Invalid '" + param +
                      "': string does not match pattern. Expected a string that matches the pattern "
                      "'^[a-zA-Z0-9_-]+$'.",
                  param, "invalid_value");
}

Objection read_function(json::Value tool, const std::string& place, Reading& reading) {
  const std::string name = tool["name"].string();
  if (auto objection = check_name(name, place + ".name")) return objection;
  const json::Value schema = tool["parameters"];
  if (schema && (!schema.is_object() || !schema["type"].equals("object")))
    return wrong_schema(name,
                        "schema must be a JSON Schema of 'type: \"object\"', got 'type: " +
                            std::string(schema["type"].exists() ? schema["type"].raw() : "\"None\"") + "'.",
                        place);
  if (tool["strict"].boolean() == true)
    if (auto objection = check_strict(schema, name, place)) return objection;
  reading.count(tool.raw());
  reading.tools.push_back({name, std::string(schema ? schema.raw() : "")});
  return std::nullopt;
}

Objection read_tool(json::Value tool, const std::string& place, bool own, Reading& reading) {
  const std::string type = tool["type"].string();
  if (type.empty()) return missing(place + ".type");
  if (type == "function") return read_function(tool, place, reading);
  if (type == "custom") {
    const std::string name = tool["name"].string();
    if (auto objection = check_name(name, place + ".name")) return objection;
    if (tool["format"]["type"].equals("grammar") && !tool["format"]["definition"].is_string())
      return missing(place + ".format.definition");
    reading.count(tool.raw());
    reading.tools.push_back({name, "", true});
    return std::nullopt;
  }
  if (own && !contains(hosted_types, type))
    return unsupported_choice(place, type, "'function', 'custom', 'web_search', 'file_search', and others");
  return std::nullopt;  // the provider runs it
}

Objection read_named_choice(json::Value choice, Reading& reading) {
  const std::string type = choice["type"].string();
  if (type == "allowed_tools") {
    reading.tool_use = choice["mode"].equals("required") ? ToolUse::forced : ToolUse::automatic;
    for (json::Value tool : choice["tools"].elements())
      reading.allowed_tools.push_back(tool["name"].string());
  } else if (type == "function" || type == "custom") {
    if (choice["name"].text().empty()) return missing("tool_choice.name");
    reading.tool_use = ToolUse::forced;
    reading.allowed_tools.push_back(choice["name"].string());
  }
  for (const std::string& name : reading.allowed_tools)
    if (!contains(reading.tools, name, &Tool::name))
      return complain("Tool choice '" + type + "' not found in 'tools' parameter.", "tool_choice");
  return std::nullopt;
}

}  // namespace

Objection read_tools(json::Value body, bool own, Reading& reading) {
  const json::Value tools = body["tools"];
  if (!tools) return std::nullopt;
  if (!tools.is_array()) return wrong_type("tools", "an array of objects", tools);
  if (tools.size() > most_tools) return openai::array_too_long("tools", most_tools, tools.size());
  std::size_t index = 0;
  for (json::Value tool : tools.elements())
    if (auto objection = read_tool(tool, at("tools", index++), own, reading)) return objection;
  return std::nullopt;
}

Objection read_tool_choice(json::Value body, Reading& reading) {
  reading.parallel_calls = body["parallel_tool_calls"].boolean().value_or(true);
  const json::Value choice = body["tool_choice"];
  if (!choice || choice.equals("auto")) return std::nullopt;
  if (choice.is_object()) return read_named_choice(choice, reading);
  if (choice.equals("none")) {
    reading.tool_use = ToolUse::none;
  } else if (choice.equals("required")) {
    if (body["tools"].size() == 0)
      return complain("Tool choice 'required' must be specified with 'tools' parameter.", "tool_choice");
    if (!reading.tools.empty()) reading.tool_use = ToolUse::forced;
  } else {
    return unsupported_choice("tool_choice", choice.string(), "'none', 'auto', and 'required'");
  }
  return std::nullopt;
}

}  // namespace sluice::simulate::responses
