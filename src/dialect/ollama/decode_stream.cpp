#include "dialect/ollama/answer_reader.hpp"
#include "dialect/ollama/ollama.hpp"

namespace sluice::dialect::ollama {
namespace {

/// A line is a piece of the answer; the last one says `done`.
class Decoder final : public StreamDecoder {
 public:
  explicit Decoder(const AnswerContext& context) : reader_(context) {}

  Result<> on_message(std::string_view, std::string_view data, chat::EventSink& sink) override {
    if (done()) return {};
    json::Document document;
    const auto root = document.parse(data);
    if (!root)
      return fail(ErrorCode::upstream_protocol,
                  "the provider sent a line that is not JSON: " + root.error().message());
    return reader_.add(*root, sink);
  }

  Result<> finish(chat::EventSink&) override {
    if (done()) return {};
    return fail(ErrorCode::upstream_truncated, reader_.started()
                                                   ? "the provider's stream ended in the middle of the answer"
                                                   : "the provider's stream ended before the answer began");
  }

  bool done() const override { return reader_.done(); }

 private:
  AnswerReader reader_;
};

}  // namespace

std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context) {
  return std::make_unique<Decoder>(context);
}

}  // namespace sluice::dialect::ollama
