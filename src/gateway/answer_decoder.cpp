#include "gateway/answer_decoder.hpp"

#include "base/text.hpp"
#include "http/limits.hpp"

#include <utility>

namespace sluice::gateway {

namespace {

using Reader = std::variant<http::SseReader, http::AwsEventStreamReader, http::NdjsonReader>;

Reader make_reader(dialect::Framing framing) {
  switch (framing) {
    case dialect::Framing::aws_event_stream:
      return http::AwsEventStreamReader(http::max_aws_message);
    case dialect::Framing::ndjson:
      return http::NdjsonReader(http::max_ndjson_line);
    case dialect::Framing::sse:
      break;
  }
  return http::SseReader(http::max_sse_event);
}

}  // namespace

BodyForm body_form(std::string_view content_type, dialect::Framing framing) {
  return icontains(content_type, dialect::media_type(framing)) ? BodyForm::events : BodyForm::whole;
}

AnswerDecoder::AnswerDecoder(BodyForm form, const dialect::Dialect& dialect,
                             const dialect::AnswerContext& context, std::size_t max_bytes)
    : dialect_(dialect), context_(context), max_bytes_(max_bytes), reader_(make_reader(dialect.framing)) {
  if (form == BodyForm::events) stream_ = dialect.new_stream_decoder(context);
}

Result<> AnswerDecoder::feed(std::string_view bytes, chat::EventSink& sink) {
  if (bytes.size() > max_bytes_ - received_)
    return fail(ErrorCode::upstream_protocol,
                "the provider's answer is larger than " + std::to_string(max_bytes_) + " bytes");
  received_ += bytes.size();
  if (stream_) {
    sink_ = &sink;
    return decoded(std::visit([&](auto& reader) { return reader.feed(bytes, *this); }, reader_));
  }
  body_.append(bytes);
  return {};
}

Result<> AnswerDecoder::finish(chat::EventSink& sink) {
  if (!stream_) return dialect_.decode_response(body_, context_, sink);
  if (stream_->done()) return {};
  sink_ = &sink;
  // What the stream left unterminated counts if it is an event; if it is a torn one, the stream was torn.
  if (auto rest = decoded(std::visit([&](auto& reader) { return reader.finish(*this); }, reader_)); !rest) {
    const ErrorCode code = rest.error().code();
    if (code != ErrorCode::invalid_json && code != ErrorCode::upstream_protocol) return rest;
    return fail(ErrorCode::upstream_truncated, "the provider's stream ended inside an event");
  }
  return stream_->finish(sink);
}

/// Why reading stopped: at an event, or at the framing.
Result<> AnswerDecoder::decoded(Result<> read) {
  if (!decoded_) return std::exchange(decoded_, {});
  return read;
}

bool AnswerDecoder::on_event(std::string_view type, std::string_view data) {
  decoded_ = stream_->on_message(type, data, *sink_);
  return decoded_ && !stream_->done();
}

bool AnswerDecoder::on_message(const http::AwsMessage& message) {
  if (message.kind == http::AwsMessage::Kind::event) return on_event(message.type, message.payload);
  decoded_ =
      fail(dialect_.decode_error({.status = 200, .body = message.payload, .error_type = message.type}));
  return false;
}

}  // namespace sluice::gateway
