#pragma once
// In which of its provider's dialects a target is asked.

#include "chat/request.hpp"
#include "dialect/dialect.hpp"
#include "gateway/routes.hpp"

namespace sluice::gateway {

/// That of the provider, or the Responses API, where the provider serves it too and the model gives there
/// what chat completions do not: tools beside reasoning, tools that the provider runs, or anything at all.
const dialect::Dialect& choose_dialect(const chat::Request& request, const Target& target);

}  // namespace sluice::gateway
