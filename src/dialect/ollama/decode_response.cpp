#include "base/text.hpp"
#include "dialect/ollama/answer_reader.hpp"
#include "dialect/ollama/ollama.hpp"

#include <algorithm>

namespace sluice::dialect::ollama {

namespace {

/// Proxies call the lines of a stream JSON too.
Result<> read_lines(std::string_view body, AnswerReader& reader, chat::EventSink& sink) {
  while (!body.empty() && !reader.done()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    const std::string_view line = trim(body.substr(0, end));
    body.remove_prefix(std::min(end + 1, body.size()));
    if (line.empty()) continue;
    json::Document document;
    const auto piece = document.parse(line);
    if (!piece)
      return fail(ErrorCode::upstream_protocol,
                  "the provider's answer is not JSON: " + piece.error().message());
    if (auto added = reader.add(*piece, sink); !added) return added;
  }
  return {};
}

}  // namespace

Result<> decode_response(std::string_view body, const AnswerContext& context, chat::EventSink& sink) {
  json::Document document;
  const auto root = document.parse(body);
  AnswerReader reader(context);
  auto added = root ? reader.add(*root, sink) : read_lines(body, reader, sink);
  if (!added) return fail(added);
  if (reader.done()) return {};
  if (!reader.started()) return fail(ErrorCode::upstream_protocol, "the provider's answer is empty");
  return fail(ErrorCode::upstream_truncated, "the provider's answer is only the beginning of one");
}

}  // namespace sluice::dialect::ollama
