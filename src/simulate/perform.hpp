#pragma once
// Sending a script as it is, or with what a fault makes of it.

#include "base/task.hpp"
#include "http/exchange.hpp"
#include "simulate/fault.hpp"
#include "simulate/script.hpp"

#include <chrono>

namespace sluice::simulate {

enum class Outcome : std::uint8_t {
  complete,  ///< everything was sent
  broken,    ///< a fault ended it
  left,      ///< the client closed its connection before the end
};

/// Sends the messages of a stream `pace` apart. Returns at once when the client leaves.
Task<Outcome> perform(http::Exchange& exchange, Script script, Fault fault, std::chrono::milliseconds pace);

}  // namespace sluice::simulate
