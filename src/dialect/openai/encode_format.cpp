// `response_format`: natively where the model can, as an instruction where it cannot.

#include "dialect/openai/request_edit.hpp"

namespace sluice::dialect::openai {
namespace {

using Kind = chat::ResponseFormat::Kind;

/// A schema that the model cannot be held to is asked for in words. They name JSON, as hosts demand of
/// prompts with `json_object`.
std::string instruction_for(const chat::ResponseFormat& format) {
  std::string text =
      "Answer with one JSON object and nothing else: no explanation before or after it, no code fences.";
  if (format.kind != Kind::json_schema) return text;
  if (!format.description.empty()) text.append("\nIt is: ").append(format.description.decode());
  return text.append("\nIt must match this JSON Schema:\n").append(format.schema.raw());
}

}  // namespace

void edit_answer_format(RequestEdit& edit, std::string& instruction) {
  const chat::ResponseFormat& format = edit.request.response_format;
  const bool schema = format.kind == Kind::json_schema;
  const bool native =
      schema ? edit.model().json_schema && (edit.request.tools.empty() || edit.model().json_schema_with_tools)
             : edit.model().json_object;
  if (format.kind == Kind::text || native || edit.is_settled("response_format")) return;
  edit.changes.add(
      chat::Change::Kind::emulated, "response_format",
      "this model cannot be held to it here; a system message asks for it, and the answer may differ");
  instruction = instruction_for(format);
  if (schema && edit.model().json_object) {
    edit.set("response_format", R"({"type":"json_object"})");
  } else {
    edit.discard("response_format");
  }
}

}  // namespace sluice::dialect::openai
