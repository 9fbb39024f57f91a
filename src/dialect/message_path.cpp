#include "dialect/message_path.hpp"

#include <fmt/format.h>

namespace sluice::dialect {

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

}  // namespace sluice::dialect
