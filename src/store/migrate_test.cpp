#include "store/migrate.hpp"

#include "store/sqlite_store.hpp"
#include "store/testing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace sluice::store {
namespace {

using testing::HasSubstr;

sqlite::Connection open(const std::string& path) {
  auto connection = sqlite::Connection::open(path, 1000);
  EXPECT_TRUE(connection);
  return std::move(*connection);
}

const std::vector<std::string_view> one{"CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)"};
const std::vector<std::string_view> three{one[0], "ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT 7",
                                          "INSERT INTO t VALUES (2, 8);"};

TEST(Migrate, AppliesEachVersionOnceAndInOrder) {
  const TemporaryFolder folder;
  auto connection = open(folder.file("t.db"));
  ASSERT_TRUE(migrate(connection, one));
  EXPECT_EQ(connection.query_integer("PRAGMA user_version"), 1);
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE(migrate(connection, three));
    EXPECT_EQ(connection.query_integer("PRAGMA user_version"), 3);
    EXPECT_EQ(connection.query_text("SELECT group_concat(a || ':' || b) FROM t"), "1:7,2:8");
  }
}

TEST(Migrate, ANewerDatabaseIsRefusedAndLeftAlone) {
  const TemporaryFolder folder;
  auto connection = open(folder.file("t.db"));
  ASSERT_TRUE(migrate(connection, three));
  const auto refused = migrate(connection, one);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(),
            "the database has schema version 3, this program knows up to 1; use a newer program, or name "
            "another file");
  EXPECT_EQ(connection.query_integer("PRAGMA user_version"), 3);
}

TEST(Migrate, AStepThatFailsLeavesTheVersionBefore) {
  const TemporaryFolder folder;
  auto connection = open(folder.file("t.db"));
  const std::vector<std::string_view> broken{three[0], three[1],
                                             "INSERT INTO t VALUES (2, 8); INSERT INTO nowhere VALUES (1)"};
  const auto failed = migrate(connection, broken);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message(), HasSubstr("schema version 3: SQLite: no such table: nowhere"));
  EXPECT_EQ(connection.query_integer("PRAGMA user_version"), 2);
  EXPECT_EQ(connection.query_integer("SELECT count(*) FROM t"), 1);
  ASSERT_TRUE(migrate(connection, three)) << "and can be taken again";
}

TEST(Migrate, OtherProgramsDatabasesAreLeftAlone) {
  const TemporaryFolder folder;
  auto connection = open(folder.file("t.db"));
  ASSERT_TRUE(connection.execute("CREATE TABLE contacts (name TEXT)"));
  EXPECT_THAT(migrate(connection, one).error().message(), HasSubstr("belongs to another program"));
  EXPECT_EQ(connection.query_integer("SELECT count(*) FROM sqlite_master"), 1);
}

TEST(Migrate, SeveralMayStartAtOnce) {
  const TemporaryFolder folder;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&folder] {
        auto connection = open(folder.file("t.db"));
        const auto migrated = migrate(connection, three);
        EXPECT_TRUE(migrated) << migrated.error().message();
      });
  }
  auto connection = open(folder.file("t.db"));
  EXPECT_EQ(connection.query_integer("SELECT count(*) FROM t"), 2);
}

/// Databases of every version that was ever published can be used.
TEST(Migrate, EveryPublishedVersionLeadsToThisOne) {
  const TemporaryFolder folder;
  for (std::size_t version = 0; version <= schema_versions().size(); ++version) {
    const std::string path = folder.file("v" + std::to_string(version) + ".db");
    {
      auto connection = open(path);
      ASSERT_TRUE(migrate(connection, schema_versions().first(version)));
    }
    const auto store = open_sqlite_store(path);
    ASSERT_TRUE(store) << store.error().message();
    ASSERT_TRUE((*store)->append(std::vector{full_row()}));
    EXPECT_EQ(describe(**(*store)->find_request(full_row().id)), describe(full_row()));
  }
}

}  // namespace
}  // namespace sluice::store
