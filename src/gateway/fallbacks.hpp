#pragma once
// The members `fallbacks` and `fallback_config` of a request, as the hosted service has them.
//
//   "fallbacks": [{"model": "gpt-5.2", "temperature": 0, "on": ["timeout", 529]}]
//   "fallback_config": {"depth": 2, "retry": false}
//
// An entry may change any member of the request but `stream`; `on` names the failures at which it is used, by
// `error.code` or status. `depth` is how many entries may be tried; `retry` whether a target may be asked
// twice.

#include "base/result.hpp"
#include "chat/request.hpp"
#include "gateway/failure_set.hpp"
#include "gateway/question.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice::gateway {

struct Fallback {
  std::string model;
  FailureSet on;
  std::unique_ptr<Question> question;  ///< null if only the model differs
  std::string param;                   ///< its place in the request, for errors
};

struct FallbackConfig {
  std::uint32_t depth = 1;
  std::optional<bool> retry;  ///< nothing if the client does not say
};

/// Fails with invalid_request, and the member.
Result<FallbackConfig> read_fallback_config(const chat::Request& request, std::uint32_t max_depth);
/// The first `depth` entries. Fails with invalid_request; what is wrong in a changed request is told as such.
Result<std::vector<Fallback>> read_fallbacks(const chat::Request& request, std::uint32_t depth);
/// Adds the failures that `list`, an array of codes and statuses, names. Fails with the name that is none.
Result<FailureSet> read_failures(json::Value list);

}  // namespace sluice::gateway
