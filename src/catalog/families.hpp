#pragma once
// Families: what each provider's models take, by the provider's name for the model.

#include "base/result.hpp"
#include "catalog/capabilities.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::catalog {

/// A part of a lower-cased model name, as data/families.json writes it. `*` stands for any characters, `$`
/// for the end of the name. It begins where a word begins, and a number at its end is a whole number:
/// `gpt-5.1` is found in `openai/gpt-5.1-mini`, but not in `gpt-5.10`.
bool pattern_matches(std::string_view pattern, std::string_view lower_cased_name);

/// Immutable, so any thread may read it.
class Families {
 public:
  struct Row {
    std::vector<std::string> patterns;
    Capabilities capabilities;
  };

  /// One of the rows must match every name (have the empty pattern).
  explicit Families(std::vector<Row> rows) : rows_(std::move(rows)) {}

  /// The row with the longest matching pattern. A new model of a known family is so treated like its newest
  /// member, whose patterns include the bare name of the family. Looks at every row: ask once per target, not
  /// per request.
  const Capabilities& capabilities(std::string_view upstream_model) const;
  const std::vector<Row>& rows() const { return rows_; }

 private:
  std::vector<Row> rows_;
};

/// Reads the form of data/families.json. Errors name the row and the field.
Result<Families> load_families(std::string_view json);
/// The families that come with the program.
Result<Families> built_in_families();

}  // namespace sluice::catalog
