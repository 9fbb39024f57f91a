#include "dialect/unsent_members.hpp"

#include <algorithm>
#include <string>

namespace sluice::dialect {
namespace {

constexpr std::size_t max_reported = 32;  // a hostile body may hold any number
constexpr std::size_t max_name_bytes = 64;

}  // namespace

void report_unsent_members(const chat::Request& request, std::span<const std::string_view> sent,
                           chat::Changes& changes) {
  std::size_t reported = 0;
  for (const json::Member& member : request.others) {
    const auto is_sent = [&](std::string_view name) { return member.key.equals(name); };
    if (std::ranges::any_of(sent, is_sent)) continue;
    if (++reported > max_reported) return;
    changes.dropped(member.key.decode().substr(0, max_name_bytes), "this provider knows no such parameter");
  }
}

}  // namespace sluice::dialect
