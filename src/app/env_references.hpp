#pragma once
// EnvReferences: `${NAME}` and `${NAME:-default}` in a configuration.
//
// YAML itself stumbles over braces inside `{...}`, and a value put in before it is parsed could change the
// structure of the file. So references are hidden behind marks first, and values take their places after the
// parser is done.

#include "app/config_problems.hpp"
#include "app/environment.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::app {

class EnvReferences {
 public:
  /// Finds the references of `text`. `$${` stands for the characters `${`.
  explicit EnvReferences(std::string_view text);

  /// The text with marks, on the same lines.
  const std::string& marked() const { return marked_; }
  /// A piece of the marked text with values in the place of marks. Nothing, and a problem of its line, if a
  /// variable is not set and has no default.
  std::optional<std::string> expand(std::string_view piece, int line, const Environment& environment,
                                    ConfigProblems& problems) const;
  /// A piece of the marked text as it was written.
  std::string original(std::string_view piece) const;

 private:
  struct Reference {
    std::string written;
    std::string name;                     ///< empty: it stands for `fallback`, whatever is set
    std::optional<std::string> fallback;  ///< for a variable that is not set
    int line = 0;
  };

  /// The reference, or character to hide, at the start of `text`; nothing if there is none.
  static std::optional<Reference> reference_at(std::string_view text);

  template <class Value>
  std::string replace_marks(std::string_view piece, const Value& value_of) const;
  static std::optional<std::string> value_of(const Reference& reference, const Environment& environment);

  std::vector<Reference> references_;
  std::string marked_;
};

}  // namespace sluice::app
