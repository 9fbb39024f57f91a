#include "base/text.hpp"
#include "dialect/openai/answer_error.hpp"
#include "dialect/openai/answer_reader.hpp"
#include "dialect/openai/look_ahead.hpp"
#include "dialect/openai/openai.hpp"
#include "dialect/provider_error.hpp"

#include <string>

namespace sluice::dialect::openai {
namespace {

class ChatStreamDecoder final : public StreamDecoder {
 public:
  explicit ChatStreamDecoder(const AnswerContext& context) : reader_(context) {}

  Result<> on_message(std::string_view type, std::string_view data, chat::EventSink& sink) override;
  Result<> finish(chat::EventSink& sink) override { return done_ ? Result<>() : close(false, sink); }
  bool done() const override { return done_; }

 private:
  Result<> on_chunk(std::string_view type, std::string_view data, json::Value chunk, chat::EventSink& sink);
  Result<> on_garbage(std::string_view type, std::string_view data, const Error& why) const;
  Result<> read_waiting(json::Value next, chat::EventSink& sink);
  Result<> close(bool announced, chat::EventSink& sink);

  AnswerReader reader_;
  std::string waiting_;  ///< a chunk that cannot be told without the next one; empty if none
  bool done_ = false;
};

bool gives_reason(json::Value choices) {
  for (json::Value choice : choices.elements())
    if (!choice["finish_reason"].text().empty()) return true;
  return false;
}

Result<> ChatStreamDecoder::on_message(std::string_view type, std::string_view data, chat::EventSink& sink) {
  data = trim(data);
  if (done_ || data.empty()) return {};
  if (data == "[DONE]") return close(true, sink);
  json::Document document;
  auto chunk = document.parse(data);
  if (auto done = read_waiting(chunk ? *chunk : json::Value(), sink); !done) return done;
  return chunk ? on_chunk(type, data, *chunk, sink) : on_garbage(type, data, chunk.error());
}

/// Once every choice has ended, a failure changes nothing any more, unless it ends one itself.
Result<> ChatStreamDecoder::on_chunk(std::string_view type, std::string_view data, json::Value chunk,
                                     chat::EventSink& sink) {
  const AnswerParts parts = answer_parts(chunk);
  if (auto error = error_in_answer(type, chunk, parts)) {
    if (!reader_.is_complete() || gives_reason(parts.choices)) return fail(std::move(*error));
    if (!usage_in(parts)) return {};
  }
  if (!chunk.is_object())
    return fail(ErrorCode::upstream_protocol,
                "the provider's stream has an event that is " + std::string(json::name(chunk.type())));
  if (!must_wait(reader_.state(), parts)) return reader_.read_chunk(chunk, parts, {}, sink);
  waiting_ = data;
  return {};
}

Result<> ChatStreamDecoder::on_garbage(std::string_view type, std::string_view data, const Error& why) const {
  if (reader_.is_complete()) return {};
  if (type == "error") return fail(make_provider_error({.status = 200}, {.message = std::string(data)}));
  return fail(ErrorCode::upstream_protocol,
              "the provider's stream has an event that is no JSON: " + why.message());
}

Result<> ChatStreamDecoder::read_waiting(json::Value next, chat::EventSink& sink) {
  if (waiting_.empty()) return {};
  json::Document document;
  auto chunk = document.parse(waiting_);
  if (!chunk) return fail(chunk);
  auto done = reader_.read_chunk(*chunk, answer_parts(*chunk), next, sink);
  waiting_.clear();
  return done;
}

/// `[DONE]` is optional: hosts leave it out behind a finish_reason. A stream with neither was cut.
Result<> ChatStreamDecoder::close(bool announced, chat::EventSink& sink) {
  if (auto done = read_waiting({}, sink); !done) return done;
  if (!reader_.has_choices() && announced)
    return fail(ErrorCode::upstream_protocol, "the provider ended its stream without an answer");
  if (!announced && !reader_.is_complete())
    return fail(ErrorCode::upstream_truncated,
                "the provider closed its stream before the answer was complete");
  reader_.finish_all(sink);
  done_ = true;
  sink.on(chat::End{});
  return {};
}

}  // namespace

std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context) {
  return std::make_unique<ChatStreamDecoder>(context);
}

}  // namespace sluice::dialect::openai
