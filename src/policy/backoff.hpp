#pragma once
// How long to wait before the same target is asked again.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace sluice::policy {

/// The hosted service's wait before its one retry.
inline constexpr std::chrono::milliseconds first_wait{500};
/// Longer than this nobody is made to wait for a provider; the client gets the failure, and the wait with it.
inline constexpr std::chrono::milliseconds longest_wait{5000};

/// `retry` counts from 0. What the provider asked for wins where it is longer; nothing if it is too long, or
/// longer than what is left. Later waits are random, so that those who failed together do not come back
/// together. `random` is any number.
inline std::optional<std::chrono::milliseconds> wait_before(unsigned retry,
                                                            std::optional<std::chrono::milliseconds> asked,
                                                            std::chrono::milliseconds left,
                                                            std::uint64_t random) {
  using std::chrono::milliseconds;
  milliseconds wait = first_wait;
  if (retry > 0) {
    const milliseconds most = std::min(longest_wait, first_wait * (1U << std::min(retry, 4U)));
    wait = milliseconds(1 + static_cast<std::int64_t>(random % static_cast<std::uint64_t>(most.count())));
  }
  if (asked) wait = std::max(wait, *asked);
  if (wait > longest_wait || wait >= left) return std::nullopt;
  return wait;
}

}  // namespace sluice::policy
