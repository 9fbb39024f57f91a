#include "gateway/answer_decoder.hpp"

#include "base/text.hpp"
#include "http/limits.hpp"

#include <utility>

namespace sluice::gateway {

BodyForm body_form(std::string_view content_type) {
  return icontains(content_type, "text/event-stream") ? BodyForm::events : BodyForm::whole;
}

AnswerDecoder::AnswerDecoder(BodyForm form, const dialect::Dialect& dialect,
                             const dialect::AnswerContext& context, std::size_t max_bytes)
    : dialect_(dialect), context_(context), max_bytes_(max_bytes), reader_(http::max_sse_event) {
  if (form == BodyForm::events) stream_ = dialect.new_stream_decoder(context);
}

Result<> AnswerDecoder::feed(std::string_view bytes, chat::EventSink& sink) {
  if (bytes.size() > max_bytes_ - received_)
    return fail(ErrorCode::upstream_protocol,
                "the provider's answer is larger than " + std::to_string(max_bytes_) + " bytes");
  received_ += bytes.size();
  if (stream_) {
    sink_ = &sink;
    return decoded(reader_.feed(bytes, *this));
  }
  body_.append(bytes);
  return {};
}

Result<> AnswerDecoder::finish(chat::EventSink& sink) {
  if (!stream_) return dialect_.decode_response(body_, context_, sink);
  if (stream_->done()) return {};
  sink_ = &sink;
  // What the stream left unterminated counts if it is an event; if it is a torn one, the stream was torn.
  if (auto rest = decoded(reader_.finish(*this)); !rest) {
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

}  // namespace sluice::gateway
