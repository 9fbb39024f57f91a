#include "dialect/openai/answer_calls.hpp"

#include "dialect/openai/look_ahead.hpp"

#include <algorithm>
#include <array>
#include <ranges>

namespace sluice::dialect::openai {
namespace {

constexpr json::Text no_arguments{"{}"};

Failure nameless() {
  return fail(ErrorCode::upstream_protocol, "the provider's answer has a tool call without a name");
}

/// Odd enough not to be some provider's, the same for the same answer.
class MintedId {
 public:
  MintedId(std::uint64_t seed, std::uint32_t choice, std::size_t call) {
    constexpr std::string_view prefix = "call_", digits = "0123456789abcdef";
    std::ranges::copy(prefix, text_.begin());
    std::uint64_t bits = mix(seed + (std::uint64_t{choice} << 32) + call);
    for (std::size_t i = prefix.size(); i < text_.size(); ++i, bits >>= 4) text_[i] = digits[bits & 15];
  }
  json::Text text() const { return json::Text(std::string_view(text_.data(), text_.size())); }

 private:
  /// splitmix64: different for different numbers.
  static std::uint64_t mix(std::uint64_t z) {
    z += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  std::array<char, 21> text_{};
};

std::optional<std::size_t> latest(const std::vector<CallState>& calls, auto matches) {
  const auto backwards = std::views::reverse(calls);
  const auto found = std::ranges::find_if(backwards, matches);
  if (found == backwards.end()) return std::nullopt;
  return static_cast<std::size_t>(&*found - calls.data());
}

/// A name behind the arguments of another one is that of a new call, whatever index it is under.
bool begins_another(const CallState& call, const CallPiece& piece) {
  if (piece.name.empty()) return false;
  const bool other_name = piece.name.escaped() != call.name;
  if (other_name && (call.has_arguments || call.placeholder)) return true;
  return !piece.id.empty() && (!call.id.empty() || call.started);
}

}  // namespace

json::Text CallPiece::arguments_text(std::string& buffer) const {
  if (arguments.is_string()) return arguments.text();
  if (!arguments) return {};
  buffer.clear();
  json::append_escaped(buffer, arguments.raw());
  return json::Text(buffer);
}

bool CallPiece::has_arguments() const {
  return arguments.is_string() ? !arguments.text().empty() : bool(arguments);
}

CallPiece call_piece(json::Value entry) {
  CallPiece piece{.id = entry["id"].text(), .number = entry["index"].integer()};
  const json::Value function = entry["function"], custom = entry["custom"];
  piece.custom = entry["type"].equals("custom") || (!function && custom);
  const json::Value inner = piece.custom ? custom : function;
  piece.name = inner["name"].text();
  piece.arguments = inner[piece.custom ? "input" : "arguments"];
  piece.signature = entry["extra_content"]["google"]["thought_signature"].text();
  return piece;
}

CallPiece legacy_piece(json::Value function_call) {
  return {.name = function_call["name"].text(), .arguments = function_call["arguments"], .legacy = true};
}

std::optional<std::size_t> find_call(const std::vector<CallState>& calls, const CallPiece& piece) {
  if (!piece.id.empty()) {
    const auto same = latest(calls, [&](const CallState& c) { return c.id == piece.id.escaped(); });
    if (same) return same;
  }
  const auto at = latest(calls, [&](const CallState& c) {
    return c.legacy == piece.legacy && (!piece.number || c.number == piece.number);
  });
  if (!at || begins_another(calls[*at], piece)) return std::nullopt;
  return at;
}

bool is_placeholder(const CallPiece& piece) {
  return !piece.name.empty() && !piece.custom && piece.arguments.size() == 0 &&
         (piece.arguments.is_object() || piece.arguments.text().escaped() == "{}");
}

CallState new_call(const CallPiece& piece) {
  return {.id = std::string(piece.id.escaped()),
          .name = std::string(piece.name.escaped()),
          .signature = std::string(piece.signature.escaped()),
          .number = piece.number,
          .custom = piece.custom,
          .legacy = piece.legacy};
}

bool needs_minted_id(const AnswerState& answer, const CallState& call) {
  if (call.id.empty()) return true;
  const auto has_it = [&](const CallState& c) { return c.started && &c != &call && c.id == call.id; };
  return std::ranges::any_of(answer.choices,
                             [&](const ChoiceState& c) { return std::ranges::any_of(c.calls, has_it); });
}

Result<> CallReader::read_piece(const CallPiece& piece) {
  if (piece.is_void()) return {};
  auto at = find_call(calls(), piece);
  if (!at) {
    auto added = add(piece);
    if (!added) return fail(added);
    at = *added;
  } else {
    CallState& call = calls()[*at];
    if (call.id.empty()) call.id = piece.id.escaped();
    if (call.signature.empty()) call.signature = piece.signature.escaped();
    if (!call.started && piece.name.escaped() != call.name) call.name += piece.name.escaped();
  }
  std::string buffer;
  const json::Text arguments = piece.arguments_text(buffer);
  if (arguments.empty()) return {};
  CallState& call = calls()[*at];
  if (call.name.empty()) return nameless();
  if (is_placeholder(piece) && !call.has_arguments) {
    call.placeholder = true;
    return {};
  }
  emit_arguments(*at, arguments);
  return {};
}

Result<> CallReader::read_whole(const CallPiece& piece) {
  if (piece.is_void()) return {};
  if (piece.name.empty()) return nameless();
  auto at = add(piece);
  if (!at) return fail(at);
  start(*at);
  std::string buffer;
  const json::Text arguments = piece.arguments_text(buffer);
  if (!arguments.empty()) emit_arguments(*at, arguments);
  return {};
}

void CallReader::start_named(json::Value next) {
  if (calls().empty()) return;
  const CallState& call = calls().back();
  if (!call.started && !call.name.empty() && !name_goes_on(next, choice_, call)) start(calls().size() - 1);
}

void CallReader::close(bool cut_off) {
  settle_latest();
  for (std::size_t at = 0; at < calls().size(); ++at) {
    const CallState& call = calls()[at];
    if (call.has_arguments) continue;
    const bool empty_object = !call.custom && (call.placeholder || !cut_off);
    sink_.on(chat::ToolCallDelta{choice_, static_cast<std::uint32_t>(at),
                                 empty_object ? no_arguments : json::Text(), call.custom});
  }
}

Result<std::size_t> CallReader::add(const CallPiece& piece) {
  settle_latest();
  if (calls().size() == AnswerState::max_calls)
    return fail(ErrorCode::upstream_protocol, "the provider's answer has more than " +
                                                  std::to_string(AnswerState::max_calls) + " tool calls");
  calls().push_back(new_call(piece));
  return calls().size() - 1;
}

/// Calls start in order. One that never got a name or arguments was none.
void CallReader::settle_latest() {
  if (calls().empty() || calls().back().started) return;
  if (calls().back().name.empty()) {
    calls().pop_back();
  } else {
    start(calls().size() - 1);
  }
}

void CallReader::start(std::size_t at) {
  CallState& call = calls()[at];
  const MintedId minted(answer_.context.seed, choice_, at);
  const bool mint = needs_minted_id(answer_, call);
  call.started = true;
  sink_.on(chat::ToolCallStart{.choice = choice_,
                               .call = static_cast<std::uint32_t>(at),
                               .id = mint ? minted.text() : json::Text(call.id),
                               .name = answer_.context.renamed_tools.restore(json::Text(call.name)),
                               .signature = json::Text(call.signature),
                               .custom = call.custom});
}

void CallReader::emit_arguments(std::size_t at, json::Text arguments) {
  CallState& call = calls()[at];
  if (!call.started) start(at);
  if (!call.has_arguments) call.has_arguments = !arguments.is_blank();
  sink_.on(chat::ToolCallDelta{choice_, static_cast<std::uint32_t>(at), arguments, call.custom});
}

}  // namespace sluice::dialect::openai
