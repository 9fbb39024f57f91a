#include "json/schema/messages.hpp"
#include "json/schema/validator.hpp"

namespace sluice::json::schema {

bool Validator::check_object(const Subschema& self, Value object, Evaluated* evaluated) {
  const ObjectRules& rules = program_.objects[self.object];
  const bool fits = check_members(self, rules, object, evaluated);
  if ((!fits && !goes_on()) || rules.dependents.count == 0) return fits;
  return check_dependents(self, rules, object, evaluated) && fits;
}

bool Validator::check_members(const Subschema& self, const ObjectRules& rules, Value object,
                              Evaluated* evaluated) {
  const std::size_t first = found();
  NameSet seen(rules.required);
  Index next = rules.properties.first;
  std::uint32_t count = 0;
  bool fits = true;
  const Members members = object.members();
  for (auto it = members.begin(); !(it == members.end()); ++it, ++count) {
    const Member member = *it;
    if (rules.names != no_index && !check_name(self, rules, object, it.key())) {
      fits = false;
      if (!goes_on()) return false;
    }
    const Property* property = find(rules, member.key, next);
    if (property && property->required != no_index) seen.add(property->required);
    if (check_member(rules, property, member, count, evaluated)) continue;
    fits = false;
    if (!goes_on()) return false;
  }
  const std::size_t before = found();
  if (!check_object_size(self, rules, object, seen, count)) {
    tell_first(before, first);
    fits = false;
  }
  return budget_.spend(count / 8) && fits;
}

/// Members mostly come in the order of the schema, so `next`, the one behind the last found, is tried first:
/// a name without backslash that stands there as it is holds no escape.
const Property* Validator::find(const ObjectRules& rules, Text key, Index& next) {
  if (rules.properties.count == 0) return nullptr;
  if (next < rules.properties.first + rules.properties.count) {
    const Property& likely = program_.properties[next];
    if (!likely.has_backslash && program_.view(likely.name) == key.escaped()) {
      ++next;
      return &likely;
    }
  }
  const std::string_view name = key.decode(buffer_);
  std::uint64_t probes = 0;
  const Property* found = find_property(program_, rules, name, hash_name(name), probes);
  if (found) next = static_cast<Index>(found - program_.properties.data()) + 1;
  return budget_.spend(probes / 4) ? found : nullptr;
}

bool Validator::check_member(const ObjectRules& rules, const Property* property, const Member& member,
                             std::uint32_t ordinal, Evaluated* evaluated) {
  if (rules.patterns.count > 0) return check_patterns(rules, property, member, ordinal, evaluated);
  const bool known = property && property->subschema != no_index;
  const Index subschema = known ? property->subschema : rules.additional;
  if (subschema == no_index) return true;
  if (evaluated) evaluated->add(ordinal);
  return evaluate(subschema, member.value, nullptr);
}

/// As above, where expressions choose members, too.
bool Validator::check_patterns(const ObjectRules& rules, const Property* property, const Member& member,
                               std::uint32_t ordinal, Evaluated* evaluated) {
  bool known = false, fits = true;
  if (property && property->subschema != no_index) {
    known = true;
    fits = evaluate(property->subschema, member.value, nullptr);
    if (!fits && !goes_on()) return false;
  }
  for (const PatternProperty& pattern : program_.rows(program_.pattern_properties, rules.patterns)) {
    if (!matches(pattern.pattern, member.key.decode(buffer_))) continue;
    known = true;
    fits &= evaluate(pattern.subschema, member.value, nullptr);
    if (!fits && !goes_on()) return false;
  }
  if (!known && rules.additional != no_index) {
    known = true;
    fits = evaluate(rules.additional, member.value, nullptr);
  }
  if (known && evaluated) evaluated->add(ordinal);
  return fits;
}

bool Validator::check_object_size(const Subschema& self, const ObjectRules& rules, Value object,
                                  const NameSet& seen, std::uint32_t count) {
  if (seen.count() < rules.required) {
    violated(self, Keyword::required, object, [&] {
      std::vector<std::string_view> missing;
      for (const Property& property : program_.rows(program_.properties, rules.properties))
        if (property.required != no_index && !seen.has(property.required))
          missing.push_back(program_.view(property.name));
      return say_missing(missing);
    });
    if (!goes_on()) return false;
  }
  if (count >= rules.least && count <= rules.most) return seen.count() == rules.required;
  const Keyword keyword = count < rules.least ? Keyword::min_properties : Keyword::max_properties;
  return violated(self, keyword, object, [&] { return say_members(rules, count); });
}

bool Validator::check_name(const Subschema& self, const ObjectRules& rules, Value object, Value name) {
  if (holds(rules.names, name, nullptr)) return true;
  return violated(self, Keyword::property_names, object, [&] {
    Findings found(program_, name, 1);
    {
      const Silence silence(*this, {.findings = &found});
      evaluate(rules.names, name, nullptr);
    }
    const std::string why = found.size() > 0 ? ": it " + found.violations()[0].message : "";
    return "the member name " + quote(name.string()) + " is not allowed" + why;
  });
}

bool Validator::check_dependents(const Subschema& self, const ObjectRules& rules, Value object,
                                 Evaluated* evaluated) {
  bool fits = true;
  for (const Dependent& dependent : program_.rows(program_.dependents, rules.dependents)) {
    if (!budget_.spend(1 + object.raw().size() / 256)) return false;
    if (!object[program_.view(dependent.trigger)].exists()) continue;
    std::vector<std::string_view> missing;
    for (const Slice wanted : program_.rows(program_.names, dependent.names)) {
      if (!budget_.spend(1 + object.raw().size() / 256)) return false;
      if (!object[program_.view(wanted)].exists()) missing.push_back(program_.view(wanted));
    }
    if (!missing.empty())
      fits = violated(self, dependent.keyword, object,
                      [&] { return say_dependent_missing(program_.view(dependent.trigger), missing); });
    if (dependent.subschema != no_index && !evaluate(dependent.subschema, object, evaluated)) fits = false;
    if (!fits && !goes_on()) return false;
  }
  return fits;
}

}  // namespace sluice::json::schema
