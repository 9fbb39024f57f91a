#include "dialect/anthropic/answer_format.hpp"

#include "dialect/json_instruction.hpp"
#include "dialect/schema/fit.hpp"
#include "dialect/schema/strict_changes.hpp"

namespace sluice::dialect::anthropic {
namespace {

using Kind = chat::ResponseFormat::Kind;

/// Empty if the API cannot hold the model to such a schema.
std::string fitting_schema(const chat::ResponseFormat& format, schema::Subset subset,
                           chat::Changes& changes) {
  std::string out;
  const schema::Fit fit = schema::append_fitting(out, format.schema, {.subset = subset});
  if (!fit.possible) return {};
  schema::StrictChanges report;
  report.sent(fit, "response_format.json_schema.schema");
  report.report(changes);
  return out;
}

}  // namespace

AnswerFormat plan_answer_format(const chat::Request& request, const catalog::Capabilities& model,
                                schema::Subset subset, chat::Changes& changes) {
  const chat::ResponseFormat& format = request.response_format;
  if (format.kind == Kind::text) return {};
  const bool native = format.kind == Kind::json_schema && model.json_schema &&
                      (request.tools.empty() || model.json_schema_with_tools);
  if (native)
    if (std::string schema = fitting_schema(format, subset, changes); !schema.empty())
      return {std::move(schema), {}};
  changes.add(
      chat::Change::Kind::emulated, "response_format",
      "this API cannot hold the model to it here; the system prompt asks for it, and the answer may differ");
  return {{}, json_instruction(format, !request.tools.empty())};
}

}  // namespace sluice::dialect::anthropic
