#pragma once
// The versions of the SQLite schema, and how a database gets from one to the next.

#include "base/result.hpp"
#include "store/sqlite.hpp"

#include <span>
#include <string_view>

namespace sluice::store {

/// SQL text that leads from version i to version i + 1, at place i. A published text is never changed; a
/// change of the schema is a new text at the end.
std::span<const std::string_view> schema_versions();

/// Brings the database to the last of `versions`, each in a transaction of its own. Fails if the database is
/// newer than that or belongs to another program. Safe when several processes start at once.
Result<> migrate(sqlite::Connection& connection, std::span<const std::string_view> versions);

}  // namespace sluice::store
