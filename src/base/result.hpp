#pragma once
// Result<T>: a value, or why there is none. Expected failures travel in it; exceptions mean a bug.

#include "base/error.hpp"

#include <expected>
#include <string>
#include <utility>

namespace sluice {

template <class T = void>
using Result = std::expected<T, Error>;

using Failure = std::unexpected<Error>;

inline Failure fail(Error error) {
  return Failure(std::move(error));
}

inline Failure fail(ErrorCode code, std::string message) {
  return Failure(Error(code, std::move(message)));
}

/// Passes a failed result on: `if (!part) return fail(part);`
template <class T>
Failure fail(Result<T>& failed) {
  return Failure(std::move(failed.error()));
}

}  // namespace sluice
