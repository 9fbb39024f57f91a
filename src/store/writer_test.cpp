#include "store/writer.hpp"

#include "store/memory_store.hpp"
#include "store/testing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <future>
#include <thread>

namespace sluice::store {
namespace {

using namespace std::chrono_literals;
using observe::Metric;
using testing::HasSubstr;

/// A disk that can be filled and emptied, and what is on it.
struct Disk {
  std::atomic<bool> full = false;
  std::atomic<int> transactions = 0;
  std::vector<std::string> ids;  ///< the writer thread's until it has stopped
};

class DiskStore : public Store {
 public:
  explicit DiskStore(Disk& disk) : disk_(disk) {}
  Result<> append(std::span<const RequestRow> rows) override {
    if (disk_.full) return fail(ErrorCode::internal, "no space left");
    ++disk_.transactions;
    for (const RequestRow& row : rows) disk_.ids.push_back(row.id);
    return rows_.append(rows);
  }
  Result<std::optional<RequestRow>> find_request(std::string_view id) override {
    return rows_.find_request(id);
  }
  Result<std::int64_t> count_requests() override { return rows_.count_requests(); }

 private:
  Disk& disk_;
  MemoryStore rows_{1'000'000};
};

class WriterTest : public testing::Test {
 protected:
  ~WriterTest() override { ::close(log_file_); }

  Writer make_writer(WriterOptions options = {}) {
    return Writer(std::make_unique<DiskStore>(disk_), log_, metrics_.open_counters(), options);
  }
  static Result<std::optional<RequestRow>> find(Writer& writer, std::string id) {
    std::promise<Result<std::optional<RequestRow>>> promise;
    auto found = promise.get_future();
    writer.find(std::move(id), [&promise](auto result) { promise.set_value(std::move(result)); });
    return found.get();
  }
  void wait_until(const std::function<bool()>& condition) {
    for (int tries = 0; tries < 10'000; ++tries) {
      if (condition()) return;
      std::this_thread::sleep_for(1ms);
    }
    FAIL() << "waited in vain";
  }
  std::string logged() {
    log_.flush();
    std::string text(static_cast<std::size_t>(::lseek(log_file_, 0, SEEK_END)), '\0');
    EXPECT_EQ(::pread(log_file_, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    return text;
  }

  const int log_file_ = ::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  observe::Metrics metrics_;
  observe::Log log_{{.descriptor = log_file_}};
  Disk disk_;
};

TEST_F(WriterTest, FindsRowsThatAreStillOnTheirWay) {
  Writer writer = make_writer({.interval = 1h});
  RowChannel& channel = writer.open_channel(metrics_.open_counters());
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(channel.try_push(numbered_row(i)));
    const auto found = find(writer, numbered_id(i));
    ASSERT_TRUE(found && *found) << i;
    EXPECT_EQ(describe(**found), describe(numbered_row(i)));
  }
  EXPECT_FALSE(find(writer, "unknown")->has_value());
  EXPECT_LE(disk_.transactions, 1) << "a lookup costs no commit";
  writer.stop();
  EXPECT_EQ(disk_.ids.size(), 1000U);
}

TEST_F(WriterTest, CommitsManyRowsAtOnceAndByItself) {
  Writer writer = make_writer();
  RowChannel& channel = writer.open_channel(metrics_.open_counters());
  for (int i = 0; i < 2000; ++i) ASSERT_TRUE(channel.try_push(numbered_row(i)));
  wait_until([this] { return metrics_.total(Metric::store_rows_written) == 2000; });
  EXPECT_LE(disk_.transactions, 2000 / 512 + 3);
  EXPECT_EQ(metrics_.total(Metric::store_rows_pending), 0);
}

TEST_F(WriterTest, EveryRowOfEveryThreadIsFoundAndStoredOnce) {
  constexpr int threads = 3, per_thread = 5000;
  Writer writer = make_writer({.channel_rows = 64, .batch_rows = 100, .interval = 1ms});
  {
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        RowChannel& channel = writer.open_channel(metrics_.open_counters());
        for (int i = 0; i < per_thread; ++i) {
          const int number = t * per_thread + i;
          RequestRow row = numbered_row(number);
          while (!channel.try_push(std::move(row))) std::this_thread::sleep_for(1ms);
          if (i % 50 != 0) continue;
          const auto found = find(writer, numbered_id(number));
          EXPECT_TRUE(found && *found) << number;
        }
      });
  }
  writer.stop();
  std::ranges::sort(disk_.ids);
  ASSERT_EQ(disk_.ids.size(), static_cast<std::size_t>(threads * per_thread));
  for (int i = 0; i < threads * per_thread; ++i)
    ASSERT_EQ(disk_.ids[static_cast<std::size_t>(i)], numbered_id(i));
  EXPECT_EQ(metrics_.total(Metric::store_rows_written), threads * per_thread);
}

TEST_F(WriterTest, RowsWaitWhileTheStoreFails) {
  Writer writer = make_writer({.interval = 1ms, .first_retry = 5ms, .longest_retry = 20ms});
  RowChannel& channel = writer.open_channel(metrics_.open_counters());
  EXPECT_TRUE(writer.healthy());
  disk_.full = true;
  for (int i = 0; i < 1500; ++i) ASSERT_TRUE(channel.try_push(numbered_row(i)));
  wait_until([this] { return metrics_.total(Metric::store_failures) >= 3; });
  EXPECT_FALSE(writer.healthy());
  EXPECT_TRUE(find(writer, numbered_id(1499))->has_value());
  wait_until([this] { return metrics_.total(Metric::store_rows_pending) == 1500; });
  disk_.full = false;
  wait_until([this] { return metrics_.total(Metric::store_rows_written) == 1500; });
  EXPECT_TRUE(writer.healthy());
  writer.stop();
  for (int i = 0; i < 1500; ++i)
    ASSERT_EQ(disk_.ids[static_cast<std::size_t>(i)], numbered_id(i)) << "in order";
  EXPECT_THAT(logged(),
              HasSubstr("ERROR the store does not take rows: no space left; 1500 wait, next try in 20 ms"));
  EXPECT_THAT(logged(), HasSubstr("INFO  the store takes rows again; 1500 were waiting"));
  EXPECT_EQ(metrics_.total(Metric::store_rows_dropped), 0);
}

TEST_F(WriterTest, RefusesRowsWhenNoMoreMayWait) {
  Writer writer = make_writer({.channel_rows = 64,
                               .max_waiting_rows = 100,
                               .interval = 1ms,
                               .first_retry = 5ms,
                               .longest_retry = 5ms});
  RowChannel& channel = writer.open_channel(metrics_.open_counters());
  disk_.full = true;
  int accepted = 0;
  wait_until([&] {
    RequestRow row = numbered_row(accepted);
    if (channel.try_push(std::move(row)))
      ++accepted;
    else
      EXPECT_EQ(row.id, numbered_id(accepted)) << "a refused row is untouched";
    return metrics_.total(Metric::store_rows_refused) >= 50 && accepted == 164;
  });
  const auto unknown = find(writer, "unknown");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), ErrorCode::overloaded) << "it may be one that could not be taken";
  EXPECT_THAT(logged(),
              HasSubstr("ERROR 100 rows wait for the store, no more are kept; rows will be refused soon"));
  disk_.full = false;
  writer.stop();
  EXPECT_EQ(disk_.ids.size(), 164U);
  EXPECT_EQ(metrics_.total(Metric::store_rows_dropped), 0);
}

TEST_F(WriterTest, StopTriesForAWhileAndSaysWhatIsLost) {
  Writer writer = make_writer({.channel_rows = 64,
                               .max_waiting_rows = 100,
                               .interval = 1ms,
                               .first_retry = 5ms,
                               .stop_patience = 50ms});
  RowChannel& channel = writer.open_channel(metrics_.open_counters());
  disk_.full = true;
  int accepted = 0;
  wait_until([&] {
    if (channel.try_push(numbered_row(accepted))) ++accepted;
    return accepted == 150;
  });
  writer.stop();
  writer.stop();
  EXPECT_EQ(metrics_.total(Metric::store_rows_dropped), 150);
  EXPECT_EQ(metrics_.total(Metric::store_rows_pending), 0);
  EXPECT_THAT(logged(), HasSubstr("ERROR 150 rows of finished requests are lost"));
}

TEST_F(WriterTest, StopStoresWhatWaitedForTheDisk) {
  Writer writer = make_writer({.interval = 1ms, .first_retry = 10ms});
  RowChannel& channel = writer.open_channel(metrics_.open_counters());
  disk_.full = true;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(channel.try_push(numbered_row(i)));
  std::jthread helper([this] {
    std::this_thread::sleep_for(50ms);
    disk_.full = false;
  });
  writer.stop();
  EXPECT_EQ(disk_.ids.size(), 100U);
}

TEST_F(WriterTest, EveryLookupIsAnsweredOnce) {
  Writer writer = make_writer({.max_lookups = 10});
  std::atomic<int> answered = 0, refused = 0;
  std::promise<void> begun, released;
  writer.find("first", [&](auto) {
    begun.set_value();
    released.get_future().wait();
    ++answered;
  });
  begun.get_future().wait();
  for (int i = 0; i < 30; ++i)
    writer.find(std::to_string(i), [&](auto result) {
      ++answered;
      if (!result) ++refused;
    });
  EXPECT_EQ(refused, 20) << "ten wait while the writer is busy";
  released.set_value();
  writer.stop();
  EXPECT_EQ(answered, 31);
  EXPECT_EQ(find(writer, "late").error().code(), ErrorCode::overloaded);
}

}  // namespace
}  // namespace sluice::store
