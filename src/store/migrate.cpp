#include "store/migrate.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace sluice::store {
namespace {

/// "SLUI", in the header of every database of this program
/// (https://www.sqlite.org/pragma.html#pragma_application_id).
constexpr std::int64_t application_id = 0x534c5549;

constexpr std::array<std::string_view, 1> versions_of_this_program{
    // The table has a rowid beside its text key: half the cost of one without when rows are appended in bulk.
    R"sql(
      CREATE TABLE requests (
        id TEXT NOT NULL PRIMARY KEY,
        started_ms INTEGER NOT NULL,
        key TEXT NOT NULL,
        client TEXT NOT NULL,
        region TEXT NOT NULL,
        model_asked TEXT NOT NULL,
        model TEXT NOT NULL,
        provider TEXT NOT NULL,
        upstream_model TEXT NOT NULL,
        target_region TEXT NOT NULL,
        stream INTEGER NOT NULL,
        http_status INTEGER NOT NULL,
        upstream_status INTEGER,
        error_code TEXT NOT NULL,
        error_message TEXT NOT NULL,
        finish_reason TEXT NOT NULL,
        native_finish_reason TEXT NOT NULL,
        input_tokens INTEGER,
        output_tokens INTEGER,
        cache_read_tokens INTEGER,
        cache_write_tokens INTEGER,
        reasoning_tokens INTEGER,
        total_us INTEGER NOT NULL,
        overhead_us INTEGER NOT NULL,
        connect_us INTEGER,
        first_byte_us INTEGER,
        first_token_us INTEGER,
        bytes_in INTEGER NOT NULL,
        bytes_out INTEGER NOT NULL,
        attempts TEXT NOT NULL,
        changes TEXT NOT NULL
      );
    )sql",
};

/// Fails if the database holds something that this program did not put there.
Result<> check_owner(sqlite::Connection& connection) {
  auto owner = connection.query_integer("PRAGMA application_id");
  if (!owner) return fail(owner);
  if (*owner == application_id) return {};
  auto tables = connection.query_integer("SELECT count(*) FROM sqlite_master");
  if (!tables) return fail(tables);
  if (*owner == 0 && *tables == 0) return {};
  return fail(ErrorCode::invalid_request, "this database belongs to another program; name another file");
}

/// The version that the database has. Fails if this program does not know it.
Result<std::size_t> current_version(sqlite::Connection& connection, std::size_t newest) {
  auto current = connection.query_integer("PRAGMA user_version");
  if (!current) return fail(current);
  if (*current >= 0 && static_cast<std::size_t>(*current) <= newest)
    return static_cast<std::size_t>(*current);
  return fail(ErrorCode::invalid_request, "the database has schema version " + std::to_string(*current) +
                                              ", this program knows up to " + std::to_string(newest) +
                                              "; use a newer program, or name another file");
}

/// Takes one step if one is needed; says whether all are taken. Everything is read inside the transaction,
/// because another process may be at the same.
Result<bool> take_step(sqlite::Connection& connection, std::span<const std::string_view> versions) {
  auto transaction = sqlite::Transaction::begin(connection);
  if (!transaction) return fail(transaction);
  auto owned = check_owner(connection);
  if (!owned) return fail(owned);
  auto current = current_version(connection, versions.size());
  if (!current) return fail(current);
  if (*current == versions.size()) return true;
  auto done = connection.execute(std::string(versions[*current]) +
                                 "; PRAGMA application_id = " + std::to_string(application_id) +
                                 "; PRAGMA user_version = " + std::to_string(*current + 1));
  if (done) done = transaction->commit();
  if (!done) return fail(std::move(done.error()).within("schema version " + std::to_string(*current + 1)));
  return false;
}

}  // namespace

std::span<const std::string_view> schema_versions() {
  return versions_of_this_program;
}

Result<> migrate(sqlite::Connection& connection, std::span<const std::string_view> versions) {
  while (true) {
    auto finished = take_step(connection, versions);
    if (!finished) return fail(finished);
    if (*finished) return {};
  }
}

}  // namespace sluice::store
