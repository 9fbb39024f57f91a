#include "store/sqlite_store.hpp"

#include "store/migrate.hpp"

#include <cerrno>
#include <concepts>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sluice::store {
namespace {

/// Long enough for another process's checkpoint, short enough to be noticed.
constexpr int busy_timeout_ms = 5000;

Failure refuse(const std::string& what) {
  return fail(ErrorCode::invalid_request, what + ": " + std::system_category().message(errno));
}

bool may(const std::string& path, int mode) {
  return ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0;
}

/// Finds what is wrong with the place before SQLite does, which would only say that it cannot open the file.
/// Says whether the file is there already.
Result<bool> check_place(const std::string& path) {
  // SQLite keeps its write-ahead log beside the file.
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (!may(folder.empty() ? "." : folder, W_OK | X_OK)) return refuse("cannot create files in its folder");
  struct stat facts{};
  if (::stat(path.c_str(), &facts) != 0) {
    if (errno == ENOENT) return false;
    return refuse("cannot use the file");
  }
  if (!S_ISREG(facts.st_mode)) return fail(ErrorCode::invalid_request, "this is not a file");
  if (!may(path, R_OK | W_OK)) return refuse("cannot read and write the file");
  // Less than the smallest page: SQLite would take it for an empty file and overwrite it.
  if (facts.st_size > 0 && facts.st_size < 512)
    return fail(ErrorCode::invalid_request, "the file is not a database");
  return true;
}

Result<> configure(sqlite::Connection& connection) {
  auto mode = connection.query_text("PRAGMA journal_mode = WAL");
  if (!mode) return fail(mode);
  if (connection.is_read_only()) return fail(ErrorCode::invalid_request, "the file is read-only");
  if (*mode != "wal")
    return fail(ErrorCode::invalid_request, "no write-ahead log is possible here; use a local disk");
  // The limit lets the log shrink again after a burst.
  return connection.execute("PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864");
}

Result<std::unique_ptr<Store>> open_file(const std::string& path) {
  auto exists = check_place(path);
  if (!exists) return fail(exists);
  auto connection = sqlite::Connection::open(path, busy_timeout_ms);
  if (!connection) return fail(connection);
  // For its owner alone: it tells who asked what when. SQLite gives the files beside it the same rights.
  if (!*exists && ::chmod(path.c_str(), 0600) != 0) return refuse("cannot protect the file");
  auto configured = configure(*connection);
  if (!configured) return fail(configured);
  auto migrated = migrate(*connection, schema_versions());
  if (!migrated) return fail(migrated);
  return SqliteStore::create(std::move(*connection));
}

std::string column_names() {
  std::string names;
  const RequestRow row;
  visit_members(row, [&names](std::string_view name, const auto&) {
    if (!names.empty()) names.append(", ");
    names.append(name);
  });
  return names;
}

std::string placeholders() {
  std::string marks;
  const RequestRow row;
  visit_members(row, [&marks](std::string_view, const auto&) { marks.append(marks.empty() ? "?" : ", ?"); });
  return marks;
}

template <class T>
Result<> bind(sqlite::Statement& statement, int parameter, const std::optional<T>& value) {
  return value ? statement.bind(parameter, std::int64_t{*value}) : statement.bind_null(parameter);
}

template <std::integral T>
Result<> bind(sqlite::Statement& statement, int parameter, T value) {
  return statement.bind(parameter, static_cast<std::int64_t>(value));
}

Result<> bind(sqlite::Statement& statement, int parameter, const std::string& value) {
  return statement.bind(parameter, value);
}

void read(const sqlite::Statement& statement, int column, std::string& value) {
  value.assign(statement.text(column));
}

template <std::integral T>
void read(const sqlite::Statement& statement, int column, T& value) {
  value = static_cast<T>(statement.integer(column));
}

template <class T>
void read(const sqlite::Statement& statement, int column, std::optional<T>& value) {
  if (!statement.is_null(column)) value = static_cast<T>(statement.integer(column));
}

/// A statement is reset on every way out: an open one would keep its transaction from ending.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(sqlite::Statement& statement) : statement_(statement) {}
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;
  ~ResetAtEnd() { statement_.reset(); }

 private:
  sqlite::Statement& statement_;
};

Result<> insert_row(sqlite::Statement& insert, const RequestRow& row) {
  const ResetAtEnd reset(insert);
  Result<> bound;
  int parameter = 0;
  visit_members(row, [&](std::string_view, const auto& value) {
    ++parameter;
    if (bound) bound = bind(insert, parameter, value);
  });
  if (!bound) return bound;
  auto done = insert.step();
  if (!done) return fail(done);
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path) {
  auto store = open_file(path);
  if (!store) return fail(std::move(store.error()).within("store `sqlite:" + path + "`"));
  return store;
}

Result<std::unique_ptr<Store>> SqliteStore::create(sqlite::Connection connection) {
  auto insert = connection.prepare("INSERT INTO requests (" + column_names() + ") VALUES (" + placeholders() +
                                   ") ON CONFLICT (id) DO NOTHING");
  if (!insert) return fail(insert);
  auto find = connection.prepare("SELECT " + column_names() + " FROM requests WHERE id = ?");
  if (!find) return fail(find);
  return std::unique_ptr<Store>(new SqliteStore(std::move(connection), std::move(*insert), std::move(*find)));
}

Result<> SqliteStore::append(std::span<const RequestRow> rows) {
  auto transaction = sqlite::Transaction::begin(connection_);
  if (!transaction) return fail(transaction);
  for (const RequestRow& row : rows) {
    auto inserted = insert_row(insert_, row);
    if (!inserted) return inserted;
  }
  return transaction->commit();
}

Result<std::optional<RequestRow>> SqliteStore::find_request(std::string_view id) {
  const ResetAtEnd reset(find_);
  auto bound = find_.bind(1, id);
  if (!bound) return fail(bound);
  auto found = find_.step();
  if (!found) return fail(found);
  if (!*found) return std::nullopt;
  RequestRow row;
  int column = 0;
  visit_members(row, [&](std::string_view, auto& value) { read(find_, column++, value); });
  return row;
}

Result<std::int64_t> SqliteStore::count_requests() {
  return connection_.query_integer("SELECT count(*) FROM requests");
}

}  // namespace sluice::store
