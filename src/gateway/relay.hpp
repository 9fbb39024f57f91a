#pragma once
// relay: a provider's answer becomes the client's.

#include "base/result.hpp"
#include "base/task.hpp"
#include "dialect/openai/openai.hpp"
#include "gateway/core.hpp"
#include "gateway/story.hpp"
#include "http/client.hpp"
#include "http/exchange.hpp"

#include <functional>

namespace sluice::gateway {

/// What both forms of answer need.
struct Relay {
  Core& core;
  http::Exchange& exchange;
  http::ClientResponse& response;
  const dialect::Dialect& dialect;
  const dialect::AnswerContext& context;
  const dialect::openai::Envelope& envelope;
  Story& story;
};

/// Answers with a stream of chunks. Nothing is sent before the first content, so that a failure until then
/// keeps its status: it is returned, and the caller answers. A failure after that is sent as an event, noted
/// in the story, and the stream ends.
Task<Result<>> relay_stream(Relay relay);
/// Answers with a whole body. Failures are returned.
Task<Result<>> relay_whole(Relay relay, std::string_view request_echo);

}  // namespace sluice::gateway
