#include "dialect/history.hpp"

#include "dialect/message_path.hpp"
#include "dialect/repeated_change.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sluice::dialect {
namespace {

using chat::Message;
using chat::Role;

bool instructs(const Message& message) {
  return message.role == Role::system || message.role == Role::developer;
}

class Reader {
 public:
  Reader(const chat::Request& request, chat::Changes& changes)
      : request_(request), changes_(changes), history_{{}, std::pmr::vector<Turn>(arena())}, open_(arena()) {}

  History read() && {
    const auto& messages = request_.messages;
    const auto first = std::ranges::find_if_not(messages, instructs);
    const auto leading = static_cast<std::size_t>(first - messages.begin());
    history_.instructions = std::span(messages.data(), leading);
    history_.turns.reserve(messages.size() - leading);
    for (const Message& message : std::span(messages).subspan(leading)) {
      if (message.role == Role::tool) {
        add_result(message);
      } else {
        add_turn(message);
      }
    }
    report();
    return std::move(history_);
  }

 private:
  /// Calls of one id that one message made; more than one only if a client or model repeats ids.
  struct Calls {
    std::size_t turn = 0;
    std::pmr::vector<std::size_t> places;  ///< in Turn::calls
  };

  std::pmr::memory_resource* arena() const { return request_.messages.get_allocator().resource(); }

  /// Ids are compared as decoded text; decoding is rarely needed, so it is kept apart.
  std::string_view key(json::Text id) {
    if (!id.has_escapes()) return id.escaped();
    const std::string plain = id.decode();
    auto* copy = static_cast<char*>(arena()->allocate(plain.size() + 1, 1));
    std::ranges::copy(plain, copy);
    return {copy, plain.size()};
  }

  void add_turn(const Message& message) {
    const std::size_t index = history_.turns.size();
    Turn& turn = history_.turns.emplace_back();
    turn.message = &message;
    for (const chat::Part& part : message.parts) {
      const auto* call = std::get_if<chat::ToolCallPart>(&part.content);
      if (!call) continue;
      Calls& same_id = open_.try_emplace(key(call->id), Calls{index, std::pmr::vector<std::size_t>(arena())})
                           .first->second;
      if (same_id.turn != index) {
        same_id.turn = index;
        same_id.places.clear();
      }
      same_id.places.push_back(turn.calls.size());
      turn.calls.push_back({call, nullptr});
    }
  }

  void add_result(const Message& message) {
    const auto found = open_.find(key(message.tool_call_id));
    if (found == open_.end()) {
      orphan_.at([&] { return path_of(message); });
      return;
    }
    if (found->second.turn + 1 != history_.turns.size()) late_.at([&] { return path_of(message); });
    auto& calls = history_.turns[found->second.turn].calls;
    for (const std::size_t place : found->second.places) {
      if (calls[place].result) continue;
      calls[place].result = &message;
      return;
    }
    auto& last = calls[found->second.places.back()];
    replaced_.at([&] { return path_of(*last.result); });
    last.result = &message;
  }

  void report() {
    for (const Turn& turn : history_.turns)
      for (const AnsweredCall& call : turn.calls)
        if (!call.result) missing_.at([&] { return call_path(turn, call); });
    for (const RepeatedChange* change : {&orphan_, &late_, &replaced_, &missing_}) change->report(changes_);
  }

  const chat::Request& request_;
  chat::Changes& changes_;
  History history_;
  std::pmr::unordered_map<std::string_view, Calls> open_;

  using Kind = chat::Change::Kind;
  RepeatedChange orphan_{Kind::dropped, "no earlier message has a tool call with this tool_call_id"};
  RepeatedChange late_{Kind::mapped,
                       "moved up: a tool result must directly follow the message with its call"};
  RepeatedChange replaced_{Kind::dropped, "a later message answers the same tool call"};
  RepeatedChange missing_{Kind::repaired,
                          "no message answers this tool call; the model is told that there is no result"};
};

}  // namespace

History read_history(const chat::Request& request, chat::Changes& changes) {
  return Reader(request, changes).read();
}

std::string call_path(const Turn& turn, const AnsweredCall& call) {
  return path_of(*turn.message) + ".tool_calls[" + std::to_string(&call - turn.calls.data()) + "]";
}

}  // namespace sluice::dialect
