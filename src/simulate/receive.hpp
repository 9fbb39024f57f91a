#pragma once
// Taking a request in: decoded where it must be, and rid of its secrets before anything keeps it.

#include "http/exchange.hpp"
#include "simulate/reading.hpp"

namespace sluice::simulate {

/// The head of a request; `body` stays empty.
Received receive(const http::Exchange& exchange);

}  // namespace sluice::simulate
