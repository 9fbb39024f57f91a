#include "dialect/gemini/encoding.hpp"

#include <fmt/format.h>

namespace sluice::dialect::gemini {

void RepeatedChange::report(chat::Changes& changes) const {
  if (count_ == 0) return;
  const std::string elsewhere = count_ == 1 ? "" : fmt::format(" (here and at {} more places)", count_ - 1);
  changes.add(kind_, first_, std::string(reason_) + elsewhere);
}

void RepeatedChanges::report(chat::Changes& changes) const {
  for (const RepeatedChange* change : {&cache_control, &name, &filename, &detail, &media_type, &instruction,
                                       &reasoning, &signature, &arguments, &media_in_result, &schema})
    change->report(changes);
}

std::string_view tool_name(json::Text name, Encoding& encoding) {
  constexpr std::size_t max_length = 64;
  return encoding.out.renamed_tools.sent(name, max_length, true);
}

Failure refuse(std::string place, std::string_view what, const Encoding& encoding) {
  std::string message = fmt::format("{}: `{}` does not take {}", place, encoding.target.model, what);
  return fail(Error(ErrorCode::unsupported_parameter, std::move(message)).with_param(std::move(place)));
}

json::Text text_of(const chat::Part& part) {
  if (const auto* text = std::get_if<chat::TextPart>(&part.content)) return text->text;
  if (const auto* refusal = std::get_if<chat::RefusalPart>(&part.content)) return refusal->text;
  return {};
}

std::string path_of(const chat::Message& message) {
  return fmt::format("messages[{}]", message.index);
}

std::string path_of(const chat::Message& message, const chat::Part& part) {
  const json::Value content = message.source["content"];
  if (!content.is_array()) return path_of(message) + ".content";
  // Empty texts have no part, and an assistant's reasoning stands before its content.
  std::size_t before = 0;
  for (const chat::Part& other : message.parts) {
    if (&other == &part) break;
    if (!std::holds_alternative<chat::ReasoningPart>(other.content)) ++before;
  }
  std::size_t index = 0;
  for (json::Value element : content.elements()) {
    const bool is_part = !element["text"].is_string() || !element["text"].text().empty();
    if (is_part && before-- == 0) break;
    ++index;
  }
  return fmt::format("{}.content[{}]", path_of(message), index);
}

}  // namespace sluice::dialect::gemini
