#include "dialect/responses/answer_reader.hpp"
#include "dialect/responses/errors.hpp"
#include "dialect/responses/responses.hpp"

namespace sluice::dialect::responses {

Result<> decode_response(std::string_view body, const AnswerContext& context, chat::EventSink& sink) {
  json::Document document;
  const auto root = document.parse(body);
  if (!root)
    return fail(ErrorCode::upstream_protocol, "the provider's answer is not JSON: " + root.error().message());
  const json::Value status = (*root)["status"];
  if ((*root)["error"] || status.equals("failed")) return fail(make_error((*root)["error"]));
  if (!(*root)["output"].is_array())
    return fail(ErrorCode::upstream_protocol, "the provider's answer has no output");
  const bool incomplete = status.equals("incomplete");
  if (status && !incomplete && !status.equals("completed"))
    return fail(ErrorCode::upstream_truncated,
                "the provider's answer is not complete: its status is " + std::string(status.raw()));

  AnswerReader reader(context);
  reader.start(*root, sink);
  std::int64_t index = 0;
  for (json::Value item : (*root)["output"].elements())
    if (auto told = reader.close_item(index++, item, sink); !told) return fail(told);
  return reader.finish(*root, incomplete, sink);
}

}  // namespace sluice::dialect::responses
