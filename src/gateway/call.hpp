#pragma once
// call: asks a provider.

#include "base/result.hpp"
#include "base/task.hpp"
#include "chat/request.hpp"
#include "dialect/dialect.hpp"
#include "gateway/core.hpp"
#include "gateway/story.hpp"
#include "http/client.hpp"

namespace sluice::gateway {

/// Translates the request for `target` into `dialect`, sends it and reads the head of the answer, which is a
/// 2xx. `outgoing` is filled, and left with what is needed to read the answer: renamed tools and changes. A
/// provider's refusal becomes an Error.
Task<Result<http::ClientResponse>> call(Core& core, const chat::Request& request, const Target& target,
                                        const dialect::Dialect& dialect, dialect::Outgoing& outgoing,
                                        http::Cancellation& cancellation, Story& story);

}  // namespace sluice::gateway
