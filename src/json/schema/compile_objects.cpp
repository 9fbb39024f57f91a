// Readers of the keywords about members of objects.

#include "json/schema/compiler.hpp"

#include <algorithm>
#include <bit>

namespace sluice::json::schema {

Result<> Compiler::read_object_schema(Frame& frame, Keyword keyword, Value schema) {
  auto added = child(frame, keyword, schema);
  if (!added) return fail(added);
  ObjectRules& rules = frame.object;
  Index& place = keyword == Keyword::property_names          ? rules.names
                 : keyword == Keyword::additional_properties ? rules.additional
                                                             : rules.unevaluated;
  place = *added;
  frame.has_object = true;
  return {};
}

Result<Range> Compiler::names(const Frame& frame, Keyword keyword, Value names, std::string_view token) {
  Range range{static_cast<Index>(program_.names.size()), 0};
  if (!names.is_array()) return wrong(frame.self, keyword, "must be an array of names", token);
  for (const Value name : names.elements()) {
    if (!name.is_string()) return wrong(frame.self, keyword, "must be an array of names", token);
    program_.names.push_back(keep(name.string()));
    ++range.count;
  }
  return range;
}

Result<> Compiler::read_required(Frame& frame, Keyword keyword, Value required) {
  auto list = names(frame, keyword, required, {});
  if (!list) return fail(list);
  frame.required = *list;
  frame.has_object |= list->count > 0;
  return {};
}

Result<> Compiler::read_properties(Frame& frame, Keyword keyword, Value schemas) {
  if (!schemas.is_object()) return expected(frame.self, keyword, "must be an object", schemas);
  for (const Member& member : schemas.members()) {
    if (++properties_ > options_.limits.max_properties)
      return unsupported(
          frame.self, keyword,
          "brings the properties of this schema above " + std::to_string(options_.limits.max_properties));
    const std::string name = member.key.decode();
    auto added = child(frame, keyword, name, member.value);
    if (!added) return fail(added);
    const Slice kept = program_.subschemas[*added].place.token;
    frame.properties.push_back({.name = kept, .hash = hash_name(name), .subschema = *added});
  }
  frame.has_object |= !frame.properties.empty();
  return {};
}

/// Properties and required names share one table, so that one look at a member serves both.
Result<> Compiler::add_properties(Frame& frame) {
  const std::size_t most = frame.properties.size() + frame.required.count;
  if (most == 0) return {};
  ObjectRules& rules = frame.object;
  rules.properties.first = static_cast<Index>(program_.properties.size());
  rules.slots = {static_cast<Index>(program_.slots.size()),
                 static_cast<std::uint32_t>(std::bit_ceil(most * 2))};
  program_.slots.resize(program_.slots.size() + rules.slots.count, no_index);

  const auto add = [&](const Property& property) -> std::pair<Property&, bool> {
    const std::string_view name = program_.view(property.name);
    std::uint32_t at = property.hash & (rules.slots.count - 1);
    for (;; at = (at + 1) & (rules.slots.count - 1)) {
      Index& slot = program_.slots[rules.slots.first + at];
      if (slot == no_index) {
        slot = static_cast<Index>(program_.properties.size());
        program_.properties.push_back(property);
        program_.properties.back().has_backslash = name.find('\\') != std::string_view::npos;
        return {program_.properties.back(), true};
      }
      Property& known = program_.properties[slot];
      if (known.hash == property.hash && program_.view(known.name) == name) return {known, false};
    }
  };
  for (const Property& property : frame.properties)
    if (!add(property).second)
      return wrong(frame.self, Keyword::properties, "stands there twice", program_.view(property.name));
  for (const Slice name : program_.rows(program_.names, frame.required)) {
    Property& property = add({.name = name, .hash = hash_name(program_.view(name))}).first;
    if (property.required == no_index) property.required = rules.required++;
  }
  rules.properties.count = static_cast<std::uint32_t>(program_.properties.size()) - rules.properties.first;
  return {};
}

Result<> Compiler::read_pattern_properties(Frame& frame, Keyword keyword, Value schemas) {
  if (!schemas.is_object()) return expected(frame.self, keyword, "must be an object", schemas);
  std::vector<PatternProperty> list;
  for (const Member& member : schemas.members()) {
    const std::string source = member.key.decode();
    auto compiled = pattern(source, frame.self, keyword, source);
    if (!compiled) return fail(compiled);
    auto added = child(frame, keyword, source, member.value);
    if (!added) return fail(added);
    list.push_back({*compiled, *added});
  }
  frame.object.patterns = {static_cast<Index>(program_.pattern_properties.size()),
                           static_cast<std::uint32_t>(list.size())};
  program_.pattern_properties.insert(program_.pattern_properties.end(), list.begin(), list.end());
  frame.has_object |= !list.empty();
  return {};
}

/// `dependencies` is both of the others: an array of names, or a schema.
Result<> Compiler::read_dependents(Frame& frame, Keyword keyword, Value dependents) {
  if (!dependents.is_object()) return expected(frame.self, keyword, "must be an object", dependents);
  for (const Member& member : dependents.members()) {
    const std::string trigger = member.key.decode();
    Dependent dependent{.keyword = keyword};
    if (keyword == Keyword::dependent_required ||
        (keyword == Keyword::dependencies && member.value.is_array())) {
      auto list = names(frame, keyword, member.value, trigger);
      if (!list) return fail(list);
      dependent.names = *list;
    } else {
      auto added = child(frame, keyword, trigger, member.value);
      if (!added) return fail(added);
      dependent.subschema = *added;
    }
    dependent.trigger = keep(trigger);
    frame.dependents.push_back(dependent);
    frame.has_object = true;
  }
  return {};
}

}  // namespace sluice::json::schema
