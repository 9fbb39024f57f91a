#include "store/memory_store.hpp"
#include "store/sqlite_store.hpp"
#include "store/store.hpp"

#include <string>

namespace sluice::store {
namespace {

constexpr std::string_view allowed = "write `sqlite:PATH` or `memory`";

/// A URL with its credentials, if it has any, left out.
std::string without_credentials(std::string_view url) {
  const auto authority = url.find("://");
  const auto at = url.rfind('@');
  if (authority == std::string_view::npos || at == std::string_view::npos || at < authority)
    return std::string(url);
  return std::string(url.substr(0, authority + 3)) + "***" + std::string(url.substr(at));
}

Failure refuse(std::string_view url, std::string_view why) {
  return fail(ErrorCode::invalid_request,
              "store `" + without_credentials(url) + "`: " + std::string(why) + "; " + std::string(allowed));
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(std::string_view url) {
  constexpr std::string_view sqlite = "sqlite:";
  if (url == "memory") return std::make_unique<MemoryStore>();
  if (url.starts_with("postgres://") || url.starts_with("postgresql://"))
    return refuse(url, "PostgreSQL is not available in this build yet");
  if (!url.starts_with(sqlite)) return refuse(url, "there is no such kind of store");
  const std::string_view path = url.substr(sqlite.size());
  if (path.empty()) return refuse(url, "the path is missing");
  // Other programs disagree on what the slashes of sqlite:///x mean, and SQLite gives names with a colon a
  // meaning.
  if (path.starts_with("//"))
    return refuse(url, "the path stands right behind the colon, as in sqlite:/var/lib/sluice.db");
  if (path.starts_with(":")) return refuse(url, "a path cannot begin with a colon");
  return open_sqlite_store(std::string(path));
}

}  // namespace sluice::store
