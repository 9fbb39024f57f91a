#include "gateway/provider_answer.hpp"

namespace sluice::gateway {

using State = http::BodyPiece::State;

ProviderAnswer::ProviderAnswer(http::ClientResponse& response, const dialect::Dialect& dialect,
                               const dialect::AnswerContext& context, Bounds bounds)
    : ProviderAnswer(response, body_form(response.fields().get("content-type"), dialect.framing), dialect,
                     context, bounds) {}

ProviderAnswer::ProviderAnswer(http::ClientResponse& response, BodyForm form, const dialect::Dialect& dialect,
                               const dialect::AnswerContext& context, Bounds bounds)
    : response_(response),
      decoder_(form, dialect, context, form == BodyForm::events ? bounds.events : bounds.whole) {}

Task<Result<ProviderAnswer::Progress>> ProviderAnswer::advance(chat::EventSink& sink,
                                                               std::chrono::milliseconds quiet) {
  auto piece = co_await response_.read(quiet);
  if (!piece) co_return fail(piece);
  if (piece->state == State::quiet) co_return Progress::quiet;
  at_end_ = piece->state == State::end;
  auto read = at_end_ ? decoder_.finish(sink) : decoder_.feed(piece->bytes, sink);
  if (!read) co_return fail(read);
  co_return at_end_ || decoder_.done() ? Progress::end : Progress::events;
}

Task<> ProviderAnswer::read_end() {
  constexpr std::chrono::milliseconds patience{100};
  constexpr int most_pieces = 4;
  for (int i = 0; !at_end_ && i < most_pieces; ++i) {
    const auto piece = co_await response_.read(patience);
    if (!piece || piece->state == State::quiet) co_return;
    at_end_ = piece->state == State::end;
  }
}

}  // namespace sluice::gateway
