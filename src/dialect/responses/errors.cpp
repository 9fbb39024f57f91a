#include "dialect/responses/errors.hpp"

#include "dialect/provider_error.hpp"
#include "dialect/responses/responses.hpp"

namespace sluice::dialect::responses {

Error make_error(json::Value error) {
  ProviderWords words = read_provider_words(error);
  if (words.type == "error") words.type.clear();  // that is the event's own name
  return make_provider_error({.status = 200}, std::move(words));
}

Error decode_error(const ErrorAnswer& answer) {
  return read_provider_error(answer);
}

}  // namespace sluice::dialect::responses
