#include "dialect/anthropic/answer_format.hpp"

namespace sluice::dialect::anthropic {
namespace {

using Kind = chat::ResponseFormat::Kind;

constexpr std::string_view only_json =
    "Answer with one JSON object and nothing else: no explanation before or after it, no code fences.";

std::string instruction_for(const chat::ResponseFormat& format) {
  std::string text(only_json);
  if (format.kind != Kind::json_schema) return text;
  if (!format.description.empty()) text.append("\nIt is: ").append(format.description.decode());
  text.append("\nIt must match this JSON Schema:\n").append(format.schema.raw());
  return text;
}

}  // namespace

AnswerFormat plan_answer_format(const chat::Request& request, const catalog::Capabilities& model,
                                chat::Changes& changes) {
  const chat::ResponseFormat& format = request.response_format;
  if (format.kind == Kind::text) return {};
  const bool native = format.kind == Kind::json_schema && model.json_schema &&
                      (request.tools.empty() || model.json_schema_with_tools);
  if (native) return {format.schema, {}};
  changes.add(
      chat::Change::Kind::emulated, "response_format",
      "this API cannot hold the model to it here; the system prompt asks for it, and the answer may differ");
  return {{}, instruction_for(format)};
}

}  // namespace sluice::dialect::anthropic
