#pragma once
// AnswerDecoder: a provider's body, in any pieces, as chat events. Knows no socket.

#include "base/result.hpp"
#include "dialect/dialect.hpp"
#include "http/aws_event_stream.hpp"
#include "http/ndjson.hpp"
#include "http/sse.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace sluice::gateway {

/// How a provider's body is framed.
enum class BodyForm : std::uint8_t { whole, events };

/// What `content_type` promises of a provider whose streams are framed so.
BodyForm body_form(std::string_view content_type, dialect::Framing framing);

/// One per answer.
class AnswerDecoder final : http::SseReader::Sink,
                            http::AwsEventStreamReader::Sink,
                            http::NdjsonReader::Sink {
 public:
  /// `max_bytes` bounds the body. All must outlive it.
  AnswerDecoder(BodyForm form, const dialect::Dialect& dialect, const dialect::AnswerContext& context,
                std::size_t max_bytes);

  /// Emits what `bytes` tell. After a failure nothing more may be fed.
  Result<> feed(std::string_view bytes, chat::EventSink& sink);
  /// The body is over. Fails with upstream_truncated if the answer is not.
  Result<> finish(chat::EventSink& sink);
  /// The answer is complete and all of its events are out, whatever else the body may have.
  bool done() const { return stream_ && stream_->done(); }

 private:
  Result<> decoded(Result<> read);
  bool on_event(std::string_view type, std::string_view data) override;
  bool on_message(const http::AwsMessage& message) override;
  bool on_line(std::string_view line) override { return on_event({}, line); }

  const dialect::Dialect& dialect_;
  const dialect::AnswerContext& context_;
  const std::size_t max_bytes_;
  std::size_t received_ = 0;
  std::variant<http::SseReader, http::AwsEventStreamReader, http::NdjsonReader> reader_;
  std::unique_ptr<dialect::StreamDecoder> stream_;  ///< null for a whole body
  std::string body_;                                ///< of a whole body, so far
  chat::EventSink* sink_ = nullptr;                 ///< during a call
  Result<> decoded_;
};

}  // namespace sluice::gateway
