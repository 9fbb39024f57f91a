#include "gateway/reply_error.hpp"

#include "dialect/openai/openai.hpp"

#include <array>
#include <string>
#include <vector>

namespace sluice::gateway {

Task<> reply_error(http::Exchange& exchange, Error error, Story& story) {
  story.error = std::move(error);
  const Error& failure = *story.error;
  if (exchange.answer_begun() || failure.code() == ErrorCode::client_gone) {
    if (story.status == 0) story.status = failure.traits().http_status;
    if (failure.code() == ErrorCode::client_gone || !story.stream) co_return;
    // A stream that has begun must not just end: the client would take what it has for all there is.
    std::string event;
    dialect::openai::encode_stream_error(failure, story.id.text(), event);
    co_await exchange.end_stream(event);
    co_return;
  }
  story.status = failure.traits().http_status;
  std::string body;
  dialect::openai::encode_error(failure, story.id.text(), body);
  std::string wait;
  std::vector<http::OutField> fields{{"content-type", "application/json"}, {"x-request-id", story.id.text()}};
  if (const auto after = failure.retry_after()) {
    wait = std::to_string((after->count() + 999) / 1000);
    fields.push_back({"retry-after", wait});
  }
  if (story.status == 401) fields.push_back({"www-authenticate", "Bearer"});
  const std::array pieces{std::string_view(body)};
  co_await exchange.respond(story.status, fields, pieces);
}

}  // namespace sluice::gateway
