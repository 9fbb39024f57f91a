#pragma once
// store: durable facts about requests.
//
//   worker threads --RowChannel--> Writer (its own thread) --append--> Store: memory_store, sqlite_store
//
// The store knows rows and how to keep them; it does not know why they are written. To add an engine: derive
// from Store, and give it a prefix in open_store.

#include "base/result.hpp"
#include "store/records.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace sluice::store {

/// One engine. Used by one thread at a time; calls may block on the disk.
class Store {
 public:
  virtual ~Store() = default;
  /// Keeps all rows or none. Rows whose id is there already are skipped, so that a batch may be tried again
  /// when it is not known whether it was kept.
  virtual Result<> append(std::span<const RequestRow> rows) = 0;
  virtual Result<std::optional<RequestRow>> find_request(std::string_view id) = 0;
  /// Reads an index from end to end: for operators, not for the path of a request.
  virtual Result<std::int64_t> count_requests() = 0;
};

/// Opens what the configuration's `store` names: `memory`, or `sqlite:PATH`, which is created if it is not
/// there and brought up to date if it is older than this program. Errors are for the operator to read.
Result<std::unique_ptr<Store>> open_store(std::string_view url);

}  // namespace sluice::store
