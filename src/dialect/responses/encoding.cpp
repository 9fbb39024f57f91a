#include "dialect/responses/encoding.hpp"

#include <fmt/format.h>

namespace sluice::dialect::responses {

void RepeatedChanges::report(chat::Changes& changes) const {
  for (const RepeatedChange* change :
       {&cache_control, &name, &filename, &role, &media, &empty, &reasoning, &strict, &schema_type})
    change->report(changes);
}

std::string_view tool_name(json::Text name, Encoding& encoding) {
  return encoding.out.renamed_tools.sent(name, encoding.host().max_tool_name);
}

Failure refuse(std::string place, std::string_view what, const Encoding& encoding) {
  std::string message = fmt::format("{}: `{}` does not take {}", place, encoding.target.model, what);
  return fail(Error(ErrorCode::unsupported_parameter, std::move(message)).with_param(std::move(place)));
}

}  // namespace sluice::dialect::responses
