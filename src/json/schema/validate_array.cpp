#include "json/schema/equality.hpp"
#include "json/schema/messages.hpp"
#include "json/schema/validator.hpp"

namespace sluice::json::schema {

bool Validator::check_array(const Subschema& self, Value array, Evaluated* evaluated) {
  const ArrayRules& rules = program_.arrays[self.array];
  const std::size_t first = found();
  std::uint32_t count = 0;
  bool fits = check_elements(rules, array, evaluated, count);
  if (!fits && !goes_on()) return false;

  const std::size_t before = found();
  fits &= check_array_size(self, rules, array, count);
  if (!fits && !goes_on()) return false;
  if (rules.contains != no_index) fits &= check_contained(self, rules, array, evaluated);
  tell_first(before, first);
  return fits;
}

bool Validator::check_elements(const ArrayRules& rules, Value array, Evaluated* evaluated,
                               std::uint32_t& count) {
  const auto prefix = program_.rows(program_.children, rules.prefix);
  bool fits = true;
  for (const Value element : array.elements()) {
    const std::uint32_t ordinal = count++;
    const Index subschema = ordinal < prefix.size() ? prefix[ordinal] : rules.rest;
    if (subschema == no_index) continue;
    if (evaluated) evaluated->add(ordinal);
    if (evaluate(subschema, element, nullptr)) continue;
    fits = false;
    if (!goes_on()) return false;
  }
  return budget_.spend(count / 8) && fits;
}

bool Validator::check_array_size(const Subschema& self, const ArrayRules& rules, Value array,
                                 std::uint32_t count) {
  if (count < rules.least || count > rules.most) {
    const Keyword keyword = count < rules.least ? Keyword::min_items : Keyword::max_items;
    return violated(self, keyword, array, [&] { return say_items(rules, count); });
  }
  if (!rules.unique) return true;
  const auto twins = find_twins(array, budget_);
  return !twins || violated(self, Keyword::unique_items, array, [&] { return say_twins(*twins); });
}

bool Validator::check_contained(const Subschema& self, const ArrayRules& rules, Value array,
                                Evaluated* evaluated) {
  Evaluated* const marks = rules.contains_evaluates ? evaluated : nullptr;
  std::uint32_t ordinal = 0, count = 0;
  for (const Value element : array.elements()) {
    if (holds(rules.contains, element, nullptr)) {
      ++count;
      if (marks) marks->add(ordinal);
      if (!marks && rules.most_contained == no_index && count >= rules.least_contained) return true;
    }
    ++ordinal;
  }
  if (count >= rules.least_contained && count <= rules.most_contained) return true;
  // Without minContains it is `contains` itself that asks for one.
  const Keyword keyword = count > rules.most_contained ? Keyword::max_contains
                          : rules.least_contained > 1  ? Keyword::min_contains
                                                       : Keyword::contains;
  return violated(self, keyword, array, [&] { return say_contained(rules, count); });
}

}  // namespace sluice::json::schema
