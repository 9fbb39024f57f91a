#include "simulate/contains.hpp"
#include "simulate/openai_complaints.hpp"
#include "simulate/read_openai.hpp"

#include <algorithm>
#include <cctype>

namespace sluice::simulate::openai {
namespace {

constexpr std::size_t most_tools = 128;
constexpr std::size_t longest_name = 64;

Objection check_function_name(const std::string& name, const std::string& param) {
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

Objection read_function(json::Value function, const std::string& place, bool takes_text, Reading& reading) {
  const std::string name = function["name"].string();
  if (auto objection = check_function_name(name, place + ".name")) return objection;
  const json::Value schema = function["parameters"];
  if (schema && (!schema.is_object() || (schema["type"].exists() && !schema["type"].equals("object"))))
    return complain("Invalid schema for function '" + name +
                        "': schema must be a JSON Schema of 'type: \"object\"', got 'type: " +
                        std::string(schema.is_object() ? schema["type"].raw() : json::name(schema.type())) +
                        "'.",
                    place + ".parameters", "invalid_function_parameters");
  reading.count(function.raw());
  reading.tools.push_back({name, std::string(schema ? schema.raw() : ""), takes_text});
  return std::nullopt;
}

Objection read_tool(json::Value tool, const std::string& place, bool own, Reading& reading) {
  const std::string type = tool["type"].string();
  if (type.empty()) return missing(place + ".type");
  if (type != "function" && type != "custom") {
    if (own) return unsupported_choice(place + ".type", type, "'function' and 'custom'");
    return std::nullopt;  // the host runs it
  }
  return read_function(tool[type], place + "." + type, type == "custom", reading);
}

Objection read_named_choice(json::Value choice, bool own, Reading& reading) {
  reading.tool_use = ToolUse::forced;
  if (choice["type"].equals("allowed_tools")) {
    const json::Value allowed = choice["allowed_tools"];
    if (!allowed["mode"].equals("required")) reading.tool_use = ToolUse::automatic;
    for (json::Value tool : allowed["tools"].elements())
      reading.allowed_tools.push_back(tool[tool["type"].string()]["name"].string());
  } else {
    const bool flat = reading.legacy_functions || (!own && choice["name"].is_string());
    const json::Value named = flat ? choice : choice[choice["type"].string()];
    if (!named["name"].is_string()) return missing("tool_choice.function.name");
    reading.allowed_tools.push_back(named["name"].string());
  }
  for (const std::string& name : reading.allowed_tools)
    if (!contains(reading.tools, name, &Tool::name))
      return complain("Tool choice '" + name + "' not found in 'tools' parameter.", "tool_choice");
  return std::nullopt;
}

}  // namespace

Objection read_tools(json::Value body, bool own, Reading& reading) {
  for (const std::string_view list : {"tools", "functions"}) {
    const json::Value tools = body[list];
    if (!tools) continue;
    const std::string name(list);
    if (!tools.is_array()) return wrong_type(name, "an array of objects", tools);
    if (tools.size() == 0) return empty_array(name);
    if (tools.size() > most_tools) return array_too_long(name, most_tools, tools.size());
    reading.legacy_functions = list == "functions";
    std::size_t index = 0;
    for (json::Value tool : tools.elements()) {
      const std::string place = at(name, index++);
      auto objection = reading.legacy_functions ? read_function(tool, place, false, reading)
                                                : read_tool(tool, place, own, reading);
      if (objection) return objection;
    }
  }
  return std::nullopt;
}

Objection read_tool_choice(json::Value body, bool own, Reading& reading) {
  const std::string_view with_tools = "'tools' are specified";
  if (const auto parallel = body["parallel_tool_calls"].boolean()) {
    if (reading.tools.empty()) return only_with("parallel_tool_calls", with_tools);
    reading.parallel_calls = *parallel;
  }
  if (reading.legacy_functions) reading.parallel_calls = false;
  const json::Value choice = body[reading.legacy_functions ? "function_call" : "tool_choice"];
  if (!choice) return std::nullopt;
  if (reading.tools.empty()) return only_with("tool_choice", with_tools);
  if (choice.is_object()) return read_named_choice(choice, own, reading);
  if (choice.equals("none")) {
    reading.tool_use = ToolUse::none;
  } else if (choice.equals("required") || (!own && choice.equals("any"))) {
    reading.tool_use = ToolUse::forced;
  } else if (!choice.equals("auto")) {
    return unsupported_choice("tool_choice", choice.string(), "'none', 'auto', and 'required'");
  }
  return std::nullopt;
}

}  // namespace sluice::simulate::openai
