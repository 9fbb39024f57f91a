#pragma once
// ProviderAnswer: reads a provider's body, streamed or whole, as chat events.

#include <memory>

#include "base/result.hpp"
#include "base/task.hpp"
#include "dialect/dialect.hpp"
#include "http/client.hpp"
#include "http/sse.hpp"

namespace sluice::gateway {

/// Whether a stream comes is told by the answer, not by what was asked: providers answer a question for a stream
/// with plain JSON, and the reverse. One per answer.
class ProviderAnswer final : http::SseReader::Sink {
 public:
  enum class Progress : std::uint8_t { events, quiet, end };

  /// All must outlive it.
  ProviderAnswer(http::ClientResponse& response, const dialect::Dialect& dialect,
                 const dialect::AnswerContext& context, std::size_t max_bytes);

  /// Waits for the next bytes and emits their events; Progress::quiet after `quiet` without any. Progress::end: the
  /// answer is complete, and so are its events.
  Task<Result<Progress>> advance(chat::EventSink& sink, std::chrono::milliseconds quiet);

 private:
  Result<Progress> read_events(std::string_view bytes, chat::EventSink& sink);
  Result<Progress> finish(chat::EventSink& sink);
  bool on_event(std::string_view type, std::string_view data) override;

  http::ClientResponse& response_;
  const dialect::Dialect& dialect_;
  const dialect::AnswerContext& context_;
  std::size_t max_bytes_;
  http::SseReader reader_;
  std::unique_ptr<dialect::StreamDecoder> decoder_;  ///< null for a whole body
  std::string body_;                                 ///< of a whole body, so far
  chat::EventSink* sink_ = nullptr;                  ///< during read_events
  Result<> decoded_;
  bool at_end_ = false;  ///< handing out what the stream left unterminated
};

}  // namespace sluice::gateway
