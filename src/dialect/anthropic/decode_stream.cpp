#include "dialect/anthropic/answer_reader.hpp"
#include "dialect/anthropic/anthropic.hpp"
#include "dialect/anthropic/errors.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace sluice::dialect::anthropic {
namespace {

/// docs.anthropic.com/en/api/messages-streaming
class Decoder final : public StreamDecoder {
 public:
  explicit Decoder(const AnswerContext& context) : reader_(context) {}

  Result<> on_message(std::string_view type, std::string_view data, chat::EventSink& sink) override;

  Result<> finish(chat::EventSink&) override {
    if (done_) return {};
    return fail(ErrorCode::upstream_truncated, reader_.started()
                                                   ? "the provider's stream ended in the middle of the answer"
                                                   : "the provider's stream ended before the answer began");
  }

  bool done() const override { return done_; }

 private:
  using Handler = Result<> (Decoder::*)(json::Value event, chat::EventSink& sink);
  struct Row {
    std::string_view type;
    Handler handle;
  };
  static const std::array<Row, 7> rows;

  Result<> message_start(json::Value event, chat::EventSink& sink) {
    const json::Value message = event["message"];
    const bool again = reader_.started();
    if (auto started = reader_.start(message, sink); !started || again) return started;
    // Calls that server-side code has made come here, complete.
    return reader_.add_content(message["content"], sink);
  }

  Result<> block_start(json::Value event, chat::EventSink& sink) {
    return reader_.open_block(index(event), event["content_block"], sink);
  }

  Result<> block_delta(json::Value event, chat::EventSink& sink) {
    return reader_.add_to_block(index(event), event["delta"], sink);
  }

  Result<> block_stop(json::Value event, chat::EventSink& sink) {
    return reader_.close_block(index(event), sink);
  }

  Result<> message_delta(json::Value event, chat::EventSink& sink) {
    if (!reader_.started()) return not_begun();
    reader_.add_usage(event["usage"], sink);
    reader_.note_end(event["delta"], sink);
    return {};
  }

  Result<> message_stop(json::Value, chat::EventSink& sink) {
    if (!reader_.started()) return not_begun();
    done_ = true;
    reader_.finish(sink);
    return {};
  }

  Result<> error(json::Value event, chat::EventSink&) { return fail(make_error({.status = 200}, event)); }

  static Failure not_begun() {
    return fail(ErrorCode::upstream_protocol, "the provider ended an answer that had not begun");
  }

  /// Not an index of any other block where it is missing.
  static std::int64_t index(json::Value event) {
    return event["index"].integer().value_or(std::numeric_limits<std::int64_t>::min());
  }

  AnswerReader reader_;
  bool done_ = false;
};

const std::array<Decoder::Row, 7> Decoder::rows{{{"content_block_delta", &Decoder::block_delta},
                                                 {"content_block_start", &Decoder::block_start},
                                                 {"content_block_stop", &Decoder::block_stop},
                                                 {"message_start", &Decoder::message_start},
                                                 {"message_delta", &Decoder::message_delta},
                                                 {"message_stop", &Decoder::message_stop},
                                                 {"error", &Decoder::error}}};

/// The name of an SSE event repeats the type in its data, which is what counts. Types that are not known,
/// pings among them, mean nothing.
Result<> Decoder::on_message(std::string_view type, std::string_view data, chat::EventSink& sink) {
  if (done_ || data.empty() || data == "[DONE]") return {};
  json::Document document;
  const auto root = document.parse(data);
  if (!root)
    return fail(ErrorCode::upstream_protocol,
                "the provider sent an event that is not JSON: " + root.error().message());
  const json::Value told = (*root)["type"];
  const auto* row = std::ranges::find_if(
      rows, [&](const Row& r) { return told.is_string() ? told.equals(r.type) : r.type == type; });
  return row == rows.end() ? Result<>() : (this->*row->handle)(*root, sink);
}

}  // namespace

std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context) {
  return std::make_unique<Decoder>(context);
}

}  // namespace sluice::dialect::anthropic
