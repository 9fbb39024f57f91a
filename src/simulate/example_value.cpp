#include "simulate/example_value.hpp"

#include "base/text.hpp"
#include "json/writer.hpp"
#include "simulate/contains.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace sluice::simulate {
namespace {

constexpr int deepest = 24;  ///< a schema that requires itself has no value; this ends the attempt
constexpr int deepest_optional = 3;
constexpr std::int64_t most_items = 32;
constexpr std::size_t longest_text = 10'000;

struct FormatExample {
  std::string_view format, example;
};
constexpr std::array format_examples{
    FormatExample{"date-time", "2026-01-01T12:00:00Z"},
    FormatExample{"date", "2026-01-01"},
    FormatExample{"time", "12:00:00Z"},
    FormatExample{"duration", "PT1H"},
    FormatExample{"email", "simulated@example.com"},
    FormatExample{"idn-email", "simulated@example.com"},
    FormatExample{"hostname", "example.com"},
    FormatExample{"ipv4", "192.0.2.1"},
    FormatExample{"ipv6", "2001:db8::1"},
    FormatExample{"uri", "https://example.com/"},
    FormatExample{"url", "https://example.com/"},
    FormatExample{"uri-reference", "/example"},
    FormatExample{"uuid", "00000000-0000-4000-8000-000000000000"},
    FormatExample{"regex", "^example$"},
    FormatExample{"json-pointer", "/example"},
};

/// What is being made up: for which schema, from which wish, under which name, and the how-manieth of its
/// kind.
struct Place {
  json::Value schema;
  json::Value wish = {};
  std::string_view name = {};
  std::int64_t variant = 0;
  int depth = 0;
};

class ExampleWriter {
 public:
  ExampleWriter(std::string& out, json::Value root, Fill fill) : writer_(out), root_(root), fill_(fill) {}

  void write(Place place);

 private:
  json::Value resolve(json::Value schema) const;
  void collect_members(json::Value schema, std::vector<json::Member>& properties,
                       std::vector<json::Value>& required, int depth) const;
  void write_object(const Place& place);
  void write_array(const Place& place);
  void write_string(const Place& place);
  void write_number(const Place& place, bool whole);
  bool write_wish(std::string_view type, json::Value wish);

  json::Writer writer_;
  json::Value root_;
  Fill fill_;
};

/// `type` in lower case, or what the other keywords imply.
std::string type_of(json::Value schema) {
  json::Value type = schema["type"];
  if (type.is_array()) {
    json::Value first;
    for (json::Value one : type.elements())
      if (!first || (first.equals("null") && !one.equals("null"))) first = one;
    type = first;
  }
  if (type.is_string()) return ascii_lower(type.string());
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> implied{{{"properties", "object"},
                                                                                   {"required", "object"},
                                                                                   {"allOf", "object"},
                                                                                   {"items", "array"},
                                                                                   {"prefixItems", "array"},
                                                                                   {"minItems", "array"},
                                                                                   {"minimum", "number"},
                                                                                   {"maximum", "number"},
                                                                                   {"multipleOf", "number"},
                                                                                   {"const", "const"}}};
  for (const auto& [keyword, meant] : implied)
    if (schema[keyword].exists()) return std::string(meant);
  return "string";
}

/// The branch of a union that the wish fits, else the first that is not null.
json::Value branch_of(json::Value schema, json::Value wish) {
  json::Value chosen;
  for (std::string_view keyword : {"anyOf", "any_of", "oneOf"}) {
    for (json::Value branch : schema[keyword].elements()) {
      const std::string type = type_of(branch);
      const bool fits = (wish.is_object() && type == "object") || (wish.is_array() && type == "array") ||
                        (wish.is_string() && type == "string") ||
                        (wish.is_number() && (type == "number" || type == "integer"));
      if (fits) return branch;
      if (!chosen && type != "null") chosen = branch;
    }
    if (chosen) return chosen;
  }
  return chosen;
}

json::Value ExampleWriter::resolve(json::Value schema) const {
  for (int hops = 0; hops < deepest; ++hops) {
    const json::Value reference = schema["$ref"];
    if (!reference.is_string()) return schema;
    std::string path = decode_percent(reference.string());
    json::Value target = root_;
    if (!path.starts_with('#')) return {};
    for (std::size_t at = path.find('/'); at != std::string::npos;) {
      const std::size_t next = path.find('/', at + 1);
      target =
          target[std::string_view(path).substr(at + 1, next == std::string::npos ? next : next - at - 1)];
      at = next;
    }
    schema = target;
  }
  return {};
}

void ExampleWriter::write(Place place) {
  place.schema = resolve(place.schema);
  const json::Value schema = place.schema;
  if (place.depth > deepest || schema.boolean() == false) {
    writer_.null();
    return;
  }
  if (const json::Value fixed = schema["const"]; fixed.exists()) {
    writer_.raw(fixed.raw());
    return;
  }
  if (const json::Value branch = branch_of(schema, place.wish); branch && !schema["properties"]) {
    place.schema = branch;
    ++place.depth;
    return write(place);
  }
  const std::string type = type_of(schema);
  if (write_wish(type, place.wish)) return;
  if (const json::Value choices = schema["enum"]; choices.size() > 0) {
    const auto index = static_cast<std::size_t>(place.variant) % choices.size();
    writer_.raw(choices[index].raw());
    return;
  }
  if (type == "object") return write_object(place);
  if (type == "array") return write_array(place);
  if (type == "integer" || type == "number") return write_number(place, type == "integer");
  if (type == "boolean") {
    writer_.boolean(true);
  } else if (type == "null") {
    writer_.null();
  } else {
    write_string(place);
  }
}

/// Scalars that the user gave, where they are of the type or can be read as one. Objects and arrays are
/// walked, so that what their schema requires beside the wish is there too.
bool ExampleWriter::write_wish(std::string_view type, json::Value wish) {
  if (!wish) return false;
  const bool number = type == "number" || (type == "integer");
  if (type == "string" && wish.is_string()) {
    writer_.raw(wish.raw());
  } else if (type == "string" && (wish.is_number() || wish.is_boolean())) {
    writer_.string(wish.raw());
  } else if ((number && wish.is_number() && (type == "number" || wish.integer())) ||
             (type == "boolean" && wish.is_boolean())) {
    writer_.raw(wish.raw());
  } else if (wish.is_string() && (number || type == "boolean")) {
    const std::string plain = wish.string();
    json::Document document;
    const auto value = document.parse(plain);
    return value && !value->is_string() && write_wish(type, *value);
  } else {
    return false;
  }
  return true;
}

/// The members of an object schema and of those that it is combined with.
void ExampleWriter::collect_members(json::Value schema, std::vector<json::Member>& properties,
                                    std::vector<json::Value>& required, int depth) const {
  if (depth > deepest) return;
  schema = resolve(schema);
  for (const json::Member& member : schema["properties"].members()) properties.push_back(member);
  for (json::Value name : schema["required"].elements()) required.push_back(name);
  for (json::Value part : schema["allOf"].elements()) collect_members(part, properties, required, depth + 1);
}

void ExampleWriter::write_object(const Place& place) {
  std::vector<json::Member> properties;
  std::vector<json::Value> required;
  collect_members(place.schema, properties, required, 0);
  if (properties.empty() && required.empty() && place.wish.is_object()) {
    writer_.raw(place.wish.raw());
    return;
  }
  writer_.begin_object();
  std::vector<std::string> written;
  for (const json::Member& property : properties) {
    const std::string name = property.key.decode();
    const json::Value wish = place.wish[name];
    const bool is_required =
        std::ranges::any_of(required, [&](json::Value other) { return other.equals(name); });
    const bool wanted = wish || (fill_ == Fill::all && place.depth < deepest_optional);
    if ((!is_required && !wanted) || contains(written, name)) continue;
    written.push_back(name);
    writer_.key(property.key);
    write({.schema = property.value, .wish = wish, .name = name, .depth = place.depth + 1});
  }
  for (json::Value name : required) {  // required, but not described
    if (!name.is_string() || contains(written, name.string())) continue;
    const json::Value wish = place.wish[name.string()];
    writer_.key(name.text()).raw(wish ? wish.raw() : R"("example")");
  }
  writer_.end_object();
}

void ExampleWriter::write_array(const Place& place) {
  const json::Value tuple = place.schema["prefixItems"].is_array() ? place.schema["prefixItems"]
                            : place.schema["items"].is_array()     ? place.schema["items"]
                                                                   : json::Value();
  const std::int64_t least = place.schema["minItems"].integer().value_or(0);
  const std::int64_t most = place.schema["maxItems"].integer().value_or(most_items);
  auto count = std::max<std::int64_t>({least, 1, static_cast<std::int64_t>(tuple.size())});
  if (place.wish.is_array()) count = static_cast<std::int64_t>(place.wish.size());
  // Past the depth where schemas that hold themselves are followed, nothing is put in that need not be.
  if (place.depth > deepest / 2 && least == 0) count = 0;
  count = std::clamp<std::int64_t>(count, 0, std::clamp<std::int64_t>(most, 0, most_items));
  writer_.begin_array();
  for (std::int64_t i = 0; i < count; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const bool in_tuple = index < tuple.size();
    write({.schema = in_tuple ? tuple[index] : place.schema["items"],
           .wish = place.wish[index],
           .name = place.name,
           .variant = in_tuple ? 0 : i,
           .depth = place.depth + 1});
  }
  writer_.end_array();
}

void ExampleWriter::write_string(const Place& place) {
  const json::Value schema = place.schema;
  if (const json::Value pattern = schema["pattern"]; pattern.is_string())
    if (auto match = example_match(pattern.string())) {
      writer_.string(*match);
      return;
    }
  std::string text;
  const std::string format = schema["format"].string();
  const auto* known = std::ranges::find(format_examples, format, &FormatExample::format);
  if (known != format_examples.end()) {
    text = known->example;
  } else {
    text = place.name.empty() ? "example" : "example " + std::string(place.name);
    if (place.variant > 0) text += ' ' + std::to_string(place.variant + 1);
  }
  const auto least =
      static_cast<std::size_t>(std::max<std::int64_t>(0, schema["minLength"].integer().value_or(0)));
  const auto most = static_cast<std::size_t>(
      std::max<std::int64_t>(0, schema["maxLength"].integer().value_or(longest_text)));
  if (text.size() < least) text.append(std::min(least, longest_text) - text.size(), 'x');
  if (text.size() > most) text.resize(most);
  writer_.string(text);
}

void ExampleWriter::write_number(const Place& place, bool whole) {
  const json::Value schema = place.schema;
  const double step = std::abs(schema["multipleOf"].number().value_or(whole ? 1.0 : 0.0));
  const double unit = step > 0 ? step : 0.5;
  double least = schema["minimum"].number().value_or(-1e15);
  double most = schema["maximum"].number().value_or(1e15);
  // Draft 4 writes exclusive bounds as booleans beside the bound, later drafts as numbers.
  if (schema["exclusiveMinimum"].boolean() == true) least += unit;
  if (schema["exclusiveMaximum"].boolean() == true) most -= unit;
  if (const auto bound = schema["exclusiveMinimum"].number()) least = std::max(least, *bound + unit);
  if (const auto bound = schema["exclusiveMaximum"].number()) most = std::min(most, *bound - unit);
  double value =
      std::clamp((whole ? 1.0 : 1.5) + static_cast<double>(place.variant), least, std::max(least, most));
  if (step > 0) {
    value = std::ceil(value / step) * step;
    if (value > most) value = std::floor(most / step) * step;
  }
  if (whole) {
    writer_.integer(static_cast<std::int64_t>(value));
  } else {
    writer_.number(value);
  }
}

}  // namespace

std::string example_value(json::Value schema, json::Value wishes, Fill fill) {
  std::string out;
  ExampleWriter(out, schema, fill).write({.schema = schema, .wish = wishes});
  return out;
}

}  // namespace sluice::simulate
