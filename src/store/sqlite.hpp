#pragma once
// SQLite as values that clean up after themselves: connection, statement, transaction.
//
// A connection and what was made from it belong to one thread at a time. Errors carry SQLite's own words and
// no path, so that they may be shown to clients.

#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace sluice::store::sqlite {

class Statement {
 public:
  Statement() = default;

  /// Parameters count from 1. Texts are not copied: they must live until reset().
  Result<> bind(int parameter, std::string_view text);
  Result<> bind(int parameter, std::int64_t number);
  Result<> bind_null(int parameter);
  /// True if there is a row to read, false at the end.
  Result<bool> step();
  /// Makes it ready for another run; parameters keep their values.
  void reset();

  /// Columns count from 0. NULL reads as absent, as "" or as 0.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  /// Valid until the next step() or reset().
  std::string_view text(int column) const;

 private:
  friend class Connection;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

class Connection {
 public:
  /// Opens or creates a database file. It waits up to `busy_timeout_ms` for other processes' locks.
  static Result<Connection> open(const std::string& path, int busy_timeout_ms);

  /// Runs statements that return nothing of interest.
  Result<> execute(const std::string& sql);
  Result<Statement> prepare(std::string_view sql);
  /// The first column of the first row; 0 or "" if there is none.
  Result<std::int64_t> query_integer(std::string_view sql);
  Result<std::string> query_text(std::string_view sql);
  bool is_read_only() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

/// Rolls back unless it was committed. The connection must outlive it.
class Transaction {
 public:
  /// Takes the write lock at once, so that commit() cannot fail for want of it.
  static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace sluice::store::sqlite
