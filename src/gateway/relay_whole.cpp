#include "gateway/answer_fields.hpp"
#include "gateway/provider_answer.hpp"
#include "gateway/relay.hpp"

#include <array>
#include <vector>

namespace sluice::gateway {
namespace {

void note(const chat::Response& said, Story& story) {
  story.usage = said.usage;
  if (!said.choices.empty()) {
    const chat::Choice& first = said.choices.front();
    if (first.finish) story.finish = name(*first.finish);
    story.native_finish = json::Text(first.native_finish_escaped).decode();
  }
}

}  // namespace

Task<Result<>> relay_whole(Relay relay, std::string_view request_echo) {
  Story& story = relay.story;
  dialect::openai::AnswerEncoder encoder(relay.envelope);
  ProviderAnswer answer(
      relay.response, relay.dialect, relay.context,
      {.whole = relay.core.shared.max_answer_bytes, .events = relay.core.shared.max_answer_bytes});
  AnswerPipeline pipeline(relay.shaping, false, encoder, story.changes);
  while (true) {
    auto progress = co_await answer.advance(pipeline.sink(), std::chrono::milliseconds::max());
    story.upstream_bytes_in = relay.response.bytes_received();
    if (!progress) co_return fail(progress);
    if (*progress == ProviderAnswer::Progress::end) break;
  }
  note(encoder.response(), story);
  if (auto failure = pipeline.failure(story.complaint)) co_return fail(std::move(*failure));
  story.wait_ends();
  story.first_token_us = story.attempt().first_token_us = story.elapsed_us();

  std::string body;
  const auto waited = std::chrono::nanoseconds(http::Clock::now() - story.began);
  encoder.encode({.response_time_ns = waited.count(),
                  .llm_status_code = story.attempt().status,
                  .request_echo = request_echo},
                 body);
  story.status = 200;
  const AnswerFields own(story);
  std::vector<http::OutField> fields{{"content-type", "application/json"}};
  own.append_to(fields);
  const std::array pieces{std::string_view(body)};
  auto sent = co_await relay.exchange.respond(200, fields, pieces);
  relay.exchange.on_client_gone(nullptr, nullptr);
  story.total_us = story.elapsed_us();
  if (sent) co_await answer.read_end();
  co_return sent;
}

}  // namespace sluice::gateway
