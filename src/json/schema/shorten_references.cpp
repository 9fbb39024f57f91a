#include "json/schema/shorten_references.hpp"

namespace sluice::json::schema {
namespace {

/// Where following `subschema` ends.
Index end_of(const Program& program, Index subschema) {
  for (;;) {
    if (subschema == no_index) return no_index;
    const Subschema& self = program.subschemas[subschema];
    const bool only_rules = self.types == every_type && self.bounds.count == 0 && self.text == no_index &&
                            self.array == no_index && self.object == no_index;
    if (!only_rules || self.rules.count != 1) return subschema;
    const Rule& rule = program.rules[self.rules.first];
    if (rule.keyword != Keyword::ref) return subschema;
    // The resources on the way matter to dynamic references.
    if (program.has_dynamic_scope() && program.subschemas[rule.a].resource != self.resource) return subschema;
    subschema = rule.a;
  }
}

}  // namespace

void shorten_references(Program& program) {
  const auto shorten = [&](Index& subschema) { subschema = end_of(program, subschema); };
  for (Index& child : program.children) shorten(child);
  for (Property& property : program.properties) shorten(property.subschema);
  for (PatternProperty& pattern : program.pattern_properties) shorten(pattern.subschema);
  for (Dependent& dependent : program.dependents) shorten(dependent.subschema);
  for (ArrayRules& array : program.arrays)
    shorten(array.rest), shorten(array.contains), shorten(array.unevaluated);
  for (ObjectRules& object : program.objects)
    shorten(object.additional), shorten(object.names), shorten(object.unevaluated);
  shorten(program.root);
}

}  // namespace sluice::json::schema
