#include "dialect/openai/conform.hpp"

#include "dialect/openai/answer_calls.hpp"
#include "dialect/openai/answer_said.hpp"
#include "dialect/openai/decode_usage.hpp"
#include "dialect/openai/finish_reason.hpp"
#include "dialect/openai/look_ahead.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace sluice::dialect::openai {
namespace {

using Role = ChoiceState::Role;

bool is_plain_integer(json::Value value) {
  return value.is_number() && value.raw().find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_text_or_null(json::Value value) {
  return !value || value.is_string();
}

bool is_filled_text(json::Value value) {
  return value.is_string() && !value.text().empty();
}

bool is_void(json::Value value) {
  return !value || (value.is_string() && value.text().empty());
}

bool envelope_conforms(const AnswerParts& answer, std::string_view object, const AnswerContext& context) {
  return !context.legacy_functions && answer.object.equals(object) && is_filled_text(answer.id) &&
         is_plain_integer(answer.created) && answer.model.is_string() && answer.choices.size() > 0 &&
         !answer.error;
}

/// What is thought is shown as `reasoning_content`, and under no other name alone.
bool said_conforms(const SaidParts& said) {
  return is_text_or_null(said.content) && is_text_or_null(said.refusal) &&
         is_text_or_null(said.reasoning_content) && is_void(said.reasoning) && is_void(said.thinking) &&
         (is_filled_text(said.reasoning_content) || !has_readable_detail(said.reasoning_details)) &&
         !said.function_call.exists();
}

/// Type and name as they are due at the start of a call.
bool is_introduced(json::Value entry, const CallPiece& piece, const AnswerContext& context) {
  return entry["type"].equals(piece.custom ? "custom" : "function") && !piece.name.empty() &&
         context.renamed_tools.restore(piece.name).escaped() == piece.name.escaped();
}

// ---- chunks -----------------------------------------------------------------------------------------

/// One choice of a chunk, against what came before it.
class ChunkChoice {
 public:
  ChunkChoice(const AnswerState& answer, const ChoiceState& before, std::uint32_t at, json::Value next)
      : answer_(answer), before_(before), at_(at), next_(next) {}

  bool conforms(const ChoiceParts& choice) const {
    if (!choice.finish_reason.is_null() || before_.reason) return false;
    if (!is_plain_integer(choice.index) || !choice.delta.is_object()) return false;
    if (choice.message.exists() || choice.tool_calls.exists() || choice.usage || choice.error) return false;
    const SaidParts said = said_parts(choice.delta);
    return role_conforms(said) && said_conforms(said) && calls_conform(said.tool_calls);
  }

 private:
  /// With the first chunk comes the role, and content beside it, and with no other.
  bool role_conforms(const SaidParts& said) const {
    if (before_.role == Role::unsent) return said.role.equals("assistant") && said.content.exists();
    return before_.role == Role::sent && !said.role.exists();
  }

  bool calls_conform(json::Value calls) const {
    const bool call_pends = !before_.calls.empty() && !before_.calls.back().started;
    if (call_pends) return false;
    if (!calls.exists()) return true;
    // Entries are compared with what came before the chunk, so only one may begin a call.
    std::size_t begun = 0, entries = 0;
    for (json::Value entry : calls.elements()) {
      const CallPiece piece = call_piece(entry);
      if (!piece.arguments.is_string() || !is_plain_integer(entry["index"])) return false;
      const auto known = find_call(before_.calls, piece);
      begun += !known;
      ++entries;
      const bool fits = known ? goes_on(entry, piece, *known) : begins(entry, piece);
      if (!fits || (begun > 0 && entries > 1)) return false;
    }
    return entries > 0;
  }

  static bool goes_on(json::Value entry, const CallPiece& piece, std::size_t call) {
    return entry["index"].integer() == static_cast<std::int64_t>(call) && !entry["id"].exists() &&
           !entry["type"].exists() && piece.name.empty();
  }

  bool begins(json::Value entry, const CallPiece& piece) const {
    const CallState call = new_call(piece);
    return entry["index"].integer() == static_cast<std::int64_t>(before_.calls.size()) &&
           is_introduced(entry, piece, answer_.context) && !needs_minted_id(answer_, call) &&
           !is_placeholder(piece) && !name_goes_on(next_, at_, call);
  }

  const AnswerState& answer_;
  const ChoiceState& before_;
  std::uint32_t at_;
  json::Value next_;
};

// ---- whole bodies -----------------------------------------------------------------------------------

/// The choices of a body, one after the other.
class BodyChoices {
 public:
  explicit BodyChoices(const AnswerContext& context) : context_(context) {}

  bool conforms(const ChoiceParts& choice) {
    if (!is_plain_integer(choice.index) || choice.index.integer() != position_++) return false;
    if (!choice.message.is_object() || choice.delta.exists() || choice.tool_calls.exists()) return false;
    if (choice.error || choice.usage) return false;
    const SaidParts said = said_parts(choice.message);
    return said.role.equals("assistant") && said.content.exists() && said_conforms(said) &&
           calls_conform(said.tool_calls) && finish_conforms(choice.finish_reason, said.tool_calls.exists());
  }

 private:
  bool calls_conform(json::Value calls) {
    if (!calls.exists()) return true;
    if (!calls.is_array() || calls.size() == 0 || calls.size() > AnswerState::max_calls) return false;
    for (json::Value entry : calls.elements()) {
      const CallPiece piece = call_piece(entry);
      if (!is_introduced(entry, piece, context_) || !is_new(piece.id) || !piece.arguments.is_string())
        return false;
      if (!piece.custom && piece.arguments.text().is_blank()) return false;
    }
    return true;
  }

  bool is_new(json::Text id) {
    if (id.empty() || std::ranges::find(ids_, id.escaped()) != ids_.end()) return false;
    ids_.push_back(id.escaped());
    return true;
  }

  /// The client gets this very word.
  static bool finish_conforms(json::Value finish, bool has_calls) {
    const std::string_view word = finish.text().escaped();
    if (!is_published_finish(word) || word == "function_call") return false;
    if (word == "tool_calls") return has_calls;
    return word != "stop" || !has_calls;
  }

  const AnswerContext& context_;
  std::int64_t position_ = 0;
  std::vector<std::string_view> ids_;
};

}  // namespace

bool chunk_conforms(const AnswerParts& chunk, json::Value next, const AnswerState& answer) {
  if (!envelope_conforms(chunk, "chat.completion.chunk", answer.context) || usage_in(chunk)) return false;
  if (answer.started && chunk.id.text().escaped() != answer.id) return false;
  const ChoiceState fresh;
  std::int64_t previous = -1;
  for (json::Value entry : chunk.choices.elements()) {
    const ChoiceParts choice = choice_parts(entry);
    const std::int64_t at = choice_index(choice);
    if (at <= previous || at >= static_cast<std::int64_t>(AnswerState::max_choices)) return false;
    const auto place = static_cast<std::size_t>(at);
    const ChoiceState& before = place < answer.choices.size() ? answer.choices[place] : fresh;
    if (!ChunkChoice(answer, before, static_cast<std::uint32_t>(at), next).conforms(choice)) return false;
    previous = at;
  }
  return true;
}

bool body_conforms(const AnswerParts& body, const AnswerState& answer) {
  if (!envelope_conforms(body, "chat.completion", answer.context)) return false;
  BodyChoices choices(answer.context);
  for (json::Value entry : body.choices.elements())
    if (!choices.conforms(choice_parts(entry))) return false;
  return true;
}

}  // namespace sluice::dialect::openai
