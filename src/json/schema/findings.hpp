#pragma once
// Findings: the reasons why a document does not fit, as they are found.

#include "json/schema/program.hpp"
#include "json/schema/schema.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sluice::json::schema {

class Findings {
 public:
  Findings(const Program& program, Value instance, std::size_t most)
      : program_(program), instance_(instance), most_(most) {}

  /// `value` breaks `keyword` of `subschema`; `message` says what to change. Not kept once it is full.
  void add(Index subschema, Keyword keyword, Value value, std::string message);
  /// As above where the subschema is `false`: what it stands under is broken.
  void add_forbidden(Index subschema, Value value);

  /// An empty one about the same document.
  Findings fresh() const { return {program_, instance_, most_}; }
  /// How far off they are in the eyes of someone who chooses between alternatives for `value`: a wrong type
  /// weighs more than a wrong constant of a member, and that more than everything else.
  std::size_t weight(Value value) const;
  /// Appends what another one found.
  void take(Findings&& other);

  bool full() const { return has_more_; }
  std::size_t size() const { return found_.size(); }
  /// Puts what was found since there were `before` in front of what was found since there were `first`.
  void move_forward(std::size_t first, std::size_t before);
  std::vector<Violation> violations() &&;
  const std::string& message(std::size_t index) const { return found_[index].violation.message; }

 private:
  struct Finding {
    Violation violation;
    Keyword keyword;
    std::size_t offset;  ///< of the value in the document
    std::size_t depth;   ///< tokens of its path
  };

  const Program& program_;
  Value instance_;
  std::size_t most_;
  bool has_more_ = false;
  std::vector<Finding> found_;
};

}  // namespace sluice::json::schema
