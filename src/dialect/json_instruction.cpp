#include "dialect/json_instruction.hpp"

namespace sluice::dialect {

std::string json_instruction(const chat::ResponseFormat& format, bool beside_tools) {
  std::string text =
      beside_tools ? "Call tools as you need them. Once you give your answer, answer" : "Answer";
  text.append(" with one JSON object and nothing else: no explanation before or after it, no code fences.");
  if (format.kind != chat::ResponseFormat::Kind::json_schema) return text;
  if (!format.description.empty()) text.append("\nIt is: ").append(format.description.decode());
  return text.append("\nIt must match this JSON Schema:\n").append(format.schema.raw());
}

}  // namespace sluice::dialect
