#pragma once
// The conversation as providers with strict turn rules need it: every tool call beside its result.
//
// OpenAI's clients send results as messages of their own, and get away with orders, repetitions and gaps that
// other providers refuse. Here they are put right, once for all of those providers, and each repair is
// reported.

#include "chat/change.hpp"
#include "chat/request.hpp"

#include <cstddef>
#include <memory_resource>
#include <span>
#include <vector>

namespace sluice::dialect {

/// A tool call of the history, and the message of Role::tool that answers it.
struct AnsweredCall {
  const chat::ToolCallPart* call = nullptr;
  const chat::Message* result =
      nullptr;  ///< nullptr: the client sent none, and the provider must be told something
};

/// A message (never one of Role::tool), and the calls that an assistant made in it, in their order. Their
/// results come behind it, before the next turn, even where the client had them elsewhere.
struct Turn {
  using allocator_type = std::pmr::polymorphic_allocator<>;
  explicit Turn(allocator_type allocator) : calls(allocator) {}
  Turn(Turn&& other) noexcept = default;
  Turn(Turn&& other, allocator_type allocator)
      : message(other.message), calls(std::move(other.calls), allocator) {}

  const chat::Message* message = nullptr;
  std::pmr::vector<AnsweredCall> calls;
};

/// Views the request and lives in its arena.
struct History {
  std::span<const chat::Message> instructions;  ///< the system and developer messages before all others
  std::pmr::vector<Turn> turns;                 ///< the rest; later system messages stay where they are
};

/// Finds the result of every call. Results that answer no call are dropped, of several for one call the last
/// counts, results that came late are moved to their call, and missing ones are left to the caller (all
/// reported). Ids need not be unique in the conversation: a result belongs to the last call before it that
/// has its id.
History read_history(const chat::Request& request, chat::Changes& changes);

/// What a provider is told in place of a result that the client did not send.
inline constexpr std::string_view missing_result = "no result was provided for this tool call";

/// Place of a call as the client sees it: `messages[3].tool_calls[0]`.
std::string call_path(const Turn& turn, const AnsweredCall& call);

}  // namespace sluice::dialect
