#include "dialect/responses/errors.hpp"

#include "base/text.hpp"
#include "dialect/openai/error_facts.hpp"
#include "dialect/provider_error.hpp"
#include "dialect/responses/responses.hpp"

namespace sluice::dialect::responses {

Error make_error(json::Value error) {
  ProviderWords words = read_provider_words(error);
  if (words.type == "error") words.type.clear();  // that is the event's own name
  return make_provider_error({.status = 200}, std::move(words));
}

Error decode_error(const ErrorAnswer& answer) {
  Error error = read_provider_error(answer);
  json::Document document;
  const auto body = document.parse(trim(answer.body));
  return body ? openai::with_error_facts(std::move(error), *body) : std::move(error);
}

}  // namespace sluice::dialect::responses
