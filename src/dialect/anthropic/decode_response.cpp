#include "dialect/anthropic/answer_reader.hpp"
#include "dialect/anthropic/anthropic.hpp"
#include "dialect/anthropic/errors.hpp"

namespace sluice::dialect::anthropic {

Result<> decode_response(std::string_view body, const AnswerContext& context, chat::EventSink& sink) {
  json::Document document;
  const auto root = document.parse(body);
  if (!root)
    return fail(ErrorCode::upstream_protocol, "the provider's answer is not JSON: " + root.error().message());
  if ((*root)["type"].equals("error") || (*root)["error"]) return fail(make_error({.status = 200}, *root));
  const json::Value content = (*root)["content"];
  if (!content.is_array() && !content.is_null())
    return fail(ErrorCode::upstream_protocol, "the provider's answer has no content");
  AnswerReader reader(context);
  if (auto started = reader.start(*root, sink); !started) return fail(started);
  if (auto added = reader.add_content(content, sink); !added) return fail(added);
  reader.note_end(*root, sink);
  reader.finish(sink);
  return {};
}

}  // namespace sluice::dialect::anthropic
