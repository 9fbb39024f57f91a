#include "store/sqlite.hpp"

#include <sqlite3.h>

#include <system_error>
#include <utility>

namespace sluice::store::sqlite {
namespace {

Failure failure(sqlite3* database) {
  const int code = sqlite3_extended_errcode(database);
  std::string message = std::string("SQLite: ") + sqlite3_errmsg(database);
  if ((code & 0xff) == SQLITE_IOERR)
    message += ": " + std::system_category().message(sqlite3_system_errno(database));
  return fail(ErrorCode::internal, message + " (code " + std::to_string(code) + ")");
}

Failure failure(sqlite3_stmt* statement) {
  return failure(sqlite3_db_handle(statement));
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Result<> Statement::bind(int parameter, std::string_view text) {
  // A null pointer would bind NULL.
  const char* data = text.empty() ? "" : text.data();
  if (sqlite3_bind_text64(handle_.get(), parameter, data, text.size(), SQLITE_STATIC, SQLITE_UTF8) !=
      SQLITE_OK)
    return failure(handle_.get());
  return {};
}

Result<> Statement::bind(int parameter, std::int64_t number) {
  if (sqlite3_bind_int64(handle_.get(), parameter, number) != SQLITE_OK) return failure(handle_.get());
  return {};
}

Result<> Statement::bind_null(int parameter) {
  if (sqlite3_bind_null(handle_.get(), parameter) != SQLITE_OK) return failure(handle_.get());
  return {};
}

Result<bool> Statement::step() {
  const int outcome = sqlite3_step(handle_.get());
  if (outcome == SQLITE_ROW || outcome == SQLITE_DONE) return outcome == SQLITE_ROW;
  return failure(handle_.get());
}

void Statement::reset() {
  sqlite3_reset(handle_.get());
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

void Connection::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

Result<Connection> Connection::open(const std::string& path, int busy_timeout_ms) {
  sqlite3* database = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int outcome = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  Connection connection;
  connection.handle_.reset(database);
  if (database == nullptr) return fail(ErrorCode::internal, "SQLite: out of memory");
  if (outcome != SQLITE_OK) return failure(database);
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, busy_timeout_ms);
  return connection;
}

Result<> Connection::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure(handle_.get());
  return {};
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                         &handle, nullptr) != SQLITE_OK)
    return failure(handle_.get());
  Statement statement;
  statement.handle_.reset(handle);
  return statement;
}

Result<std::int64_t> Connection::query_integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return fail(statement);
  const auto row = statement->step();
  if (!row) return failure(handle_.get());
  return *row ? statement->integer(0) : 0;
}

Result<std::string> Connection::query_text(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return fail(statement);
  const auto row = statement->step();
  if (!row) return failure(handle_.get());
  return std::string(*row ? statement->text(0) : std::string_view());
}

bool Connection::is_read_only() const {
  return sqlite3_db_readonly(handle_.get(), "main") == 1;
}

Result<Transaction> Transaction::begin(Connection& connection) {
  auto begun = connection.execute("BEGIN IMMEDIATE");
  if (!begun) return fail(begun);
  return Transaction(connection);
}

Transaction::~Transaction() {
  // Fails only if SQLite has rolled back by itself.
  if (connection_) (void)connection_->execute("ROLLBACK");
}

Result<> Transaction::commit() {
  auto committed = connection_->execute("COMMIT");
  if (!committed) return fail(committed);
  connection_ = nullptr;
  return {};
}

}  // namespace sluice::store::sqlite
