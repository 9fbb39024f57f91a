#pragma once
// What is made of the things that do not fit, as they are found: reasons to tell, or a weight.

#include "json/schema/program.hpp"
#include "json/schema/schema.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sluice::json::schema {

/// The reasons why a document does not fit.
class Findings {
 public:
  Findings(const Program& program, Value instance, std::size_t most)
      : program_(program), instance_(instance), most_(most) {}

  /// Whether there is room for one more; from the first that finds none it is full.
  bool has_room() {
    full_ |= violations_.size() >= most_;
    return !full_;
  }
  /// `value` breaks `keyword` of `subschema`; `message` says what to change.
  void add(Index subschema, Keyword keyword, Value value, std::string message);
  /// `value` may not be there, because `subschema` is `false`: what that stands under is broken.
  void add_forbidden(Index subschema, Value value);

  bool full() const { return full_; }
  std::size_t size() const { return violations_.size(); }
  /// Moves those since there were `before` in front of those since there were `first`.
  void move_forward(std::size_t first, std::size_t before);
  const std::vector<Violation>& violations() const { return violations_; }

 private:
  const Program& program_;
  Value instance_;
  std::size_t most_;
  bool full_ = false;
  std::vector<Violation> violations_;
};

/// How far an alternative is from fitting a value: a wrong type of it weighs more than a wrong constant of a
/// member, which mostly means that another alternative was meant, and that more than everything else.
class Weight {
 public:
  explicit Weight(Value about) : about_(about) {}

  void add(Keyword keyword, Value value);
  std::size_t sum() const { return sum_; }
  /// Whether more would not change the choice.
  bool is_enough() const { return sum_ >= wrong_type; }

 private:
  static constexpr std::size_t wrong_type = 10'000, wrong_constant = 100;

  bool is_near(Value value) const;

  Value about_;
  std::size_t sum_ = 0;
};

/// Who hears of what does not fit; nobody, if all is null.
struct Listener {
  Findings* findings = nullptr;
  Weight* weight = nullptr;
};

}  // namespace sluice::json::schema
