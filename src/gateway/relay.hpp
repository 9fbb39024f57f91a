#pragma once
// relay: a provider's answer becomes the client's.

#include "base/result.hpp"
#include "base/task.hpp"
#include "dialect/openai/openai.hpp"
#include "gateway/answer_pipeline.hpp"
#include "gateway/core.hpp"
#include "gateway/story.hpp"
#include "http/client.hpp"
#include "http/exchange.hpp"

#include <functional>

namespace sluice::gateway {

/// The client's question, kept for as long as another target may have to be asked.
class Asked {
 public:
  virtual ~Asked() = default;
  /// The answer has begun to reach the client: there will be no other attempt. An answer may take minutes and
  /// needs none of the question.
  virtual void let_go() = 0;
};

/// What both forms of answer need.
struct Relay {
  Core& core;
  http::Exchange& exchange;
  http::ClientResponse& response;
  const dialect::Dialect& dialect;
  const dialect::AnswerContext& context;
  const dialect::openai::Envelope& envelope;
  Story& story;
  Asked& asked;
  const Shaping& shaping;
};

/// Answers with a stream of chunks. Nothing of the answer is sent before the first content, so that a failure
/// until then can be made up for by another target: it is returned. What may have been sent are comments that
/// keep the client waiting. A failure after that is sent as an event, noted in the story, and the stream
/// ends.
Task<Result<>> relay_stream(Relay relay);
/// Answers with a whole body. Failures are returned.
Task<Result<>> relay_whole(Relay relay, std::string_view request_echo);

}  // namespace sluice::gateway
