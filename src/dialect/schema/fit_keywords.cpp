#include "dialect/schema/fitter.hpp"
#include "dialect/tool_arguments.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace sluice::dialect::schema {
namespace {

std::string_view type_of_constant(json::Value value) {
  if (value.is_string()) return "string";
  return value.raw().find_first_of(".eE") == std::string_view::npos ? "integer" : "number";
}

/// Gemini has enum for strings and numbers.
bool can_be_listed(json::Value value) {
  return value.is_string() || value.is_number();
}

}  // namespace

void Fitter::keep(const json::Member& member, Node&) {
  writer_.key(member.key).raw(member.value.raw());
}

void Fitter::skip(const json::Member&, Node&) {}

void Fitter::type(const json::Member& member, Node& node) {
  const json::Value value = member.value;
  if (is_root_of_parameters(node)) {
    fit_.held &= value.equals("object");
    writer_.key("type").string("object");
    return;
  }
  writer_.key("type");
  if (value.is_string() && node["nullable"].boolean() == true) {
    writer_.begin_array().raw(value.raw()).string("null").end_array();
  } else {
    writer_.raw(value.raw());
  }
}

/// Before draft 2020-12, a list in `items` was what prefixItems is.
void Fitter::items(const json::Member& member, Node& node) {
  if (member.value.is_array()) return traits_.strict ? tuple(member, node) : schemas(member, node);
  if (node.has_items) return not_held(member, node);
  node.has_items = traits_.strict;
  writer_.key("items");
  this->node(member.value, node.depth + 1);
}

void Fitter::one_schema(const json::Member& member, Node& node) {
  writer_.key(member.key);
  if (member.value.is_boolean()) {
    writer_.raw(member.value.raw());
  } else {
    this->node(member.value, node.depth + 1);
  }
}

void Fitter::schemas(const json::Member& member, Node& node) {
  list("prefixItems", member.value, node.depth);
}

/// Each item may be any of them: their order is told.
void Fitter::tuple(const json::Member& member, Node& node) {
  not_held(member, node);
  if (node.has_items || member.value.size() == 0) return;
  node.has_items = true;
  writer_.key("items").begin_object();
  list("anyOf", member.value, node.depth + 1);
  writer_.end_object();
}

/// Only that an object has members which were not declared; Fitter::close() says that it has none.
void Fitter::closed(const json::Member& member, Node&) {
  fit_.closed |= member.value.boolean() != false;
}

void Fitter::scalars(const json::Member& member, Node& node) {
  const auto is_scalar = [](json::Value value) { return !value.is_object() && !value.is_array(); };
  bool all = member.key.equals("enum") ? member.value.is_array() : is_scalar(member.value);
  for (json::Value value : member.value.elements()) all &= is_scalar(value);
  if (all) return keep(member, node);
  if (!node["type"].exists()) lose();
  not_held(member, node);
}

void Fitter::at_most_one(const json::Member& member, Node& node) {
  const auto value = member.value.integer();
  if (value && (*value == 0 || *value == 1)) return keep(member, node);
  not_held(member, node);
  if (value.value_or(0) > 1) writer_.key(member.key).integer(1);
}

void Fitter::format(const json::Member& member, Node& node) {
  const auto is_value = [&](std::string_view known) { return member.value.equals(known); };
  if (std::ranges::none_of(traits_.formats, is_value)) return not_held(member, node);
  keep(member, node);
}

void Fitter::list(std::string_view key, json::Value schemas, std::size_t depth) {
  writer_.key(key).begin_array();
  for (json::Value schema : schemas.elements()) node(schema, depth + 1);
  writer_.end_array();
}

void Fitter::properties(const json::Member&, Node& node) {
  std::unordered_set<std::string_view> written;
  writer_.key("properties").begin_object();
  for (json::Value layer : node.layers) {
    for (const json::Member& property : layer["properties"].members()) {
      if (property.value.boolean() == false) continue;  // must not be there
      if (node.layers.size() > 1 && !written.insert(property.key.escaped()).second) continue;
      writer_.key(property.key);
      this->node(property.value, node.depth + 1);
    }
  }
  writer_.end_object();
}

/// Gemini refuses names without a property, and unrolls recursion only where it may end.
void Fitter::required(const json::Member&, Node& node) {
  std::unordered_map<std::string, json::Value> properties;
  for (json::Value layer : node.layers)
    for (const json::Member& property : layer["properties"].members())
      properties.try_emplace(property.key.decode(), property.value);
  std::vector<json::Text> names;
  std::unordered_set<std::string_view> seen;
  for (json::Value layer : node.layers) {
    for (json::Value name : layer["required"].elements()) {
      if (!seen.insert(name.text().escaped()).second) continue;
      const auto property = properties.find(name.string());
      const bool is_there = property != properties.end() && property->second.boolean() != false;
      if (!is_there || references_.leads_to(property->second, enclosing_)) {
        lose();
      } else {
        names.push_back(name.text());
      }
    }
  }
  if (names.empty()) return;
  writer_.key("required").begin_array();
  for (json::Text name : names) writer_.text(name);
  writer_.end_array();
}

void Fitter::choice(const json::Member& member, Node& node) {
  if (node.has_choice) {
    return not_held(member, node);
  }
  node.has_choice = true;
  fit_.any_of |= traits_.strict && member.key.equals("oneOf");
  list("anyOf", member.value, node.depth);
}

void Fitter::constant(const json::Member& member, Node& node) {
  if (node["enum"].exists() || !can_be_listed(member.value)) {
    if (member.value.is_null() && !node["type"].exists()) {
      writer_.key("type").string("null");
      return;
    }
    return not_held(member, node);
  }
  if (!node["type"].exists()) writer_.key("type").string(type_of_constant(member.value));
  writer_.key("enum").begin_array().raw(member.value.raw()).end_array();
}

void Fitter::enumeration(const json::Member& member, Node& node) {
  const auto fits = [](json::Value value) { return can_be_listed(value) || value.is_null(); };
  json::Value first;
  bool all = member.value.is_array();
  for (json::Value value : member.value.elements()) {
    all &= fits(value);
    if (!first.exists() && can_be_listed(value)) first = value;
  }
  if (!all || !first.exists()) {
    return not_held(member, node);
  }
  if (!node["type"].exists() && first.is_string()) writer_.key("type").string("string");
  writer_.key("enum").begin_array();
  for (json::Value value : member.value.elements())  // null is allowed by the type
    if (!value.is_null()) writer_.raw(value.raw());
  writer_.end_array();
}

/// Only the root's: references to others are replaced by what they name.
void Fitter::definitions(const json::Member&, Node& node) {
  if (node.depth != 0 || node.has_definitions) return;
  node.has_definitions = true;
  writer_.key("$defs").begin_object();
  const json::Value outer = enclosing_;
  for (std::string_view list : {"$defs", "definitions"}) {
    for (const json::Member& definition : references_.root()[list].members()) {
      enclosing_ = definition.value;
      if (traits_.strict) fit_.possible &= !references_.leads_to(definition.value, definition.value);
      writer_.key(definition.key);
      this->node(definition.value, 1);
    }
  }
  enclosing_ = outer;
  writer_.end_object();
}

void Fitter::note(const json::Member& member, Node& node) {
  if (member.value.is_null() || member.value.boolean() == false || told_ > max_size_) return;
  told_ += member.value.raw().size();
  if (!node.notes.empty()) node.notes.append("; ");
  node.notes.append(member.key.escaped()).append(": ");
  if (member.value.is_string())
    node.notes.append(member.value.text().escaped());
  else
    append_arguments_text(node.notes, member.value.raw());
}

void Fitter::not_held(const json::Member& member, Node& node) {
  fit_.held = false;
  note(member, node);
}

}  // namespace sluice::dialect::schema
