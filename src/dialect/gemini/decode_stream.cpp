#include "dialect/gemini/answer_reader.hpp"
#include "dialect/gemini/gemini.hpp"

namespace sluice::dialect::gemini {
namespace {

class Decoder final : public StreamDecoder {
 public:
  explicit Decoder(const AnswerContext& context) : reader_(context) {}

  Result<> on_message(std::string_view, std::string_view data, chat::EventSink& sink) override {
    json::Document document;
    const auto root = document.parse(data);
    if (!root)
      return fail(ErrorCode::upstream_protocol,
                  "a chunk of the provider's stream is not JSON: " + root.error().message());
    return reader_.read_all(*root, sink);
  }

  Result<> finish(chat::EventSink& sink) override { return reader_.finish(sink); }

  /// Gemini marks no end: chunks may follow the one with the finish reason.
  bool done() const override { return false; }

 private:
  AnswerReader reader_;
};

}  // namespace

std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context) {
  return std::make_unique<Decoder>(context);
}

}  // namespace sluice::dialect::gemini
