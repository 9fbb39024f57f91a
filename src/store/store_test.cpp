#include "store/store.hpp"

#include "store/memory_store.hpp"
#include "store/sqlite_store.hpp"
#include "store/testing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>
#include <vector>

namespace sluice::store {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class EveryStore : public testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<Store> open() {
    auto store =
        open_store(std::string_view(GetParam()) == "memory" ? "memory" : "sqlite:" + folder_.file("t.db"));
    if (!store) ADD_FAILURE() << store.error().message();
    return std::move(*store);
  }
  TemporaryFolder folder_;
};

TEST_P(EveryStore, ReturnsRowsAsTheyWere) {
  const auto store = open();
  const std::vector<RequestRow> rows{full_row(), numbered_row(1)};
  ASSERT_TRUE(store->append(rows));
  for (const RequestRow& row : rows) {
    const auto found = store->find_request(row.id);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ(describe(**found), describe(row));
  }
  EXPECT_FALSE(store->find_request("no such id")->has_value());
  EXPECT_EQ(store->count_requests(), 2);
}

TEST_P(EveryStore, SkipsRowsThatItHas) {
  const auto store = open();
  ASSERT_TRUE(store->append(std::vector{numbered_row(1)}));
  std::vector again{numbered_row(1), numbered_row(2), numbered_row(2)};
  again[0].total_us = 777;
  ASSERT_TRUE(store->append(again));
  EXPECT_EQ(store->count_requests(), 2);
  EXPECT_EQ((*store->find_request(numbered_id(1)))->total_us, 1);
}

TEST_P(EveryStore, KeepsBytesThatAreNotText) {
  const auto store = open();
  RequestRow row = numbered_row(1);
  row.error_message = std::string("a\0b\xff' OR 1=1; --", 16);
  ASSERT_TRUE(store->append(std::vector{row}));
  EXPECT_EQ((*store->find_request(row.id))->error_message, row.error_message);
}

INSTANTIATE_TEST_SUITE_P(Engines, EveryStore, testing::Values("memory", "sqlite"),
                         [](const auto& info) { return std::string(info.param); });

TEST(MemoryStore, ForgetsTheOldest) {
  MemoryStore store(3);
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(store.append(std::vector{numbered_row(i)}));
  EXPECT_EQ(store.count_requests(), 3);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(store.find_request(numbered_id(i))->has_value(), i >= 5) << i;
  EXPECT_EQ((*store.find_request(numbered_id(6)))->total_us, 6);
}

TEST(OpenStore, SaysWhatIsWrongWithTheName) {
  const auto message = [](std::string_view url) { return open_store(url).error().message(); };
  EXPECT_EQ(message("redis:x"),
            "store `redis:x`: there is no such kind of store; write `sqlite:PATH` or `memory`");
  EXPECT_THAT(message("postgres://u:geheim@h/db"),
              HasSubstr("PostgreSQL is not available in this build yet"));
  EXPECT_THAT(message("postgres://u:geheim@h/db"), Not(HasSubstr("geheim")));
  EXPECT_THAT(message("sqlite:"), HasSubstr("the path is missing"));
  EXPECT_THAT(message("sqlite:///x.db"), HasSubstr("right behind the colon"));
  EXPECT_THAT(message("sqlite::memory:"), HasSubstr("cannot begin with a colon"));
  EXPECT_THAT(message(""), HasSubstr("no such kind"));
}

TEST(SqliteStore, SaysWhatIsWrongWithTheFile) {
  const TemporaryFolder folder;
  const auto message = [](const std::string& path) {
    const auto store = open_sqlite_store(path);
    return store ? std::string("opened") : store.error().message();
  };
  EXPECT_THAT(message(folder.file("no/such/t.db")),
              HasSubstr("cannot create files in its folder: No such file"));
  EXPECT_THAT(message(folder.path().string()), HasSubstr("this is not a file"));
  std::ofstream(folder.file("text")) << std::string(5000, 'x');
  EXPECT_THAT(message(folder.file("text")), HasSubstr("file is not a database"));
  EXPECT_THAT(message(folder.file("text")), StartsWith("store `sqlite:" + folder.file("text") + "`: "));
  std::ofstream(folder.file("short")) << "x";
  EXPECT_THAT(message(folder.file("short")), HasSubstr("file is not a database"));
  std::ofstream(folder.file("empty"));
  EXPECT_EQ(message(folder.file("empty")), "opened");
}

/// Gives up root's power over permissions for a while.
class AsNobody {
 public:
  AsNobody() { drops_ = ::geteuid() == 0 && ::seteuid(65534) == 0; }
  ~AsNobody() {
    if (drops_) EXPECT_EQ(::seteuid(0), 0);
  }

 private:
  bool drops_;
};

TEST(SqliteStore, RefusesPlacesItMayNotWriteTo) {
  const TemporaryFolder folder;
  ASSERT_TRUE(open_sqlite_store(folder.file("t.db")));
  ::chmod(folder.path().c_str(), 0777);
  ::chmod(folder.file("t.db").c_str(), 0444);
  {
    const AsNobody nobody;
    EXPECT_THAT(open_sqlite_store(folder.file("t.db")).error().message(),
                HasSubstr("cannot read and write the file: Permission denied"));
  }
  ::chmod(folder.path().c_str(), 0555);
  const AsNobody nobody;
  EXPECT_THAT(open_sqlite_store(folder.file("new.db")).error().message(),
              HasSubstr("cannot create files in its folder: Permission denied"));
}

TEST(SqliteStore, ItsFilesAreTheOwnersAlone) {
  const TemporaryFolder folder;
  const auto store = open_sqlite_store(folder.file("t.db"));
  ASSERT_TRUE(store && (*store)->append(std::vector{numbered_row(1)}));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_EQ(entry.status().permissions() & std::filesystem::perms(0077), std::filesystem::perms::none)
        << entry;
    ++files;
  }
  EXPECT_EQ(files, 3) << "the database, its write-ahead log, and the log's index";
}

/// A database that may not grow beyond `pages`, like a full disk.
std::unique_ptr<Store> store_of_limited_size(const std::string& path, int pages) {
  {
    EXPECT_TRUE(open_sqlite_store(path));
  }
  auto connection = sqlite::Connection::open(path, 1000);
  EXPECT_TRUE(connection && connection->query_integer("PRAGMA max_page_count = " + std::to_string(pages)));
  return std::move(*SqliteStore::create(std::move(*connection)));
}

TEST(SqliteStore, KeepsAllRowsOfABatchOrNone) {
  const TemporaryFolder folder;
  const auto store = store_of_limited_size(folder.file("t.db"), 20);
  ASSERT_TRUE(store->append(std::vector{numbered_row(1)}));
  std::vector<RequestRow> too_many;
  for (int i = 2; i < 2000; ++i) too_many.push_back(numbered_row(i));
  const auto failed = store->append(too_many);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message(), "SQLite: database or disk is full (code 13)");
  EXPECT_EQ(store->count_requests(), 1);
  ASSERT_TRUE(store->append(std::vector{numbered_row(2)})) << "what fits is taken";
  EXPECT_EQ(store->count_requests(), 2);
}

}  // namespace
}  // namespace sluice::store
