#pragma once
// Writer: takes the rows of all worker threads and keeps them in the store, many in one commit.
//
// A worker moves a row into its RowChannel and goes on. The writer's thread owns the store: it empties all
// channels, commits, and answers lookups. While the store fails (a full disk, say), rows wait in memory up to
// a bound and are tried again; then the channels fill up and refuse rows, which their callers see. No row
// vanishes unnoticed.

#include "base/result.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "observe/spsc_ring.hpp"
#include "store/store.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sluice::store {

struct WriterOptions {
  std::size_t channel_rows = 4096;             ///< capacity of each channel
  std::size_t batch_rows = 512;                ///< most rows of one transaction
  std::size_t max_waiting_rows = 65'536;       ///< taken from the channels while the store fails
  std::size_t max_lookups = 1024;              ///< waiting at once
  std::chrono::milliseconds interval{50};      ///< how long a row may lie before it is committed
  std::chrono::milliseconds first_retry{100};  ///< doubles with every failure in a row
  std::chrono::milliseconds longest_retry{5000};
  std::chrono::milliseconds stop_patience{10'000};  ///< how long stop() tries a store that fails
};

/// One thread's way to the store. Only that thread may call it.
class RowChannel {
 public:
  RowChannel(std::size_t rows, observe::Counters& counters) : ring_(rows), counters_(counters) {}

  /// False if the channel is full: then `row` is untouched, `store_rows_refused` is counted, and the caller
  /// decides. Push the row of a request before the end of its answer is sent, and whoever has seen that end
  /// finds the row.
  [[nodiscard]] bool try_push(RequestRow&& row);

 private:
  friend class Writer;
  observe::SpscRing<RequestRow> ring_;
  observe::Counters& counters_;
};

class Writer {
 public:
  using Found = std::function<void(Result<std::optional<RequestRow>>)>;

  /// `counters` is the writer thread's own block. `log` and `counters` must outlive the writer.
  Writer(std::unique_ptr<Store> store, observe::Log& log, observe::Counters& counters,
         WriterOptions options = {});
  ~Writer();

  /// A channel for one thread. It lives as long as the writer. Thread-safe.
  RowChannel& open_channel(observe::Counters& counters);

  /// Looks a row up, be it stored or still on its way. `done` is called exactly once: on the writer's thread,
  /// where it must be quick and must not throw, or at once when too many lookups wait or the writer has
  /// stopped (error `overloaded`). Thread-safe.
  void find(std::string id, Found done);

  /// Stores every row and ends the thread; call it when nobody pushes any more. Rows that the store has not
  /// taken after `stop_patience` are lost: counted and logged. May be called twice.
  void stop();

  /// False while the store fails. Thread-safe.
  bool healthy() const { return healthy_.load(std::memory_order_relaxed); }

 private:
  struct Lookup {
    std::string id;
    Found done;
  };
  struct Work {
    std::vector<Lookup> lookups;
    bool stop = false;
  };
  using Clock = std::chrono::steady_clock;

  // All of these run on the writer's thread.
  void run();
  Work wait_for_work();
  void take_rows();
  void keep(RequestRow&& row);
  void store_rows();
  void on_failure(const Error& error);
  void on_recovery();
  void store_the_rest();
  void give_up();
  void answer(Lookup& lookup);
  const RequestRow* find_waiting(std::string_view id) const;

  const WriterOptions options_;
  observe::Log& log_;
  observe::Counters& counters_;
  std::atomic<bool> healthy_{true};

  // The writer thread's own.
  std::unique_ptr<Store> store_;
  std::vector<RowChannel*> taken_from_;          ///< all of `channels_`, as of the last turn
  std::deque<std::vector<RequestRow>> batches_;  ///< rows that wait to be stored, oldest first
  std::size_t waiting_rows_ = 0;                 ///< in `batches_`
  bool behind_ = false;                          ///< rows were left in the channels for want of room
  bool busy_ = false;                            ///< a channel was filling fast in the last turn
  Clock::time_point next_commit_;
  std::chrono::milliseconds retry_wait_{0};  ///< 0 while the store works

  std::mutex mutex_;  ///< of what follows
  std::condition_variable work_;
  bool stopping_ = false;
  std::vector<Lookup> lookups_;
  std::vector<std::unique_ptr<RowChannel>> channels_;

  std::jthread thread_;  ///< last: it uses all of the above
};

}  // namespace sluice::store
