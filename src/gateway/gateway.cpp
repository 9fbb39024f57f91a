#include "gateway/gateway.hpp"

#include "dialect/openai/openai.hpp"
#include "gateway/chat_handler.hpp"
#include "gateway/endpoints.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sluice::gateway {
namespace {

Task<> chat(Core& core, http::Exchange& exchange, Rest) {
  return serve_chat(core, exchange);
}

struct Endpoint {
  http::Method method;
  std::string_view path;
  bool prefix;  ///< something follows the path
  Task<> (*serve)(Core& core, http::Exchange& exchange, Rest rest);
};

constexpr std::array endpoints{
    Endpoint{http::Method::post, "/v1/chat/completions", false, chat},
    Endpoint{http::Method::post, "/chat/completions", false, chat},
    Endpoint{http::Method::get, "/v1/models", false, serve_models},
    Endpoint{http::Method::get, "/v1/models/", true, serve_model},
    Endpoint{http::Method::get, "/v1/requests/", true, serve_request},
    Endpoint{http::Method::get, "/healthz", false, serve_health},
    Endpoint{http::Method::get, "/readyz", false, serve_ready},
    Endpoint{http::Method::get, "/metrics", false, serve_metrics},
};

bool matches(const Endpoint& endpoint, std::string_view path) {
  return endpoint.prefix ? path.size() > endpoint.path.size() && path.starts_with(endpoint.path)
                         : path == endpoint.path;
}

std::string_view name_of(http::Method method) {
  return method == http::Method::post ? "POST" : "GET";
}

/// What a refusal of the HTTP layer means, by its status; where it is none of these, a malformed request.
constexpr std::array refusal_codes{
    ErrorCode::request_timeout,           ErrorCode::request_too_large, ErrorCode::uri_too_long,
    ErrorCode::header_fields_too_large,   ErrorCode::internal,          ErrorCode::not_implemented,
    ErrorCode::http_version_not_supported};

std::string_view allow_of(http::Method method) {
  return method == http::Method::post ? "POST" : "GET, HEAD";
}

/// `allowed`: what an Allow field says (RFC 9110 section 15.5.6).
Task<> reply_wrong_method(http::Exchange& exchange, std::string_view allowed) {
  const Error error(ErrorCode::method_not_allowed, std::string(exchange.head().method_name) +
                                                       " is not allowed here; use " + std::string(allowed));
  co_await reply_failure(exchange, error, {"allow", allowed});
}

Task<> reply_not_found(http::Exchange& exchange) {
  std::string known;
  for (const Endpoint& endpoint : endpoints)
    known.append(known.empty() ? "" : ", ")
        .append(name_of(endpoint.method))
        .append(" ")
        .append(endpoint.path);
  const Error error(ErrorCode::not_found,
                    "there is nothing at " + std::string(exchange.head().path) + "; there are: " + known);
  co_await reply_failure(exchange, error);
}

}  // namespace

Task<> Gateway::serve(http::Exchange& exchange) {
  const http::RequestHead& head = exchange.head();
  const http::Method asked = head.method == http::Method::head ? http::Method::get : head.method;
  const Endpoint* other_method = nullptr;
  for (const Endpoint& endpoint : endpoints) {
    if (!matches(endpoint, head.path)) continue;
    if (endpoint.method == asked)
      return endpoint.serve(core_, exchange, head.path.substr(endpoint.path.size()));
    other_method = &endpoint;
  }
  return other_method ? reply_wrong_method(exchange, allow_of(other_method->method))
                      : reply_not_found(exchange);
}

http::RefusalAnswer Gateway::describe_refusal(int status, std::string_view why) {
  const auto status_of = [](ErrorCode code) { return traits(code).http_status; };
  const auto* row = std::ranges::find(refusal_codes, status, status_of);
  const ErrorCode code = row == refusal_codes.end() ? ErrorCode::invalid_request : *row;
  const RequestId id = RequestId::create(core_.loop.unix_milliseconds());
  http::RefusalAnswer answer{
      .fields = {{"content-type", "application/json"}, {"x-request-id", std::string(id.text())}}, .body = {}};
  dialect::openai::encode_error(Error(code, std::string(why)), id.text(), answer.body);
  return answer;
}

void Gateway::on_exception(std::string_view what) {
  core_.log.write(observe::Level::error, observe::Event::internal_error, {}, {"http", what});
}

void Gateway::on_accept_failure(std::size_t listener, std::string_view why) {
  core_.log.write(observe::Level::error, observe::Event::accept_failed, {}, {std::to_string(listener), why});
}

}  // namespace sluice::gateway
