#include "dialect/gemini/answer_reader.hpp"
#include "dialect/gemini/gemini.hpp"

namespace sluice::dialect::gemini {

Result<> decode_response(std::string_view body, const AnswerContext& context, chat::EventSink& sink) {
  json::Document document;
  const auto root = document.parse(body);
  if (!root)
    return fail(ErrorCode::upstream_protocol, "the provider's answer is not JSON: " + root.error().message());
  AnswerReader reader(context);
  if (auto read = reader.read_all(*root, sink); !read) return fail(read);
  return reader.finish(sink);
}

}  // namespace sluice::dialect::gemini
