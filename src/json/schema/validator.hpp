#pragma once
// Validator: runs a Program over one document.
//
// Twice at most: first only to know whether it fits, ending at the first thing that does not; then, if
// somebody asks why, again with Findings that collect every reason.

#include "json/schema/budget.hpp"
#include "json/schema/evaluated.hpp"
#include "json/schema/findings.hpp"
#include "json/schema/program.hpp"
#include "json/schema/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::json::schema {

class Validator {
 public:
  /// `findings` may be null.
  Validator(const Program& program, const CheckLimits& limits, Findings* findings)
      : program_(program),
        budget_(limits.max_steps),
        max_depth_(limits.max_depth),
        listener_{.findings = findings} {}

  Verdict run(Value instance);

 private:
  class Nesting;
  class Silence;

  /// Whether `value` fits. Marks what was looked at in `evaluated`, which may be null; the marks mean nothing
  /// where it does not fit.
  bool evaluate(Index subschema, Value value, Evaluated* evaluated);
  bool evaluate_nested(const Subschema& self, Type type, Value value, Evaluated* evaluated);
  bool evaluate_keywords(const Subschema& self, Type type, Value value, Evaluated* evaluated);
  bool evaluate_all_items(const Subschema& self, const ArrayRules& rules, Value array, Evaluated* outer);
  bool evaluate_all_members(const Subschema& self, const ObjectRules& rules, Value object, Evaluated* outer);
  bool refuse_type(const Subschema& self, Value value);

  // validate_scalar.cpp
  bool check_number(const Subschema& self, Value number);
  bool check_text(const Subschema& self, Value text);
  bool check_choice(const Subschema& self, const Rule& rule, Value value);
  bool is_among(const Choice& choice, Value value);
  bool matches(Index pattern, std::string_view text);

  // validate_logic.cpp
  bool apply(const Subschema& self, const Rule& rule, Value value, Evaluated* evaluated);
  bool apply_reference(const Rule& rule, Value value, Evaluated* evaluated);
  bool apply_all(const Rule& rule, Value value, Evaluated* evaluated);
  bool apply_any(const Subschema& self, const Rule& rule, Value value, Evaluated* evaluated);
  bool apply_one(const Subschema& self, const Rule& rule, Value value, Evaluated* evaluated);
  bool apply_negation(const Subschema& self, const Rule& rule, Value value);
  bool apply_condition(const Rule& rule, Value value, Evaluated* evaluated);
  bool holds(Index subschema, Value value, Evaluated* evaluated);
  bool refuse_alternatives(const Subschema& self, const Rule& rule, Value value);
  std::uint32_t nearest_alternative(const Rule& rule, Value value);

  // validate_array.cpp
  bool check_array(const Subschema& self, Value array, Evaluated* evaluated);
  bool check_elements(const ArrayRules& rules, Value array, Evaluated* evaluated, std::uint32_t& count);
  bool check_array_size(const Subschema& self, const ArrayRules& rules, Value array, std::uint32_t count);
  bool check_contained(const Subschema& self, const ArrayRules& rules, Value array, Evaluated* evaluated);

  // validate_object.cpp
  bool check_object(const Subschema& self, Value object, Evaluated* evaluated);
  bool check_members(const Subschema& self, const ObjectRules& rules, Value object, Evaluated* evaluated);
  bool check_member(const ObjectRules& rules, const Property* property, const Member& member,
                    std::uint32_t ordinal, Evaluated* evaluated);
  bool check_patterns(const ObjectRules& rules, const Property* property, const Member& member,
                      std::uint32_t ordinal, Evaluated* evaluated);
  bool check_object_size(const Subschema& self, const ObjectRules& rules, Value object, const NameSet& seen,
                         std::uint32_t count);
  bool check_name(const Subschema& self, const ObjectRules& rules, Value object, Value name);
  bool check_dependents(const Subschema& self, const ObjectRules& rules, Value object, Evaluated* evaluated);
  const Property* find(const ObjectRules& rules, Text key, Index& next);

  /// Tells why, if somebody listens; always false.
  template <class Message>
  bool violated(const Subschema& self, Keyword keyword, Value value, const Message& message) {
    if (budget_.exhausted()) return false;
    if (listener_.weight) listener_.weight->add(keyword, value);
    if (listener_.findings && listener_.findings->has_room())
      listener_.findings->add(index_of(self), keyword, value, message());
    return false;
  }
  /// Whether to look on after something did not fit.
  bool goes_on() const {
    if (budget_.exhausted()) return false;
    return listener_.findings ? !listener_.findings->full()
                              : listener_.weight && !listener_.weight->is_enough();
  }
  /// How many reasons were found so far.
  std::size_t found() const { return listener_.findings ? listener_.findings->size() : 0; }
  /// Tells what was found since there were `before` ahead of what was found since there were `first`.
  void tell_first(std::size_t before, std::size_t first) {
    if (listener_.findings) listener_.findings->move_forward(first, before);
  }
  Index index_of(const Subschema& self) const {
    return static_cast<Index>(&self - program_.subschemas.data());
  }

  const Program& program_;
  Budget budget_;
  const std::uint32_t max_depth_;
  std::uint32_t depth_ = 0;
  Listener listener_;
  std::vector<Index> scope_;  ///< resources on the way here, if the schema has dynamic references
  std::string buffer_;        ///< a decoded text, until the next one
};

/// One application of a subschema inside of another: its depth and its dynamic scope.
class Validator::Nesting {
 public:
  Nesting(Validator& validator, Index resource)
      : validator_(validator),
        scoped_(validator.program_.has_dynamic_scope() &&
                (validator.scope_.empty() || validator.scope_.back() != resource)) {
    ++validator_.depth_;
    if (scoped_) validator_.scope_.push_back(resource);
  }
  ~Nesting() {
    --validator_.depth_;
    if (scoped_) validator_.scope_.pop_back();
  }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  Validator& validator_;
  bool scoped_;
};

/// Somebody else listens meanwhile, or nobody, where it is only asked whether something fits.
class Validator::Silence {
 public:
  explicit Silence(Validator& validator, Listener meanwhile = {})
      : validator_(validator), listener_(validator.listener_) {
    validator_.listener_ = meanwhile;
  }
  ~Silence() { validator_.listener_ = listener_; }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  Validator& validator_;
  Listener listener_;
};

}  // namespace sluice::json::schema
