#pragma once
// JSON Schema as clients write it -> the keywords that Gemini takes in `parametersJsonSchema` and
// `responseJsonSchema` (ai.google.dev/api/generate-content, GenerationConfig.responseJsonSchema).

#include "json/document.hpp"

#include <string>

namespace sluice::dialect::gemini {

/// Appends `schema`, rewritten. Only schemas are rewritten, so a property may be named like a keyword.
/// References to definitions stay references; allOf is flattened, const becomes enum, and what has no keyword
/// is told in `description`. A root without a description gets the one given. Returns whether Gemini can hold
/// the model to all of it.
bool append_schema(std::string& out, json::Value schema, json::Text description = {});

/// The same for a tool's parameters, whose root is an object whatever a client says.
bool append_parameters(std::string& out, json::Value schema);

/// Whether a tool with these parameters takes no arguments: Gemini wants no schema then.
bool takes_no_arguments(json::Value schema);

}  // namespace sluice::dialect::gemini
