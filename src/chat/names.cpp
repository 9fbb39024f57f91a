#include "chat/event.hpp"
#include "chat/request.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::chat {
namespace {

template <class Enum, std::size_t N>
std::string_view look_up(const std::array<std::pair<Enum, std::string_view>, N>& table, Enum value) {
  return table[static_cast<std::size_t>(value)].second;
}

template <class Enum, std::size_t N>
std::optional<Enum> look_up(const std::array<std::pair<Enum, std::string_view>, N>& table,
                            std::string_view name) {
  const auto* row = std::ranges::find(table, name, &std::pair<Enum, std::string_view>::second);
  return row == table.end() ? std::nullopt : std::optional(row->first);
}

constexpr std::array<std::pair<Role, std::string_view>, 5> roles{{{Role::system, "system"},
                                                                  {Role::developer, "developer"},
                                                                  {Role::user, "user"},
                                                                  {Role::assistant, "assistant"},
                                                                  {Role::tool, "tool"}}};

constexpr std::array<std::pair<Effort, std::string_view>, 7> efforts{{{Effort::none, "none"},
                                                                      {Effort::minimal, "minimal"},
                                                                      {Effort::low, "low"},
                                                                      {Effort::medium, "medium"},
                                                                      {Effort::high, "high"},
                                                                      {Effort::xhigh, "xhigh"},
                                                                      {Effort::max, "max"}}};

constexpr std::array<std::pair<FinishReason, std::string_view>, 4> finish_reasons{
    {{FinishReason::stop, "stop"},
     {FinishReason::length, "length"},
     {FinishReason::tool_calls, "tool_calls"},
     {FinishReason::content_filter, "content_filter"}}};

constexpr std::array<std::pair<Change::Kind, std::string_view>, 5> change_kinds{
    {{Change::Kind::dropped, "dropped"},
     {Change::Kind::mapped, "mapped"},
     {Change::Kind::clamped, "clamped"},
     {Change::Kind::emulated, "emulated"},
     {Change::Kind::repaired, "repaired"}}};

}  // namespace

std::string_view name(Role role) {
  return look_up(roles, role);
}
std::string_view name(Effort effort) {
  return look_up(efforts, effort);
}
std::string_view name(FinishReason reason) {
  return look_up(finish_reasons, reason);
}
std::string_view name(Change::Kind kind) {
  return look_up(change_kinds, kind);
}
std::optional<Role> role_named(std::string_view name) {
  return look_up(roles, name);
}
std::optional<Effort> effort_named(std::string_view name) {
  return look_up(efforts, name);
}

}  // namespace sluice::chat
