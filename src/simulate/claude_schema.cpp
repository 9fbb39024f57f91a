#include "simulate/read_anthropic.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace sluice::simulate::anthropic {
namespace {

constexpr int deepest = 64;

struct Refused {
  std::string_view type, keyword;
};
constexpr std::array refused_keywords{
    Refused{"integer", "minimum"},          Refused{"integer", "maximum"},
    Refused{"integer", "exclusiveMinimum"}, Refused{"integer", "exclusiveMaximum"},
    Refused{"integer", "multipleOf"},       Refused{"number", "minimum"},
    Refused{"number", "maximum"},           Refused{"number", "exclusiveMinimum"},
    Refused{"number", "exclusiveMaximum"},  Refused{"number", "multipleOf"},
    Refused{"string", "minLength"},         Refused{"string", "maxLength"},
    Refused{"array", "maxItems"},           Refused{"array", "uniqueItems"},
};

constexpr std::size_t most_values = 100'000;

/// Whether `schema` refers, at whatever distance, to an entry of `$defs` that it stands in, or to the root.
/// `inside` are the names of those entries; `budget` bounds the values looked at.
bool is_recursive(json::Value schema, json::Value root, std::vector<std::string>& inside,
                  std::size_t& budget) {
  if (budget == 0 || inside.size() > deepest) return false;
  --budget;
  for (json::Value element : schema.elements())
    if (is_recursive(element, root, inside, budget)) return true;
  for (const json::Member& member : schema.members()) {
    if (is_recursive(member.value, root, inside, budget)) return true;
    if (!member.key.equals("$ref") || !member.value.is_string()) continue;
    const std::string target = member.value.string();
    if (target == "#" || std::ranges::find(inside, target) != inside.end()) return true;
    inside.push_back(target);
    const json::Value entry = root[target.starts_with("#/$defs/") ? "$defs" : "definitions"];
    const bool found = is_recursive(entry[target.substr(target.rfind('/') + 1)], root, inside, budget);
    inside.pop_back();
    if (found) return true;
  }
  return false;
}

Objection check_node(json::Value schema, const std::string& place, int depth) {
  if (!schema.is_object() || depth > deepest) return std::nullopt;
  const std::string type = schema["type"].string();
  for (const Refused& refused : refused_keywords)
    if (type == refused.type && schema[refused.keyword].exists())
      return complain(place + ": For '" + type + "' type, property '" + std::string(refused.keyword) +
                      "' is not supported");
  if (type == "array" && schema["minItems"].integer().value_or(0) > 1)
    return complain(place + ": For 'array' type, 'minItems' values other than 0 or 1 are not supported");
  if (type == "object" && schema["additionalProperties"].boolean() != false)
    return complain(place + ": For 'object' type, 'additionalProperties' must be explicitly set to false");
  if (schema["oneOf"].exists()) return complain(place + ": 'oneOf' is not supported");
  for (const std::string_view map : {"properties", "$defs", "definitions"})
    for (const json::Member& member : schema[map].members())
      if (auto objection = check_node(member.value, place, depth + 1)) return objection;
  for (const std::string_view list : {"anyOf", "allOf"})
    for (json::Value branch : schema[list].elements())
      if (auto objection = check_node(branch, place, depth + 1)) return objection;
  return check_node(schema["items"], place, depth + 1);
}

}  // namespace

Objection check_output_schema(json::Value schema, const std::string& place) {
  if (!schema.is_object()) return field_required(place);
  std::vector<std::string> inside;
  std::size_t budget = most_values;
  if (is_recursive(schema, schema, inside, budget))
    return complain(place + ": Recursive schemas are not supported");
  return check_node(schema, place, 0);
}

}  // namespace sluice::simulate::anthropic
