#include "dialect/schema/fit.hpp"

#include "dialect/schema/fitter.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect::schema {
namespace {

/// Whether only the reference itself says something: `$ref` may stand beside other members starting with `$`.
bool is_bare_reference(json::Value schema) {
  for (const json::Member& member : schema.members())
    if (!member.key.escaped().starts_with('$') && keyword_named(member.key)) return false;
  return true;
}

}  // namespace

void Fitter::node(json::Value schema, std::size_t depth) {
  if (!schema.is_object() || depth > max_depth) return anything(schema);
  if (reference(schema)) return;
  const std::size_t inlined = inlined_.size();
  Node node{.depth = depth};
  gather(schema, node);
  writer_.begin_object();
  if (!node["type"].exists()) say_type(node);
  for (json::Value layer : node.layers) {
    for (const json::Member& each : layer.members())
      if (const Keyword* keyword = keyword_named(each.key)) write_member(each, *keyword, node);
  }
  if (traits_.strict) close(node);
  describe(node);
  writer_.end_object();
  inlined_.resize(inlined);
}

/// True and what is too deep to be looked at.
void Fitter::anything(json::Value schema) {
  fit_.held &= schema.boolean() == true;
  fit_.possible &= !traits_.strict;
  writer_.raw("{}");
}

void Fitter::lose() {
  fit_.held = false;
  fit_.possible &= !traits_.strict;
}

/// Of a schema without one.
void Fitter::say_type(const Node& node) {
  if (is_root_of_parameters(node)) {
    writer_.key("type").string("object");
  } else if (!traits_.strict) {
    return;
  } else if (node["properties"].is_object()) {
    writer_.key("type").string("object");
  } else if (node["items"].exists() || node["prefixItems"].exists()) {
    writer_.key("type").string("array");
  } else {
    constexpr std::array<std::string_view, 4> others{"enum", "const", "anyOf", "oneOf"};
    fit_.possible &= std::ranges::any_of(others, [&](auto keyword) { return node[keyword].exists(); });
  }
}

/// An object gets no members but those declared; one that declares none would get none at all.
void Fitter::close(const Node& node) {
  const json::Value type = node["type"], properties = node["properties"];
  bool may_be_object = type.equals("object") || properties.is_object() || is_root_of_parameters(node);
  for (json::Value name : type.elements()) may_be_object |= name.equals("object");
  if (!may_be_object) return;
  writer_.key("additionalProperties").boolean(false);
  const json::Value more = node["additionalProperties"];
  if (more.boolean() == false) return;
  fit_.closed |= more.exists();
  const bool declares =
      std::ranges::any_of(node.layers, [](json::Value layer) { return layer["properties"].size() != 0; });
  const bool means_empty = !more.exists() && (properties.is_object() || is_root_of_parameters(node));
  fit_.possible &= declares || means_empty;
}

/// Writes a schema that is nothing but a reference which may stay one.
bool Fitter::reference(json::Value schema) {
  const json::Value ref = schema["$ref"];
  if (!ref.is_string() || schema.offset() == references_.root().offset()) return false;
  const bool full = out_.size() > max_size_;
  if (!full && !is_bare_reference(schema)) return false;
  const auto canonical = references_.canonical(ref.text());
  if (!canonical) return false;
  if (full && !is_bare_reference(schema)) fit_.held = false;
  if (*canonical == "#") fit_.possible &= !traits_.strict;
  writer_.begin_object().key("$ref").string(*canonical).end_object();
  return true;
}

void Fitter::gather(json::Value schema, Node& node) {
  node.layers.push_back(schema);
  if (const json::Value ref = schema["$ref"]; ref.is_string()) {
    const json::Value target = references_.find(ref.text());
    const bool recursive = std::ranges::find(inlined_, target.offset()) != inlined_.end();
    if (!target.is_object() || recursive || out_.size() > max_size_ || inlined_.size() > max_depth) {
      lose();
    } else {
      inlined_.push_back(target.offset());
      gather(target, node);
    }
  }
  for (json::Value branch : schema["allOf"].elements())
    if (branch.is_object()) gather(branch, node);
}

void Fitter::write_member(const json::Member& member, const Keyword& keyword, Node& node) {
  using Write = void (Fitter::*)(const json::Member&, Node&);
  static constexpr std::array<Write, rule_count> writers{
      &Fitter::keep,     &Fitter::skip,        &Fitter::definitions, &Fitter::properties,
      &Fitter::required, &Fitter::type,        &Fitter::one_schema,  &Fitter::closed,
      &Fitter::items,    &Fitter::schemas,     &Fitter::tuple,       &Fitter::choice,
      &Fitter::constant, &Fitter::enumeration, &Fitter::scalars,     &Fitter::at_most_one,
      &Fitter::format,   &Fitter::note,        &Fitter::not_held,    &Fitter::skip};
  const Rule rule = keyword.rule(options_.subset);
  const bool again = node.written[index_of(keyword)];
  node.written[index_of(keyword)] = true;
  if (!again) return (this->*writers[static_cast<std::size_t>(rule)])(member, node);
  const bool differs = node[keyword.name].raw() != member.value.raw();
  if (differs && rule == Rule::closed) return closed(member, node);
  if (differs && !joins_layers(rule)) not_held(member, node);
}

void Fitter::describe(const Node& node) {
  json::Text description = node["description"].text();
  if (node.depth == 0 && description.empty()) description = options_.description;
  if (node.notes.empty()) {
    if (!description.empty()) writer_.key("description").text(description);
    return;
  }
  std::string text(description.escaped());
  if (!text.empty()) text.append(" ");
  writer_.key("description").text(json::Text(text.append("(").append(node.notes).append(")")));
}

Fit append_fitting(std::string& out, json::Value root, const FitOptions& options) {
  return Fitter(out, root, options).write();
}

}  // namespace sluice::dialect::schema
