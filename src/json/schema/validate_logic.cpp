// Keywords that apply other schemas to the same value.

#include "json/schema/messages.hpp"
#include "json/schema/validator.hpp"

#include <cstdint>

namespace sluice::json::schema {
namespace {

/// The types that a subschema takes, looked for behind references that stand alone.
TypeSet types_of(const Program& program, Index subschema) {
  for (int followed = 0; followed < 8; ++followed) {
    const Subschema& self = program.subschemas[subschema];
    if (self.types != every_type || self.rules.count != 1) return self.types;
    const Rule& rule = program.rules[self.rules.first];
    if (rule.keyword != Keyword::ref) return self.types;
    subschema = rule.a;
  }
  return every_type;
}

}  // namespace

bool Validator::apply(const Subschema& self, const Rule& rule, Value value, Evaluated* evaluated) {
  switch (rule.keyword) {
    case Keyword::constant:
    case Keyword::enumeration:
      return check_choice(self, rule, value);
    case Keyword::all_of:
      return apply_all(rule, value, evaluated);
    case Keyword::any_of:
      return apply_any(self, rule, value, evaluated);
    case Keyword::one_of:
      return apply_one(self, rule, value, evaluated);
    case Keyword::negation:
      return apply_negation(self, rule, value);
    case Keyword::condition:
      return apply_condition(rule, value, evaluated);
    default:
      return apply_reference(rule, value, evaluated);
  }
}

bool Validator::apply_reference(const Rule& rule, Value value, Evaluated* evaluated) {
  if (rule.b == no_index) return evaluate(rule.a, value, evaluated);
  // The outermost resource on the way here that has an anchor of the name.
  for (const Index resource : scope_) {
    if (!budget_.spend(program_.dynamic_anchors.size())) return false;
    for (const DynamicAnchor& anchor : program_.dynamic_anchors)
      if (anchor.resource == resource && anchor.name == rule.b)
        return evaluate(anchor.subschema, value, evaluated);
  }
  return evaluate(rule.a, value, evaluated);
}

bool Validator::apply_all(const Rule& rule, Value value, Evaluated* evaluated) {
  bool fits = true;
  for (const Index child : program_.rows(program_.children, {rule.a, rule.b})) {
    if (evaluate(child, value, evaluated)) continue;
    fits = false;
    if (!goes_on()) return false;
  }
  return fits;
}

/// Whether it fits, without telling why not. Marks only where it does.
bool Validator::holds(Index subschema, Value value, Evaluated* evaluated) {
  const Silence silence(*this);
  if (!evaluated) return evaluate(subschema, value, nullptr);
  Evaluated branch;
  if (!evaluate(subschema, value, &branch)) return false;
  evaluated->add(branch);
  return true;
}

bool Validator::apply_any(const Subschema& self, const Rule& rule, Value value, Evaluated* evaluated) {
  bool fits = false;
  for (const Index child : program_.rows(program_.children, {rule.a, rule.b})) {
    fits |= holds(child, value, evaluated);
    if (fits && !evaluated) return true;
  }
  return fits || refuse_alternatives(self, rule, value);
}

bool Validator::apply_one(const Subschema& self, const Rule& rule, Value value, Evaluated* evaluated) {
  std::uint32_t fitting = 0;
  for (const Index child : program_.rows(program_.children, {rule.a, rule.b})) {
    fitting += holds(child, value, evaluated) ? 1 : 0;
    if (fitting > 1) break;
  }
  if (fitting == 1) return true;
  if (fitting == 0) return refuse_alternatives(self, rule, value);
  return violated(self, rule.keyword, value, [&] {
    std::vector<std::size_t> numbers;
    for (std::uint32_t i = 0; i < rule.b; ++i)
      if (holds(program_.children[rule.a + i], value, nullptr)) numbers.push_back(i);
    return say_several_alternatives(numbers);
  });
}

/// Tells that none fits, and behind it what is wrong by the one that comes nearest; always false.
bool Validator::refuse_alternatives(const Subschema& self, const Rule& rule, Value value) {
  if (!listener_.findings) return violated(self, rule.keyword, value, [] { return std::string(); });
  TypeSet types = no_type;
  for (const Index child : program_.rows(program_.children, {rule.a, rule.b}))
    types |= types_of(program_, child);
  if ((types & type_bit(value.type())) == 0 && !(value.is_number() && (types & integers) != 0))
    return violated(self, rule.keyword, value, [&] { return say_type(types, value); });
  const std::uint32_t nearest = nearest_alternative(rule, value);
  violated(self, rule.keyword, value, [&] { return say_no_alternative(rule.b, nearest); });
  if (goes_on()) evaluate(program_.children[rule.a + nearest], value, nullptr);
  return false;
}

std::uint32_t Validator::nearest_alternative(const Rule& rule, Value value) {
  std::uint32_t nearest = 0;
  std::size_t least = SIZE_MAX;
  for (std::uint32_t i = 0; i < rule.b; ++i) {
    Weight weight(value);
    const Silence silence(*this, {.weight = &weight});
    evaluate(program_.children[rule.a + i], value, nullptr);
    if (weight.sum() >= least) continue;
    least = weight.sum();
    nearest = i;
  }
  return nearest;
}

bool Validator::apply_negation(const Subschema& self, const Rule& rule, Value value) {
  if (!holds(rule.a, value, nullptr)) return true;
  return violated(self, rule.keyword, value, [] { return "must not match the schema in `not`, but does"; });
}

bool Validator::apply_condition(const Rule& rule, Value value, Evaluated* evaluated) {
  if (rule.b == no_index && rule.c == no_index && !evaluated) return true;
  const Index next = holds(rule.a, value, evaluated) ? rule.b : rule.c;
  return next == no_index || evaluate(next, value, evaluated);
}

}  // namespace sluice::json::schema
