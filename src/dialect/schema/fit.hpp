#pragma once
// schema: JSON Schema as clients write it -> the part of it that a provider takes.
//
// Only schemas are rewritten, so a property may be named like a keyword. What a provider has no keyword for
// is told in `description`, where the model still sees it; answers are checked against the client's own
// schema, so saying less than it is safe. keywords.cpp is the table of who takes what.

#include "dialect/schema/keywords.hpp"
#include "json/document.hpp"

#include <string>

namespace sluice::dialect::schema {

struct FitOptions {
  Subset subset;
  bool is_parameters = false;   ///< of a tool: the root is an object
  json::Text description = {};  ///< for a root without one
};

/// What became of a schema.
struct Fit {
  /// False where a strict subset has nothing to say it with: recursion, members of any name, values of any
  /// type. What was written is of no use then.
  bool possible = true;
  bool held = true;     ///< the provider can hold the model to all of it
  bool closed = false;  ///< members that it allows beyond the declared ones are not
  bool any_of = false;  ///< a strict subset got `anyOf` for `oneOf`
};

/// Appends `root`, rewritten: references to definitions stay references, allOf is flattened. Linear in its
/// size, whatever a client sends.
Fit append_fitting(std::string& out, json::Value root, const FitOptions& options);

}  // namespace sluice::dialect::schema
