#include "base/text.hpp"
#include "simulate/contains.hpp"
#include "simulate/read_gemini.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::gemini {
namespace {

constexpr int deepest = 64;

constexpr std::array<std::string_view, 22> schema_members{
    "type",          "format",        "title",    "description",     "nullable",  "enum",
    "items",         "properties",    "required", "anyOf",           "minItems",  "maxItems",
    "minProperties", "maxProperties", "minimum",  "maximum",         "minLength", "maxLength",
    "pattern",       "example",       "default",  "propertyOrdering"};
constexpr std::array<std::string_view, 7> types{"string", "number", "integer", "boolean",
                                                "array",  "object", "null"};

Objection check_node(json::Value schema, const std::string& place, int depth);

Objection check_type(json::Value type, const std::string& place) {
  if (type.is_array())
    return complain("Invalid JSON payload received. Unknown name \"type\" at '" + place +
                    "': Proto field is not repeating, cannot start list.");
  if (!type || type.is_number() || contains(types, ascii_lower(type.string()))) return std::nullopt;
  return invalid_value(place + ".type", "type.googleapis.com/google.ai.generativelanguage.v1beta.Type", type);
}

Objection check_children(json::Value schema, const std::string& place, int depth) {
  std::size_t index = 0;
  for (const json::Member& member : schema["properties"].members()) {
    const std::string child = place + ".properties[" + std::to_string(index++) + "].value";
    if (auto objection = check_node(member.value, child, depth + 1)) return objection;
  }
  index = 0;
  for (json::Value branch : get(schema, "anyOf").elements())
    if (auto objection = check_node(branch, place + ".any_of[" + std::to_string(index++) + "]", depth + 1))
      return objection;
  return check_node(schema["items"], place + ".items", depth + 1);
}

Objection check_node(json::Value schema, const std::string& place, int depth) {
  if (!schema || depth > deepest) return std::nullopt;
  if (!schema.is_object())
    return invalid_value(place, "type.googleapis.com/google.ai.generativelanguage.v1beta.Schema", schema);
  if (auto objection = check_members(schema, place, schema_members)) return objection;
  if (auto objection = check_type(schema["type"], place)) return objection;
  std::size_t index = 0;
  for (json::Value choice : schema["enum"].elements()) {
    if (!choice.is_string())
      return invalid_value(place + ".enum[" + std::to_string(index) + "]", "TYPE_STRING", choice);
    ++index;
  }
  index = 0;
  for (json::Value name : schema["required"].elements()) {
    if (!schema["properties"][name.string()].exists())
      return invalid_field(place + ".required[" + std::to_string(index) + "]", "property is not defined");
    ++index;
  }
  if (iequals(schema["type"].string(), "array") && !schema["items"])
    return invalid_field(place + ".items", "missing field.");
  return check_children(schema, place, depth);
}

}  // namespace

Objection check_schema(json::Value schema, const std::string& place) {
  return check_node(schema, place, 0);
}

}  // namespace sluice::simulate::gemini
