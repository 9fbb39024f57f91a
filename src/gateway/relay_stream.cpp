#include "dialect/openai/encode_stream.hpp"
#include "gateway/answer_fields.hpp"
#include "gateway/provider_answer.hpp"
#include "gateway/relay.hpp"

#include <vector>

namespace sluice::gateway {
namespace {

using dialect::openai::StreamEncoder;
using Progress = ProviderAnswer::Progress;

/// The head of the answer. A comment may have come before an earlier target failed; then it is out.
void begin(const Relay& relay) {
  if (relay.story.status == 200) return;
  const AnswerFields own(relay.story);
  std::vector<http::OutField> fields{{"content-type", "text/event-stream; charset=utf-8"},
                                     {"cache-control", "no-cache"},
                                     {"x-accel-buffering", "no"}};
  own.append_to(fields);
  relay.exchange.begin_stream(200, fields);
  relay.story.status = 200;
}

void note(const StreamEncoder& encoder, const Relay& relay) {
  Story& story = relay.story;
  if (const chat::Usage* usage = encoder.usage()) story.usage = *usage;
  story.finish = encoder.finish();
  story.native_finish = json::Text(encoder.native_finish_escaped()).decode();
  story.upstream_bytes_in = relay.response.bytes_received();
}

}  // namespace

Task<Result<>> relay_stream(Relay relay) {
  std::string out;
  StreamEncoder encoder(relay.envelope, out);
  ProviderAnswer answer(relay.response, relay.dialect, relay.context,
                        {.whole = relay.core.shared.max_answer_bytes});
  AnswerPipeline pipeline(relay.shaping, true, encoder, relay.story.changes);
  bool begun = false, let_go = false;
  while (true) {
    auto progress = co_await answer.advance(pipeline.sink(), relay.core.shared.keep_alive);
    if (progress)
      if (auto failure = pipeline.failure(relay.story.complaint)) progress = fail(std::move(*failure));
    const bool content = encoder.has_content();
    if (content && !let_go) {
      let_go = true;
      relay.story.first_token_us = relay.story.attempt().first_token_us = relay.story.elapsed_us();
      relay.asked.let_go();
    }
    const bool over = !progress || *progress == Progress::end;
    if (over) relay.story.wait_ends();
    if (!progress) {
      note(encoder, relay);
      if (!content || progress.error().code() == ErrorCode::client_gone) co_return fail(progress);
      dialect::openai::encode_stream_error(progress.error(), relay.envelope.request_id, out);
      relay.story.error = std::move(progress.error());
    } else if (*progress == Progress::quiet && (!content || out.empty())) {
      begin(relay);
      if (auto sent = co_await relay.exchange.write(": ping\n\n"); !sent) co_return fail(sent);
      continue;
    }
    if (!begun && (over || content)) {
      begin(relay);
      begun = true;
    }
    if (!begun || (out.empty() && !over)) continue;
    relay.core.counters.add(observe::Metric::stream_chunks);
    auto written = over ? co_await relay.exchange.end_stream(out) : co_await relay.exchange.write(out);
    out.clear();
    if (!written || over) {
      note(encoder, relay);
      if (!written) co_return fail(written);
      if (!progress) co_return Result<>();
      relay.story.total_us = relay.story.elapsed_us();
      relay.exchange.on_client_gone(nullptr, nullptr);  // it has all it asked for
      co_await answer.read_end();
      co_return Result<>();
    }
  }
}

}  // namespace sluice::gateway
