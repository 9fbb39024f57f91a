#include "gateway/provider_answer.hpp"

#include "base/text.hpp"
#include "http/limits.hpp"

namespace sluice::gateway {

ProviderAnswer::ProviderAnswer(http::ClientResponse& response, const dialect::Dialect& dialect,
                               const dialect::AnswerContext& context, std::size_t max_bytes)
    : response_(response), dialect_(dialect), context_(context), max_bytes_(max_bytes), reader_(http::max_sse_event) {
  if (icontains(response.fields().get("content-type"), "text/event-stream"))
    decoder_ = dialect.new_stream_decoder(context);
}

Task<Result<ProviderAnswer::Progress>> ProviderAnswer::advance(chat::EventSink& sink,
                                                               std::chrono::milliseconds quiet) {
  using State = http::BodyPiece::State;
  while (true) {
    const auto piece = co_await response_.read(quiet);
    if (!piece) co_return fail(piece.error().clone());
    if (piece->state == State::quiet) co_return Progress::quiet;
    if (piece->state == State::end) co_return finish(sink);
    if (decoder_) co_return read_events(piece->bytes, sink);
    if (body_.size() + piece->bytes.size() > max_bytes_)
      co_return fail(ErrorCode::upstream_protocol,
                     "the provider's answer is larger than " + std::to_string(max_bytes_) + " bytes");
    body_.append(piece->bytes);
  }
}

Result<ProviderAnswer::Progress> ProviderAnswer::read_events(std::string_view bytes, chat::EventSink& sink) {
  sink_ = &sink;
  auto read = reader_.feed(bytes, *this);
  if (read && decoded_) return Progress::events;
  return read ? fail(decoded_) : fail(read);
}

Result<ProviderAnswer::Progress> ProviderAnswer::finish(chat::EventSink& sink) {
  if (!decoder_) {
    auto decoded = dialect_.decode_response(body_, context_, sink);
    if (!decoded) return fail(decoded);
    return Progress::end;
  }
  sink_ = &sink;
  at_end_ = true;
  auto read = reader_.finish(*this);
  if (!read) return fail(read);
  // What the stream left unterminated counts if it is an event; if it is a torn one, the stream was torn.
  if (!decoded_) {
    if (decoded_.error().code() == ErrorCode::invalid_json || decoded_.error().code() == ErrorCode::upstream_protocol)
      return fail(ErrorCode::upstream_truncated, "the provider's stream ended inside an event");
    return fail(decoded_);
  }
  auto finished = decoder_->finish(sink);
  if (!finished) return fail(finished);
  return Progress::end;
}

bool ProviderAnswer::on_event(std::string_view type, std::string_view data) {
  decoded_ = decoder_->on_message(type, data, *sink_);
  return decoded_.has_value();
}

}  // namespace sluice::gateway
