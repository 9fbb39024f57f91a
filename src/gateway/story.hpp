#pragma once
// Story: what happened to one request, gathered on the way and recorded at its end.

#include "base/error.hpp"
#include "base/id.hpp"
#include "chat/change.hpp"
#include "chat/usage.hpp"
#include "gateway/rejection.hpp"
#include "gateway/routes.hpp"
#include "http/exchange.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::gateway {

/// One question to one target, and what came of it. Times are microseconds since the request began, 0 where
/// it did not come to that; durations say so.
struct Attempt {
  enum class Why : std::uint8_t { first, other_target, other_model, again, corrected };
  Why why = Why::first;
  const Route* route = nullptr;
  const Target* target = nullptr;
  std::string address;
  int status = 0;  ///< 0 if no answer came
  std::optional<Error> error;
  std::uint32_t began_us = 0, sent_us = 0, first_byte_us = 0, first_token_us = 0, ended_us = 0;
  std::uint32_t connect_us = 0;  ///< a duration; 0 if a connection was open already
};
std::string_view name(Attempt::Why why);

/// One per request, on the handler's frame.
struct Story {
  explicit Story(http::Exchange& exchange)
      : id(RequestId::create(exchange.loop().unix_milliseconds())),
        unix_milliseconds(exchange.loop().unix_milliseconds()),
        began(exchange.began()) {}

  std::uint32_t elapsed_us() const {
    using namespace std::chrono;
    return static_cast<std::uint32_t>(duration_cast<microseconds>(http::Clock::now() - began).count());
  }

  /// Brackets a time in which others have to act. Ending twice is once.
  void wait_begins() { waits_since_us_ = elapsed_us(); }
  void wait_ends() {
    if (waits_since_us_) waited_us += elapsed_us() - *waits_since_us_;
    waits_since_us_.reset();
  }

  /// What was not spent in waiting for others, so far or in all.
  std::uint32_t overhead_us() const {
    const std::uint32_t whole = total_us == 0 ? elapsed_us() : total_us;
    const std::uint32_t waiting = waits_since_us_ ? elapsed_us() - *waits_since_us_ : 0;
    return whole - std::min(whole, waited_us + waiting);
  }

  Attempt& attempt() { return attempts.back(); }
  const Attempt* last_attempt() const { return attempts.empty() ? nullptr : &attempts.back(); }

  const RequestId id;
  const std::uint64_t unix_milliseconds;
  const http::TimePoint began;

  std::string_view endpoint;
  std::string_view key;  ///< name of the caller's key; lives as long as the key ring
  std::string_view region;
  std::string model_asked;
  const Route* route = nullptr;  ///< of the model asked for, then of each that is tried
  std::vector<Attempt> attempts;
  std::string attempts_report;  ///< JSON for the client; empty while there was just one
  bool stream = false;

  int status = 0;  ///< as the client saw it; 200 for a stream that failed later
  std::optional<Error> error;
  std::optional<Complaint> complaint;  ///< what the model can be told of its last answer

  chat::Changes changes;
  std::optional<chat::Usage> usage;
  std::string finish, native_finish;

  // Microseconds since the beginning; 0 where it did not come to that.
  std::uint32_t first_token_us = 0, total_us = 0;
  std::uint32_t waited_us = 0;  ///< in all, for the client's body, for providers, and before asking again
  std::uint64_t upstream_bytes_in = 0;

 private:
  std::optional<std::uint32_t> waits_since_us_;
};

}  // namespace sluice::gateway
