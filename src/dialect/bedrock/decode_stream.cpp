#include "dialect/bedrock/answer_reader.hpp"
#include "dialect/bedrock/bedrock.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace sluice::dialect::bedrock {
namespace {

/// docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html. The counts come behind
/// the end of the message, so that is waited for.
class Decoder final : public StreamDecoder {
 public:
  explicit Decoder(const AnswerContext& context) : reader_(context) {}

  Result<> on_message(std::string_view type, std::string_view data, chat::EventSink& sink) override;

  Result<> finish(chat::EventSink& sink) override {
    if (done_) return {};
    if (reader_.stopped()) return end(sink);
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
  static const std::array<Row, 6> rows;

  Result<> message_start(json::Value, chat::EventSink& sink) { return reader_.start(sink); }

  Result<> block_start(json::Value event, chat::EventSink& sink) {
    return reader_.open_block(index(event), event["start"], sink);
  }

  Result<> block_delta(json::Value event, chat::EventSink& sink) {
    return reader_.add_to_block(index(event), event["delta"], sink);
  }

  Result<> block_stop(json::Value event, chat::EventSink& sink) {
    return reader_.close_block(index(event), sink);
  }

  Result<> message_stop(json::Value event, chat::EventSink&) {
    if (!reader_.started())
      return fail(ErrorCode::upstream_protocol, "the provider ended an answer that had not begun");
    reader_.note_end(event);
    return {};
  }

  Result<> metadata(json::Value event, chat::EventSink& sink) {
    if (!reader_.started()) return {};
    reader_.note_metadata(event, sink);
    return reader_.stopped() ? end(sink) : Result<>();
  }

  Result<> end(chat::EventSink& sink) {
    done_ = true;
    return reader_.finish(sink);
  }

  /// Not an index of any other block where it is missing.
  static std::int64_t index(json::Value event) {
    return event["contentBlockIndex"].integer().value_or(std::numeric_limits<std::int64_t>::min());
  }

  AnswerReader reader_;
  bool done_ = false;
};

const std::array<Decoder::Row, 6> Decoder::rows{{{"contentBlockDelta", &Decoder::block_delta},
                                                 {"contentBlockStart", &Decoder::block_start},
                                                 {"contentBlockStop", &Decoder::block_stop},
                                                 {"messageStart", &Decoder::message_start},
                                                 {"messageStop", &Decoder::message_stop},
                                                 {"metadata", &Decoder::metadata}}};

/// Types that are not known mean nothing.
Result<> Decoder::on_message(std::string_view type, std::string_view data, chat::EventSink& sink) {
  if (done_) return {};
  const auto* row = std::ranges::find(rows, type, &Row::type);
  if (row == rows.end()) return {};
  json::Document document;
  const auto root = document.parse(data);
  if (!root)
    return fail(ErrorCode::upstream_protocol,
                "the provider sent an event that is not JSON: " + root.error().message());
  return (this->*row->handle)(*root, sink);
}

}  // namespace

std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context) {
  return std::make_unique<Decoder>(context);
}

}  // namespace sluice::dialect::bedrock
