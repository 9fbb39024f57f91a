#include "dialect/responses/answer_reader.hpp"
#include "dialect/responses/errors.hpp"
#include "dialect/responses/responses.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect::responses {
namespace {

/// platform.openai.com/docs/api-reference/responses-streaming
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
  static const std::array<Row, 17> rows;

  Result<> started(json::Value event, chat::EventSink& sink) {
    reader_.start(event["response"], sink);
    return {};
  }

  Result<> item_added(json::Value event, chat::EventSink& sink) {
    return reader_.open_item(place(event), event["item"], sink);
  }

  Result<> item_done(json::Value event, chat::EventSink& sink) {
    return reader_.close_item(place(event), event["item"], sink);
  }

  template <Section section>
  Result<> delta(json::Value event, chat::EventSink& sink) {
    const std::string_view number = section == Section::summary ? "summary_index" : "content_index";
    const std::int64_t part = event[number].integer().value_or(0);
    reader_.add(place(event), section, part, event["delta"].text(), sink);
    return {};
  }

  Result<> arguments_delta(json::Value event, chat::EventSink& sink) {
    reader_.add_arguments(place(event), event["delta"].text(), sink);
    return {};
  }

  Result<> arguments_done(json::Value event, chat::EventSink& sink) {
    const json::Value arguments = event["arguments"];
    reader_.complete_arguments(place(event), (arguments ? arguments : event["input"]).text(), sink);
    return {};
  }

  Result<> completed(json::Value event, chat::EventSink& sink) {
    return end(event["response"], event["response"]["status"].equals("incomplete"), sink);
  }

  Result<> incomplete(json::Value event, chat::EventSink& sink) { return end(event["response"], true, sink); }

  Result<> end(json::Value response, bool incomplete, chat::EventSink& sink) {
    if (auto finished = reader_.finish(response, incomplete, sink); !finished) return fail(finished);
    done_ = true;
    return {};
  }

  Result<> failed(json::Value event, chat::EventSink&) {
    return fail(make_error(event["response"]["error"]));
  }

  Result<> error(json::Value event, chat::EventSink&) {
    return fail(make_error(event["error"] ? event["error"] : event));
  }

  static std::int64_t place(json::Value event) {
    return event["output_index"].integer().value_or(AnswerReader::no_place);
  }

  AnswerReader reader_;
  bool done_ = false;
};

const std::array<Decoder::Row, 17> Decoder::rows{
    {{"response.output_text.delta", &Decoder::delta<Section::text>},
     {"response.function_call_arguments.delta", &Decoder::arguments_delta},
     {"response.reasoning_summary_text.delta", &Decoder::delta<Section::summary>},
     {"response.reasoning_text.delta", &Decoder::delta<Section::thought>},
     {"response.refusal.delta", &Decoder::delta<Section::refusal>},
     {"response.custom_tool_call_input.delta", &Decoder::arguments_delta},
     {"response.output_item.added", &Decoder::item_added},
     {"response.output_item.done", &Decoder::item_done},
     {"response.function_call_arguments.done", &Decoder::arguments_done},
     {"response.custom_tool_call_input.done", &Decoder::arguments_done},
     {"response.created", &Decoder::started},
     {"response.in_progress", &Decoder::started},
     {"response.completed", &Decoder::completed},
     {"response.incomplete", &Decoder::incomplete},
     {"response.failed", &Decoder::failed},
     {"response.cancelled", &Decoder::failed},
     {"error", &Decoder::error}}};

/// The name of an SSE event repeats the type in its data, which is what counts: some hosts send no names.
/// Types that are not known mean nothing, as those do whose news the end of their item repeats.
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
  if (row != rows.end()) return (this->*row->handle)(*root, sink);
  return (*root)["error"] ? error(*root, sink) : Result<>();
}

}  // namespace

std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context) {
  return std::make_unique<Decoder>(context);
}

}  // namespace sluice::dialect::responses
