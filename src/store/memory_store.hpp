#pragma once
// MemoryStore: the most recent rows, gone when the process ends.

#include "store/store.hpp"

#include <cstddef>
#include <deque>
#include <string_view>
#include <unordered_map>

namespace sluice::store {

class MemoryStore : public Store {
 public:
  /// Keeps the last `rows` rows; memory grows as they come.
  explicit MemoryStore(std::size_t rows = 10'000) : capacity_(rows) {}

  Result<> append(std::span<const RequestRow> rows) override;
  Result<std::optional<RequestRow>> find_request(std::string_view id) override;
  Result<std::int64_t> count_requests() override;

 private:
  /// The place for a new row: a fresh one, or the oldest row's.
  RequestRow& next_place();

  const std::size_t capacity_;
  std::deque<RequestRow> rows_;  ///< a ring once it is full; rows never move
  std::size_t oldest_ = 0;
  std::unordered_map<std::string_view, const RequestRow*> by_id_;  ///< keys view the rows' ids
};

}  // namespace sluice::store
