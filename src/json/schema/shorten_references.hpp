#pragma once

#include "json/schema/program.hpp"

namespace sluice::json::schema {

/// Lets whoever applies a subschema that is nothing but a `$ref` apply its target at once. `program` must be
/// complete and free of cycles.
void shorten_references(Program& program);

}  // namespace sluice::json::schema
