#pragma once
// Whether an address is free to listen on.

#include "base/result.hpp"
#include "http/address.hpp"

namespace sluice::app {

/// SO_REUSEPORT, which lets each core have a listener, would let a second process share the port in silence;
/// so the address is tried without it first. Fails with what the system says.
Result<> check_free(const http::Address& address);

}  // namespace sluice::app
