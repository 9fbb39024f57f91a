#include "dialect/openai/answer_error.hpp"

#include "dialect/openai/error_facts.hpp"
#include "dialect/openai/finish_reason.hpp"
#include "dialect/provider_error.hpp"

#include <string>

namespace sluice::dialect::openai {
namespace {

/// Hosts write null, "" or {} for "none".
bool is_error(json::Value error) {
  if (error.is_string()) return !error.text().empty();
  if (error.is_object() || error.is_array()) return error.size() > 0;
  return false;
}

/// The form of FastAPI, old vLLM and others: the error is the whole object.
bool is_flat_error(json::Value answer, const AnswerParts& parts) {
  if (parts.choices || usage_in(parts)) return false;
  return parts.object.equals("error") || answer["detail"] || answer["message"].is_string() ||
         answer["msg"].is_string();
}

Error make_error(json::Value said) {
  constexpr int within_an_answer = 200;
  Error error = make_provider_error({.status = within_an_answer}, read_provider_words(said));
  return with_error_facts(std::move(error), said);
}

}  // namespace

std::optional<Error> error_in_answer(std::string_view event, json::Value answer, const AnswerParts& parts) {
  if (answer.is_array()) return error_in_answer(event, answer[0], answer_parts(answer[0]));
  if (is_error(parts.error)) return make_error(answer);
  for (json::Value entry : parts.choices.elements()) {
    const ChoiceParts choice = choice_parts(entry);
    if (is_error(choice.error)) return make_error(entry);
    const json::Text word = choice.finish_reason.text();
    if (!word.empty() && finish_meaning(word).failed)
      return Error(ErrorCode::upstream_error,
                   "the provider gave the answer up with finish_reason `" + word.decode() + "`")
          .with_native_code(word.decode());
  }
  if (event == "error" || is_flat_error(answer, parts)) return make_error(answer);
  return std::nullopt;
}

}  // namespace sluice::dialect::openai
