#pragma once
// ProviderAnswer: reads a provider's body, streamed or whole, as chat events.

#include "base/result.hpp"
#include "base/task.hpp"
#include "gateway/answer_decoder.hpp"
#include "http/client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace sluice::gateway {

/// Whether a stream comes is told by the answer, not by what was asked: providers answer a question for a
/// stream with plain JSON, and the reverse. One per answer.
class ProviderAnswer {
 public:
  enum class Progress : std::uint8_t { events, quiet, end };

  /// Most bytes of a body, by its form. Events that are passed on as they come need no bound; a fold of them
  /// does.
  struct Bounds {
    std::size_t whole, events = std::numeric_limits<std::size_t>::max();
  };

  /// All must outlive it.
  ProviderAnswer(http::ClientResponse& response, const dialect::Dialect& dialect,
                 const dialect::AnswerContext& context, Bounds bounds);

  /// Waits for the next bytes and emits their events; Progress::quiet after `quiet` without any.
  /// Progress::end: the answer is complete, and so are its events, though the body may not have ended.
  Task<Result<Progress>> advance(chat::EventSink& sink, std::chrono::milliseconds quiet);
  /// Behind Progress::end: reads the end of the body if it comes at once, so that the connection can be kept.
  Task<> read_end();

 private:
  ProviderAnswer(http::ClientResponse& response, BodyForm form, const dialect::Dialect& dialect,
                 const dialect::AnswerContext& context, Bounds bounds);

  http::ClientResponse& response_;
  AnswerDecoder decoder_;
  bool at_end_ = false;  ///< of the body
};

}  // namespace sluice::gateway
