#include "dialect/anthropic/errors.hpp"

#include "base/text.hpp"
#include "dialect/anthropic/anthropic.hpp"
#include "dialect/provider_error.hpp"
#include "json/writer.hpp"

namespace sluice::dialect::anthropic {
namespace {

Error with_request_id(Error error, json::Value body) {
  constexpr std::size_t max_length = 128;
  const json::Text id = body["request_id"].text();
  if (id.empty() || id.escaped().size() > max_length) return error;
  std::string metadata;
  json::Writer(metadata).begin_object().key("upstream_request_id").text(id).end_object();
  return std::move(error).with_metadata(std::move(metadata));
}

}  // namespace

Error make_error(const ErrorAnswer& answer, json::Value body) {
  return with_request_id(make_provider_error(answer, read_provider_words(body)), body);
}

Error decode_error(const ErrorAnswer& answer) {
  json::Document document;
  const auto body = document.parse(trim(answer.body));
  return body && body->is_object() ? make_error(answer, *body) : read_provider_error(answer);
}

}  // namespace sluice::dialect::anthropic
