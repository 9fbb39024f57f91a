#pragma once
// Token counts of the Messages API.

#include "chat/usage.hpp"
#include "json/document.hpp"

#include <cstdint>
#include <optional>

namespace sluice::dialect::anthropic {

/// Takes every `usage` object of an answer in turn. They are cumulative: a count that is there replaces the
/// earlier one, also by 0; null and absent ones leave it as it is.
class UsageReader {
 public:
  void read(json::Value usage);
  bool has_any() const { return input_ || output_; }
  /// Input with what was read from and written to the cache, which the API counts apart.
  chat::Usage total() const;

 private:
  void read_rounds(json::Value iterations);

  std::optional<std::int64_t> input_, output_, cache_read_, cache_write_, cache_write_1h_, thinking_;
  /// What earlier rounds of a compacted turn cost on top.
  std::int64_t more_input_ = 0, more_output_ = 0, more_cache_read_ = 0, more_cache_write_ = 0;
};

}  // namespace sluice::dialect::anthropic
