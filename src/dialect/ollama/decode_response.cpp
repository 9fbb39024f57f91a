#include "dialect/ollama/answer_reader.hpp"
#include "dialect/ollama/ollama.hpp"

namespace sluice::dialect::ollama {

Result<> decode_response(std::string_view body, const AnswerContext& context, chat::EventSink& sink) {
  json::Document document;
  const auto root = document.parse(body);
  if (!root)
    return fail(ErrorCode::upstream_protocol, "the provider's answer is not JSON: " + root.error().message());
  AnswerReader reader(context);
  if (auto added = reader.add(*root, sink); !added) return fail(added);
  if (reader.done()) return {};
  return fail(ErrorCode::upstream_truncated, "the provider's answer is only the beginning of one");
}

}  // namespace sluice::dialect::ollama
