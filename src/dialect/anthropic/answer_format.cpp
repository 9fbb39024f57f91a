#include "dialect/anthropic/answer_format.hpp"

#include "dialect/json_instruction.hpp"

namespace sluice::dialect::anthropic {
namespace {

using Kind = chat::ResponseFormat::Kind;

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
  return {{}, json_instruction(format, !request.tools.empty())};
}

}  // namespace sluice::dialect::anthropic
