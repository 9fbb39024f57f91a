#include "dialect/gemini/schema.hpp"

#include "dialect/gemini/schema_keywords.hpp"
#include "dialect/gemini/schema_references.hpp"
#include "dialect/tool_arguments.hpp"
#include "json/writer.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace sluice::dialect::gemini {
namespace {

constexpr std::size_t max_depth = 64;

constexpr std::array<std::string_view, 8> known_formats{"date",  "date-time", "double", "enum",
                                                        "float", "int32",     "int64",  "time"};

/// Whether only the reference itself says something: `$ref` may stand beside other members starting with `$`.
bool is_bare_reference(json::Value schema) {
  for (const json::Member& member : schema.members())
    if (!member.key.escaped().starts_with('$') && keyword_named(member.key)) return false;
  return true;
}

std::string_view type_of_constant(json::Value value) {
  if (value.is_string()) return "string";
  return value.raw().find_first_of(".eE") == std::string_view::npos ? "integer" : "number";
}

/// Gemini has enum for strings and numbers.
bool can_be_listed(json::Value value) {
  return value.is_string() || value.is_number();
}

class SchemaWriter {
 public:
  SchemaWriter(std::string& out, json::Value root, bool is_parameters, json::Text description)
      : out_(out),
        writer_(out),
        references_(root),
        max_size_(out.size() + 4 * root.raw().size() + (64U << 10)),
        enclosing_(root),
        is_parameters_(is_parameters),
        description_(description) {}

  /// Whether Gemini can hold the model to all of it.
  bool write() {
    node(references_.root(), 0);
    return holds_;
  }

 private:
  /// A schema being written: the object itself, and those that allOf and references add to it, which count
  /// where the earlier ones say nothing.
  struct Node {
    std::vector<json::Value> layers;
    std::size_t depth;
    std::string notes;  ///< escaped
    std::bitset<keyword_count> written;
    bool has_choice = false, has_definitions = false;

    json::Value operator[](std::string_view keyword) const {
      for (json::Value layer : layers)
        if (const json::Value value = layer[keyword]; value.exists()) return value;
      return {};
    }
  };

  void node(json::Value schema, std::size_t depth);
  bool reference(json::Value schema);
  void gather(json::Value schema, Node& node);
  void write_member(const json::Member& member, const Keyword& keyword, Node& node);

  // One for each Rule.
  void keep(const json::Member& member, Node& node);
  void skip(const json::Member& member, Node& node);
  void definitions(const json::Member& member, Node& node);
  void properties(const json::Member& member, Node& node);
  void required(const json::Member& member, Node& node);
  void type(const json::Member& member, Node& node);
  void one_schema(const json::Member& member, Node& node);
  void items(const json::Member& member, Node& node);
  void schemas(const json::Member& member, Node& node);
  void choice(const json::Member& member, Node& node);
  void constant(const json::Member& member, Node& node);
  void enumeration(const json::Member& member, Node& node);
  void format(const json::Member& member, Node& node);
  void note(const json::Member& member, Node& node);
  void not_held(const json::Member& member, Node& node);

  void list(std::string_view key, json::Value schemas, std::size_t depth);
  void describe(const Node& node);

  std::string& out_;
  json::Writer writer_;
  SchemaReferences references_;
  std::size_t max_size_;              ///< beyond it nothing more is put in the place of references
  std::vector<std::size_t> inlined_;  ///< offsets of the references' targets that are being written
  json::Value enclosing_;             ///< the definition that is being written, or the root
  bool is_parameters_;
  json::Text description_;  ///< for the root
  bool holds_ = true;
};

void SchemaWriter::node(json::Value schema, std::size_t depth) {
  if (!schema.is_object() || depth > max_depth) {
    holds_ &= schema.boolean() == true;
    writer_.raw("{}");
    return;
  }
  if (reference(schema)) return;
  const std::size_t inlined = inlined_.size();
  Node node{.depth = depth};
  gather(schema, node);
  writer_.begin_object();
  if (depth == 0 && is_parameters_ && !node["type"].exists()) writer_.key("type").string("object");
  for (json::Value layer : node.layers) {
    for (const json::Member& each : layer.members())
      if (const Keyword* keyword = keyword_named(each.key)) write_member(each, *keyword, node);
  }
  describe(node);
  writer_.end_object();
  inlined_.resize(inlined);
}

/// Writes a schema that is nothing but a reference which may stay one.
bool SchemaWriter::reference(json::Value schema) {
  const json::Value ref = schema["$ref"];
  if (!ref.is_string() || schema.offset() == references_.root().offset()) return false;
  const bool full = out_.size() > max_size_;
  if (!full && !is_bare_reference(schema)) return false;
  const auto canonical = references_.canonical(ref.text());
  if (!canonical) return false;
  if (full) holds_ &= is_bare_reference(schema);
  writer_.begin_object().key("$ref").string(*canonical).end_object();
  return true;
}

void SchemaWriter::gather(json::Value schema, Node& node) {
  node.layers.push_back(schema);
  if (const json::Value ref = schema["$ref"]; ref.is_string()) {
    const json::Value target = references_.find(ref.text());
    const bool recursive = std::ranges::find(inlined_, target.offset()) != inlined_.end();
    if (!target.is_object() || recursive || out_.size() > max_size_ || inlined_.size() > max_depth) {
      holds_ = false;
    } else {
      inlined_.push_back(target.offset());
      gather(target, node);
    }
  }
  for (json::Value branch : schema["allOf"].elements())
    if (branch.is_object()) gather(branch, node);
}

void SchemaWriter::write_member(const json::Member& member, const Keyword& keyword, Node& node) {
  using Write = void (SchemaWriter::*)(const json::Member&, Node&);
  constexpr auto rules = static_cast<std::size_t>(Rule::not_held) + 1;
  static constexpr std::array<Write, rules> writers{
      &SchemaWriter::keep,     &SchemaWriter::skip,   &SchemaWriter::definitions, &SchemaWriter::properties,
      &SchemaWriter::required, &SchemaWriter::type,   &SchemaWriter::one_schema,  &SchemaWriter::items,
      &SchemaWriter::schemas,  &SchemaWriter::choice, &SchemaWriter::constant,    &SchemaWriter::enumeration,
      &SchemaWriter::format,   &SchemaWriter::note,   &SchemaWriter::not_held};
  const bool again = node.written[index_of(keyword)];
  node.written[index_of(keyword)] = true;
  if (!again) return (this->*writers[static_cast<std::size_t>(keyword.rule)])(member, node);
  const bool differs = node[keyword.name].raw() != member.value.raw();
  if (differs && !joins_layers(keyword.rule)) not_held(member, node);
}

void SchemaWriter::keep(const json::Member& member, Node&) {
  writer_.key(member.key).raw(member.value.raw());
}

void SchemaWriter::skip(const json::Member&, Node&) {}

void SchemaWriter::type(const json::Member& member, Node& node) {
  const json::Value value = member.value;
  if (node.depth == 0 && is_parameters_) {
    holds_ &= value.equals("object");
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
void SchemaWriter::items(const json::Member& member, Node& node) {
  if (member.value.is_array()) return list("prefixItems", member.value, node.depth);
  writer_.key("items");
  this->node(member.value, node.depth + 1);
}

void SchemaWriter::one_schema(const json::Member& member, Node& node) {
  writer_.key(member.key);
  if (member.value.is_boolean()) {
    writer_.raw(member.value.raw());
  } else {
    this->node(member.value, node.depth + 1);
  }
}

void SchemaWriter::schemas(const json::Member& member, Node& node) {
  list("prefixItems", member.value, node.depth);
}

void SchemaWriter::format(const json::Member& member, Node& node) {
  const auto is_value = [&](std::string_view known) { return member.value.equals(known); };
  if (std::ranges::none_of(known_formats, is_value)) return not_held(member, node);
  keep(member, node);
}

void SchemaWriter::list(std::string_view key, json::Value schemas, std::size_t depth) {
  writer_.key(key).begin_array();
  for (json::Value schema : schemas.elements()) node(schema, depth + 1);
  writer_.end_array();
}

void SchemaWriter::properties(const json::Member&, Node& node) {
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
void SchemaWriter::required(const json::Member&, Node& node) {
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
        holds_ = false;
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

void SchemaWriter::choice(const json::Member& member, Node& node) {
  if (node.has_choice) {
    return not_held(member, node);
  }
  node.has_choice = true;
  list("anyOf", member.value, node.depth);
}

void SchemaWriter::constant(const json::Member& member, Node& node) {
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

void SchemaWriter::enumeration(const json::Member& member, Node& node) {
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
void SchemaWriter::definitions(const json::Member&, Node& node) {
  if (node.depth != 0 || node.has_definitions) return;
  node.has_definitions = true;
  writer_.key("$defs").begin_object();
  const json::Value outer = enclosing_;
  for (std::string_view list : {"$defs", "definitions"}) {
    for (const json::Member& definition : references_.root()[list].members()) {
      enclosing_ = definition.value;
      writer_.key(definition.key);
      this->node(definition.value, 1);
    }
  }
  enclosing_ = outer;
  writer_.end_object();
}

void SchemaWriter::note(const json::Member& member, Node& node) {
  if (member.value.is_null() || member.value.boolean() == false) return;
  if (!node.notes.empty()) node.notes.append("; ");
  node.notes.append(member.key.escaped()).append(": ");
  if (member.value.is_string())
    node.notes.append(member.value.text().escaped());
  else
    append_arguments_text(node.notes, member.value.raw());
}

void SchemaWriter::not_held(const json::Member& member, Node& node) {
  holds_ = false;
  note(member, node);
}

void SchemaWriter::describe(const Node& node) {
  json::Text description = node["description"].text();
  if (node.depth == 0 && description.empty()) description = description_;
  if (node.notes.empty()) {
    if (!description.empty()) writer_.key("description").text(description);
    return;
  }
  std::string text(description.escaped());
  if (!text.empty()) text.append(" ");
  writer_.key("description").text(json::Text(text.append("(").append(node.notes).append(")")));
}

}  // namespace

bool append_schema(std::string& out, json::Value schema, json::Text description) {
  return SchemaWriter(out, schema, false, description).write();
}

bool append_parameters(std::string& out, json::Value schema) {
  return SchemaWriter(out, schema, true, {}).write();
}

bool takes_no_arguments(json::Value schema) {
  for (const json::Member& member : schema.members()) {
    const Keyword* keyword = keyword_named(member.key);
    if (!keyword || keyword->rule == Rule::told || keyword->name == "title" || keyword->name == "description")
      continue;
    const bool is_empty = (member.value.is_object() || member.value.is_array()) && member.value.size() == 0;
    const bool says_nothing = is_empty || member.value.boolean() == false || member.value.equals("object");
    if (!says_nothing) return false;
  }
  return true;
}

}  // namespace sluice::dialect::gemini
