#include "dialect/bedrock/answer_reader.hpp"
#include "dialect/bedrock/bedrock.hpp"
#include "dialect/provider_error.hpp"

namespace sluice::dialect::bedrock {

Result<> decode_response(std::string_view body, const AnswerContext& context, chat::EventSink& sink) {
  json::Document document;
  const auto root = document.parse(body);
  if (!root)
    return fail(ErrorCode::upstream_protocol, "the provider's answer is not JSON: " + root.error().message());
  const json::Value message = (*root)["output"]["message"], content = message["content"];
  if (!message.is_object() || (content && !content.is_array())) {
    if (!error_message(*root).empty())
      return fail(make_provider_error({.status = 200}, read_provider_words(*root)));
    return fail(ErrorCode::upstream_protocol, "the provider's answer has no content");
  }
  if (!(*root)["stopReason"].is_string())
    return fail(ErrorCode::upstream_protocol, "the provider's answer does not say why it ends");
  AnswerReader reader(context);
  if (auto started = reader.start(sink); !started) return started;
  if (auto added = reader.add_content(content, sink); !added) return added;
  reader.note_end(*root);
  reader.note_metadata(*root, sink);
  return reader.finish(sink);
}

}  // namespace sluice::dialect::bedrock
