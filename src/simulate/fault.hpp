#pragma once
// Fault: what goes wrong with an answer, on demand.
//
// Written as a list, `kind=value,kind=value`; kinds that take no value stand alone. Several may be combined.
//
//   status=CODE        refuses with that status (400 to 599), in the provider's words
//   retry-after=S      beside it: seconds, in the form in which the provider says it
//   stall-before=MS    says nothing for so long, then answers
//   slow-headers=MS    the head of the answer trickles for so long
//   stall-after=N      falls silent after N events, until the client leaves
//   reset-after=N      resets the connection after N events
//   end-early=N        ends the body after N events, in good order but without the last ones
//   error-in-stream=N  after N events the provider reports an error of its own, then ends
//   truncate           the connection ends inside a chunk, half-way through the answer
//   bad-json           the second event (the body, if there is only one) is cut-off JSON
//   bad-sse            from the second event on, an HTML page comes instead
//   garbage            what comes is no HTTP
//   times=N            only the first N requests with this very fault are hit, later ones are answered
//   pace=MS            no fault: the time between two events of this answer
//
// Of an answer that is no stream, every 64 bytes of the body count as an event, sent as a chunk of their own.

#include "base/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::simulate {

struct Fault {
  int status = 0;           ///< 0: none
  std::string retry_after;  ///< seconds, as written
  std::chrono::milliseconds stall_before{0};
  std::chrono::milliseconds slow_headers{0};
  std::optional<std::size_t> stall_after, reset_after, end_early, error_in_stream;
  bool truncate = false;
  bool bad_json = false;
  bool bad_sse = false;
  bool garbage = false;
  std::optional<std::size_t> times;
  std::optional<std::chrono::milliseconds> pace;

  /// Whether the body does not come as it should.
  bool breaks_body() const {
    return stall_after || reset_after || end_early || error_in_stream || truncate || bad_json || bad_sse;
  }
};

/// Fails with the item that is wrong and with what is known.
Result<Fault> parse_fault(std::string_view text);

/// `NAME+fault:LIST`: cuts the suffix off `model` and returns the list; empty if there is none.
std::string take_fault_suffix(std::string& model);

}  // namespace sluice::simulate
