#pragma once
// SqliteStore: rows in one SQLite file.
//
// Write-ahead log with synchronous=NORMAL: a commit costs a write, not an fsync. What was committed survives
// the death of the process; a power cut may take the last commits, and leaves the file sound.

#include "store/sqlite.hpp"
#include "store/store.hpp"

#include <memory>
#include <string>

namespace sluice::store {

/// Opens or creates the file at `path`, and brings its schema up to date.
Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path);

class SqliteStore : public Store {
 public:
  /// A connection whose schema is up to date.
  static Result<std::unique_ptr<Store>> create(sqlite::Connection connection);

  Result<> append(std::span<const RequestRow> rows) override;
  Result<std::optional<RequestRow>> find_request(std::string_view id) override;
  Result<std::int64_t> count_requests() override;

 private:
  SqliteStore(sqlite::Connection connection, sqlite::Statement insert, sqlite::Statement find)
      : connection_(std::move(connection)), insert_(std::move(insert)), find_(std::move(find)) {}

  sqlite::Connection connection_;
  sqlite::Statement insert_, find_;  ///< below the connection, so that they go first
};

}  // namespace sluice::store
