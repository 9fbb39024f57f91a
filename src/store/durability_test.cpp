// The writer over a real SQLite file: what survives, and what it costs.

#include "store/sqlite.hpp"
#include "store/testing.hpp"
#include "store/writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fcntl.h>
#include <optional>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace {
std::atomic<int> syncs_to_disk = 0;
}

// SQLite's own calls resolve to these: a program's symbols come before a library's.
extern "C" int fdatasync(int file) {
  ++syncs_to_disk;
  return static_cast<int>(::syscall(SYS_fdatasync, file));
}
extern "C" int fsync(int file) {
  ++syncs_to_disk;
  return static_cast<int>(::syscall(SYS_fsync, file));
}

namespace sluice::store {
namespace {

using namespace std::chrono_literals;
using observe::Metric;

class DurabilityTest : public testing::Test {
 protected:
  ~DurabilityTest() override { ::close(log_file_); }

  std::unique_ptr<Writer> make_writer(const std::string& path, WriterOptions options = {}) {
    auto store = open_store("sqlite:" + path);
    if (!store) ADD_FAILURE() << store.error().message();
    return std::make_unique<Writer>(std::move(*store), log_, metrics_.open_counters(), options);
  }
  static void push(RowChannel& channel, RequestRow row) {
    while (!channel.try_push(std::move(row))) std::this_thread::sleep_for(1ms);
  }
  /// The database is sound and holds the rows 0 to n - 1, each once; returns n.
  static std::int64_t count_consecutive_rows(const std::string& path) {
    auto connection = sqlite::Connection::open(path, 1000);
    EXPECT_TRUE(connection);
    EXPECT_EQ(connection->query_text("PRAGMA integrity_check"), "ok");
    const auto count = connection->query_integer("SELECT count(*) FROM requests");
    EXPECT_EQ(connection->query_integer("SELECT count(DISTINCT total_us) FROM requests"), *count);
    EXPECT_EQ(connection->query_integer("SELECT max(total_us) + 1 FROM requests"), *count);
    return *count;
  }

  const int log_file_ = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  observe::Metrics metrics_;
  observe::Log log_{{.descriptor = log_file_}};
};

TEST_F(DurabilityTest, AHundredThousandRowsWithoutASyncPerRow) {
  const TemporaryFolder folder;
  constexpr int rows = 100'000;
  {
    const auto writer = make_writer(folder.file("t.db"));
    RowChannel& channel = writer->open_channel(metrics_.open_counters());
    syncs_to_disk = 0;
    for (int i = 0; i < rows; ++i) push(channel, numbered_row(i));
  }
  EXPECT_GT(syncs_to_disk, 0) << "else this test counts nothing";
  EXPECT_LT(syncs_to_disk, 100);
  EXPECT_EQ(metrics_.total(Metric::store_rows_written), rows);
  EXPECT_EQ(count_consecutive_rows(folder.file("t.db")), rows);
  const auto store = open_store("sqlite:" + folder.file("t.db"));
  EXPECT_EQ((*(*store)->find_request(numbered_id(77'777)))->total_us, 77'777);
}

using DurabilityDeathTest = DurabilityTest;

/// The process is killed while it writes, without any chance to clean up; the second run goes on where it
/// can.
TEST_F(DurabilityDeathTest, WhatWasCommittedSurvivesAKill) {
  GTEST_FLAG_SET(death_test_style,
                 "threadsafe");           // the child starts anew, and runs this test up to EXPECT_EXIT
  std::optional<TemporaryFolder> folder;  // only the parent's: the child has no chance to remove one
  if (!std::getenv("SLUICE_KILLED_DB"))
    ::setenv("SLUICE_KILLED_DB", folder.emplace().file("t.db").c_str(), 1);
  const std::string path = std::getenv("SLUICE_KILLED_DB");
  EXPECT_EXIT(
      {
        const auto writer = make_writer(path, {.interval = 1ms});
        RowChannel& channel = writer->open_channel(metrics_.open_counters());
        for (int i = 0;; ++i) {
          push(channel, numbered_row(i));
          if (metrics_.total(Metric::store_rows_written) >= 5000) ::kill(::getpid(), SIGKILL);
        }
      },
      testing::KilledBySignal(SIGKILL), "");
  ::unsetenv("SLUICE_KILLED_DB");
  const auto survived = count_consecutive_rows(path);
  EXPECT_GE(survived, 5000);
  {
    // What the dead process may or may not have stored is sent again.
    const auto writer = make_writer(path);
    RowChannel& channel = writer->open_channel(metrics_.open_counters());
    for (int i = 4000; i < survived + 1000; ++i) push(channel, numbered_row(i));
  }
  EXPECT_EQ(count_consecutive_rows(path), survived + 1000);
}

/// No file of this process may grow beyond a size, like a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~FullDisk() { EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &before_), 0); }

 private:
  rlimit before_{};
};

TEST_F(DurabilityTest, AFullDiskLosesNothing) {
  const TemporaryFolder folder;
  const WriterOptions quick{.interval = 1ms, .first_retry = 5ms, .longest_retry = 20ms};
  {
    const auto writer = make_writer(folder.file("t.db"), quick);
    RowChannel& channel = writer->open_channel(metrics_.open_counters());
    int next = 0;
    {
      const FullDisk disk(300'000);
      for (; metrics_.total(Metric::store_failures) < 3 && next < 60'000; ++next) {
        push(channel, numbered_row(next));
        if (next % 50 == 0) std::this_thread::sleep_for(1ms);
      }
      EXPECT_FALSE(writer->healthy());
      const std::int64_t stored = metrics_.total(Metric::store_rows_written);
      EXPECT_GT(stored, 0);
      EXPECT_LT(stored, next);
    }
    for (int i = 0; i < 100; ++i) push(channel, numbered_row(next++));
    writer->stop();
    EXPECT_TRUE(writer->healthy());
    EXPECT_EQ(count_consecutive_rows(folder.file("t.db")), next);
  }
  EXPECT_EQ(metrics_.total(Metric::store_rows_dropped), 0);
}

}  // namespace
}  // namespace sluice::store
