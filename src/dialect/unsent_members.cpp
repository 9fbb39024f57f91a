#include "dialect/unsent_members.hpp"

#include <algorithm>
#include <string>

namespace sluice::dialect {
namespace {

constexpr std::size_t max_reported = 32;  // a hostile body may hold any number
constexpr std::size_t max_name_bytes = 64;

void report_hosted_tools(const chat::Request& request, chat::Changes& changes) {
  std::size_t reported = 0;
  for (const chat::HostedTool& tool : request.hosted_tools) {
    if (++reported > max_reported) return;
    changes.dropped(
        "tools[" + std::to_string(tool.index) + "]",
        "this provider has no tool `" + tool.source["type"].string().substr(0, max_name_bytes) + "`");
  }
  const bool demands_hosted =
      request.tools.empty() && request.tool_choice.kind == chat::ToolChoice::Kind::required;
  if (request.tool_choice.hosted || (reported > 0 && demands_hosted))
    changes.dropped("tool_choice", "this provider has no such tool");
}

}  // namespace

void report_unsent_members(const chat::Request& request, std::span<const std::string_view> sent,
                           chat::Changes& changes, HostedTools hosted) {
  if (hosted == HostedTools::unknown) report_hosted_tools(request, changes);
  std::size_t reported = 0;
  for (const json::Member& member : request.others) {
    const auto is_sent = [&](std::string_view name) { return member.key.equals(name); };
    if (std::ranges::any_of(sent, is_sent)) continue;
    if (++reported > max_reported) return;
    changes.dropped(member.key.decode().substr(0, max_name_bytes), "this provider knows no such parameter");
  }
}

}  // namespace sluice::dialect
