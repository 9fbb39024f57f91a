#include "store/memory_store.hpp"

namespace sluice::store {

Result<> MemoryStore::append(std::span<const RequestRow> rows) {
  for (const RequestRow& row : rows) {
    if (by_id_.contains(row.id)) continue;
    RequestRow& place = next_place();
    place = row;
    by_id_.emplace(place.id, &place);
  }
  return {};
}

RequestRow& MemoryStore::next_place() {
  if (rows_.size() < capacity_) return rows_.emplace_back();
  RequestRow& place = rows_[oldest_];
  by_id_.erase(place.id);
  oldest_ = (oldest_ + 1) % capacity_;
  return place;
}

Result<std::optional<RequestRow>> MemoryStore::find_request(std::string_view id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  return *found->second;
}

Result<std::int64_t> MemoryStore::count_requests() {
  return static_cast<std::int64_t>(rows_.size());
}

}  // namespace sluice::store
