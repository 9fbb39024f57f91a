#include "dialect/gemini/encoding.hpp"

#include <fmt/format.h>

namespace sluice::dialect::gemini {

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

}  // namespace sluice::dialect::gemini
