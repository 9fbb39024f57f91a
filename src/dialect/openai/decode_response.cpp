#include "base/text.hpp"
#include "dialect/openai/answer_error.hpp"
#include "dialect/openai/answer_reader.hpp"
#include "dialect/openai/openai.hpp"

#include <string>

namespace sluice::dialect::openai {
namespace {

/// Hosts that let a request wait keep the connection open with blank lines or SSE comments (DeepSeek).
std::string_view without_keep_alive(std::string_view body) {
  body = trim(body);
  while (body.starts_with(':')) {
    const std::size_t end = body.find('\n');
    body = end == std::string_view::npos ? std::string_view() : trim(body.substr(end));
  }
  return body;
}

}  // namespace

Result<> decode_response(std::string_view body, const AnswerContext& context, chat::EventSink& sink) {
  json::Document document;
  auto root = document.parse(without_keep_alive(body));
  if (!root)
    return fail(ErrorCode::upstream_protocol, "the provider's answer is no JSON: " + root.error().message());
  const AnswerParts parts = answer_parts(*root);
  if (auto error = error_in_answer("", *root, parts)) return fail(std::move(*error));
  if (parts.choices.size() == 0)
    return fail(ErrorCode::upstream_protocol, "the provider's answer has no choices");
  AnswerReader reader(context);
  if (auto done = reader.read_body(*root, parts, sink); !done) return done;
  sink.on(chat::End{});
  return {};
}

}  // namespace sluice::dialect::openai
