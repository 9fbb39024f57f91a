#pragma once
// The schema of a tool's arguments, for APIs that want an object.

#include "chat/change.hpp"
#include "dialect/schema/strict_changes.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"

#include <string>

namespace sluice::dialect {

/// Writes the schema as it is, except that its root is of the type `object`; where there is none, one without
/// properties. `path` is the tool's, for the report.
void write_tool_schema(json::Value schema, const std::string& path, json::Writer& json,
                       chat::Changes& changes);

/// Writes what `subset` takes of it, and returns true; or the schema as above and false, where a model cannot
/// be held to it. Either is noted in `strict`.
bool write_strict_tool_schema(json::Value schema, const std::string& path, schema::Subset subset,
                              json::Writer& json, schema::StrictChanges& strict, chat::Changes& changes);

}  // namespace sluice::dialect
