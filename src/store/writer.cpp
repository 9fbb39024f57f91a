#include "store/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sluice::store {

using observe::Level;
using observe::Metric;

bool RowChannel::try_push(RequestRow&& row) {
  if (ring_.try_push(std::move(row))) return true;
  counters_.add(Metric::store_rows_refused);
  return false;
}

Writer::Writer(std::unique_ptr<Store> store, observe::Log& log, observe::Counters& counters,
               WriterOptions options)
    : options_(options),
      log_(log),
      counters_(counters),
      store_(std::move(store)),
      next_commit_(Clock::now()),
      thread_([this] { run(); }) {}

Writer::~Writer() {
  stop();
}

RowChannel& Writer::open_channel(observe::Counters& counters) {
  const std::scoped_lock lock(mutex_);
  return *channels_.emplace_back(std::make_unique<RowChannel>(options_.channel_rows, counters));
}

void Writer::find(std::string id, Found done) {
  {
    const std::scoped_lock lock(mutex_);
    if (!stopping_ && lookups_.size() < options_.max_lookups) {
      lookups_.push_back({std::move(id), std::move(done)});
      work_.notify_one();
      return;
    }
  }
  done(fail(ErrorCode::overloaded, "too many lookups of requests wait; try again later"));
}

void Writer::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Writer::run() {
  for (bool stop = false; !stop;) {
    // The lookups first, then the rows: so a row pushed before its lookup was asked for is among the rows.
    Work work = wait_for_work();
    take_rows();
    if (Clock::now() >= next_commit_) store_rows();
    for (Lookup& lookup : work.lookups) answer(lookup);
    stop = work.stop;
  }
  store_the_rest();
}

Writer::Work Writer::wait_for_work() {
  std::unique_lock lock(mutex_);
  // While the store fails, the next commit may be far away; the channels are emptied meanwhile.
  const auto until = std::min(next_commit_, Clock::now() + options_.interval);
  work_.wait_until(lock, until, [this] { return stopping_ || !lookups_.empty(); });
  for (std::size_t i = taken_from_.size(); i < channels_.size(); ++i)
    taken_from_.push_back(channels_[i].get());
  return {std::exchange(lookups_, {}), stopping_};
}

void Writer::take_rows() {
  const bool was_behind = std::exchange(behind_, false);
  busy_ = false;
  for (RowChannel* channel : taken_from_) {
    std::size_t taken = 0;
    while (RequestRow* row = channel->ring_.front()) {
      behind_ = waiting_rows_ >= options_.max_waiting_rows;
      if (behind_) break;
      keep(std::move(*row));
      channel->ring_.pop();
      ++taken;
    }
    busy_ = busy_ || taken > channel->ring_.capacity() / 4;
  }
  if (behind_ && !was_behind && !healthy())
    log_.say(Level::error,
             fmt::format("{} rows wait for the store, no more are kept; rows will be refused soon",
                         waiting_rows_));
}

void Writer::keep(RequestRow&& row) {
  if (batches_.empty() || batches_.back().size() >= options_.batch_rows) batches_.emplace_back();
  batches_.back().push_back(std::move(row));
  ++waiting_rows_;
}

void Writer::store_rows() {
  while (waiting_rows_ > 0) {
    std::vector<RequestRow>& batch = batches_.front();
    const auto stored = store_->append(batch);
    if (!stored) return on_failure(stored.error());
    if (!healthy()) on_recovery();
    counters_.add(Metric::store_rows_written, static_cast<std::int64_t>(batch.size()));
    waiting_rows_ -= batch.size();
    // The last one keeps its memory for the next turn.
    if (batches_.size() > 1)
      batches_.pop_front();
    else
      batch.clear();
  }
  counters_.set(Metric::store_rows_pending, 0);
  // Channels that fill fast are not left alone until they are full.
  next_commit_ = Clock::now() + (busy_ ? std::chrono::milliseconds(1) : options_.interval);
}

void Writer::on_failure(const Error& error) {
  healthy_.store(false, std::memory_order_relaxed);
  counters_.add(Metric::store_failures);
  counters_.set(Metric::store_rows_pending, static_cast<std::int64_t>(waiting_rows_));
  retry_wait_ =
      retry_wait_.count() == 0 ? options_.first_retry : std::min(2 * retry_wait_, options_.longest_retry);
  next_commit_ = Clock::now() + retry_wait_;
  log_.say(Level::error, fmt::format("the store does not take rows: {}; {} wait, next try in {} ms",
                                     error.message(), waiting_rows_, retry_wait_.count()));
}

void Writer::on_recovery() {
  healthy_.store(true, std::memory_order_relaxed);
  retry_wait_ = {};
  log_.say(Level::info, fmt::format("the store takes rows again; {} were waiting", waiting_rows_));
}

void Writer::store_the_rest() {
  const auto deadline = Clock::now() + options_.stop_patience;
  retry_wait_ = {};
  while (true) {
    take_rows();
    store_rows();
    if (waiting_rows_ == 0 && !behind_) return;
    if (healthy()) continue;
    if (Clock::now() + retry_wait_ > deadline) return give_up();
    std::this_thread::sleep_for(retry_wait_);
  }
}

void Writer::give_up() {
  std::size_t lost = waiting_rows_;
  for (RowChannel* channel : taken_from_)
    for (; channel->ring_.front(); ++lost) channel->ring_.pop();
  batches_.clear();
  waiting_rows_ = 0;
  counters_.set(Metric::store_rows_pending, 0);
  counters_.add(Metric::store_rows_dropped, static_cast<std::int64_t>(lost));
  log_.say(Level::error,
           fmt::format("{} rows of finished requests are lost: the store did not take them within {} s", lost,
                       options_.stop_patience.count() / 1000));
}

void Writer::answer(Lookup& lookup) {
  if (const RequestRow* row = find_waiting(lookup.id)) return lookup.done(*row);
  auto found = store_->find_request(lookup.id);
  if (found && !*found && behind_)
    return lookup.done(fail(ErrorCode::overloaded, "the request log is behind; try again later"));
  lookup.done(std::move(found));
}

const RequestRow* Writer::find_waiting(std::string_view id) const {
  for (const auto& batch : batches_) {
    const auto found = std::ranges::find(batch, id, &RequestRow::id);
    if (found != batch.end()) return &*found;
  }
  return nullptr;
}

}  // namespace sluice::store
