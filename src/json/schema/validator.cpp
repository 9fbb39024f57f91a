#include "json/schema/validator.hpp"

#include "json/schema/messages.hpp"

namespace sluice::json::schema {
namespace {

bool is_integer(std::string_view number) {
  return number.find_first_of(".eE") == std::string_view::npos || Decimal(number).is_integer();
}

bool admits(TypeSet types, Type type, Value value) {
  if ((types & type_bit(type)) != 0) return true;
  return type == Type::number && (types & integers) != 0 && is_integer(value.raw());
}

}  // namespace

Verdict Validator::run(Value instance) {
  const bool fits = evaluate(program_.root, instance, nullptr);
  if (budget_.exhausted()) return Verdict::gave_up;
  return fits ? Verdict::valid : Verdict::invalid;
}

bool Validator::evaluate(Index subschema, Value value, Evaluated* evaluated) {
  const Subschema& self = program_.subschemas[subschema];
  if (!budget_.spend(1)) return false;
  const Type type = value.type();
  if (!admits(self.types, type, value)) return refuse_type(self, value);
  if (self.plain) return true;
  if (self.rules.count == 0) {
    if (type == Type::string) return self.text == no_index || check_text(self, value);
    if (type == Type::number) return self.bounds.count == 0 || check_number(self, value);
    if (type < Type::number) return true;
  }
  return evaluate_nested(self, type, value, evaluated);
}

bool Validator::evaluate_nested(const Subschema& self, Type type, Value value, Evaluated* evaluated) {
  if (depth_ >= max_depth_) {
    budget_.exhaust();
    return false;
  }
  const Nesting nesting(*this, self.resource);
  if (type == Type::array && self.array != no_index) {
    const ArrayRules& rules = program_.arrays[self.array];
    if (rules.unevaluated != no_index) return evaluate_all_items(self, rules, value, evaluated);
  }
  if (type == Type::object && self.object != no_index) {
    const ObjectRules& rules = program_.objects[self.object];
    if (rules.unevaluated != no_index) return evaluate_all_members(self, rules, value, evaluated);
  }
  return evaluate_keywords(self, type, value, evaluated);
}

bool Validator::refuse_type(const Subschema& self, Value value) {
  if (self.types != no_type || !listener_.findings)
    return violated(self, Keyword::type, value, [&] { return say_type(self.types, value); });
  if (!budget_.exhausted() && listener_.findings->has_room())
    listener_.findings->add_forbidden(index_of(self), value);
  return false;
}

bool Validator::evaluate_keywords(const Subschema& self, Type type, Value value, Evaluated* evaluated) {
  bool fits = true;
  for (const Rule& rule : program_.rows(program_.rules, self.rules)) {
    if (apply(self, rule, value, evaluated)) continue;
    fits = false;
    if (!goes_on()) return false;
  }
  switch (type) {
    case Type::number:
      return (self.bounds.count == 0 || check_number(self, value)) && fits;
    case Type::string:
      return (self.text == no_index || check_text(self, value)) && fits;
    case Type::array:
      return (self.array == no_index || check_array(self, value, evaluated)) && fits;
    case Type::object:
      return (self.object == no_index || check_object(self, value, evaluated)) && fits;
    default:
      return fits;
  }
}

/// As evaluate_keywords(), and then the elements that nothing else has looked at.
bool Validator::evaluate_all_items(const Subschema& self, const ArrayRules& rules, Value array,
                                   Evaluated* outer) {
  Evaluated evaluated;
  if (!evaluate_keywords(self, Type::array, array, &evaluated)) return false;
  bool fits = true;
  std::size_t ordinal = 0;
  for (const Value element : array.elements()) {
    if (evaluated.has(ordinal++) || evaluate(rules.unevaluated, element, nullptr)) continue;
    fits = false;
    if (!goes_on()) return false;
  }
  if (outer) outer->add_all();
  return budget_.spend(ordinal) && fits;
}

bool Validator::evaluate_all_members(const Subschema& self, const ObjectRules& rules, Value object,
                                     Evaluated* outer) {
  Evaluated evaluated;
  if (!evaluate_keywords(self, Type::object, object, &evaluated)) return false;
  bool fits = true;
  std::size_t ordinal = 0;
  for (const Member& member : object.members()) {
    if (evaluated.has(ordinal++) || evaluate(rules.unevaluated, member.value, nullptr)) continue;
    fits = false;
    if (!goes_on()) return false;
  }
  if (outer) outer->add_all();
  return budget_.spend(ordinal) && fits;
}

}  // namespace sluice::json::schema
