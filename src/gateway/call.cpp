#include "gateway/call.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

namespace sluice::gateway {
namespace {

constexpr std::size_t max_error_body = std::size_t{1} << 20;

std::int64_t unix_seconds(const Core& core) {
  return static_cast<std::int64_t>(core.loop.unix_milliseconds() / 1000);
}

/// Header lines behind the dialect's own. Answers are read as they come, so compression is refused.
std::string field_lines(Core& core, const Provider& provider, const dialect::Credentials& credentials,
                        const dialect::Dialect& dialect, dialect::Outgoing& outgoing, bool stream) {
  const std::string host = provider.base.authority();
  const dialect::Destination to{.host = host, .path = provider.base.path, .now = unix_seconds(core)};
  dialect.authorize(credentials, to, outgoing);
  std::string lines;
  lines.reserve(512);
  const auto add = [&](std::string_view name, std::string_view value) {
    lines.append(name).append(": ").append(value).append("\r\n");
  };
  add("content-type", dialect::body_type);
  add("accept", stream ? dialect::media_type(dialect.framing) : "application/json");
  add("accept-encoding", "identity");
  add("user-agent", "sluice");
  for (const dialect::Header& header : outgoing.headers) add(header.name, header.value);
  for (const auto& [name, value] : provider.headers) add(name, value.reveal());
  return lines;
}

/// Some hosts quote the credential that they refuse.
void hide(const Secret& secret, std::string& text) {
  constexpr std::size_t shortest = 8;  // anything shorter is no secret, and may be any word
  const std::string_view hidden = secret.reveal();
  if (hidden.size() < shortest) return;
  for (std::size_t at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at))
    text.replace(at, hidden.size(), "[redacted]");
}

Task<Result<http::ClientResponse>> read_refusal(Core& core, const Provider& provider,
                                                const dialect::Credentials& own,
                                                const dialect::Dialect& dialect,
                                                http::ClientResponse response, Story& story) {
  const http::Fields& fields = response.fields();
  const auto body = co_await response.read_all(max_error_body);
  std::string text = body ? *body : std::string();
  for (const Secret* secret :
       {&own.api_key, &own.access_token, &own.access_key_id, &own.secret_access_key, &own.session_token})
    hide(*secret, text);
  for (const auto& [name, value] : provider.headers) hide(value, text);
  story.upstream_bytes_in = response.bytes_received();
  co_return fail(dialect.decode_error({.status = response.status(),
                                       .body = text,
                                       .content_type = fields.get("content-type"),
                                       .retry_after = fields.get("retry-after"),
                                       .retry_after_ms = fields.get("retry-after-ms"),
                                       .error_type = fields.get("x-amzn-errortype"),
                                       .now = unix_seconds(core)}));
}

void note(const http::ClientResponse& response, Attempt& attempt) {
  attempt.sent_us = attempt.began_us + response.times().sent;
  attempt.first_byte_us = attempt.began_us + response.times().first_byte;
  if (!response.reused()) attempt.connect_us = response.times().connected;
  attempt.status = response.status();
  attempt.address = to_string(response.address());
}

/// `"unsupported_params": "error"`: rather no answer than one to another question.
Result<> supported(const chat::Request& request, const chat::Changes& changes) {
  if (changes.empty() || !request.source["unsupported_params"].equals("error")) return {};
  for (const chat::Change& change : changes.list())
    if (change.kind == chat::Change::Kind::dropped || change.kind == chat::Change::Kind::clamped ||
        change.kind == chat::Change::Kind::emulated)
      return fail(Error(ErrorCode::unsupported_parameter,
                        change.param + " is not supported as it is asked for: " + change.reason)
                      .with_param(change.param));
  return {};
}

/// What is left of the request's time bounds every attempt.
http::Deadlines deadlines_of(const Provider& provider, const Core& core, const Story& story) {
  http::Deadlines deadlines = provider.deadlines;
  const auto gone = std::chrono::duration_cast<std::chrono::milliseconds>(http::Clock::now() - story.began);
  deadlines.total =
      std::max(std::chrono::milliseconds(1), std::min(deadlines.total, core.shared.total_deadline - gone));
  return deadlines;
}

/// The provider has the request; its answer may take minutes.
void let_go_of_body(dialect::Outgoing& outgoing) {
  outgoing.pieces = {};
  outgoing.patch_storage = {};
  outgoing.body = {};
  outgoing.headers = {};
}

}  // namespace

Task<Result<http::ClientResponse>> call(Core& core, const chat::Request& request, const Target& target,
                                        const dialect::Dialect& dialect, dialect::Outgoing& outgoing,
                                        http::Cancellation& cancellation, Story& story) {
  const Provider& provider = *target.provider;
  if (request.doubt && !dialect.of_clients) co_return fail(request.doubt->clone());
  auto encoded = dialect.encode_request(request,
                                        {.model = target.model,
                                         .capabilities = *target.capabilities,
                                         .host = *provider.host,
                                         .cloud = provider.cloud},
                                        outgoing);
  if (!encoded) co_return fail(encoded);
  if (auto all = supported(request, outgoing.changes); !all) co_return fail(all);

  AccessToken* const token = core.token_of(provider);
  if (token)
    if (auto ready = co_await token->ready(); !ready) co_return fail(ready);
  const dialect::Credentials fetched{.access_token = token ? token->text() : Secret()};
  const dialect::Credentials& credentials = token ? fetched : provider.credentials;
  const std::string fields = field_lines(core, provider, credentials, dialect, outgoing, request.stream);
  const std::array whole{std::string_view(outgoing.body)};
  const http::ClientRequest asked{
      .path = outgoing.path,
      .fields = fields,
      .body = outgoing.pieces.empty() ? std::span<const std::string_view>(whole) : outgoing.pieces};
  core.counters.add(observe::Metric::upstream_attempts);
  story.wait_begins();
  auto response =
      co_await core.clients[provider.index]->send(asked, deadlines_of(provider, core, story), &cancellation);
  if (!response) co_return fail(response);

  let_go_of_body(outgoing);
  note(*response, story.attempt());
  if (token && response->status() == 401) token->forget();
  if (response->status() < 200 || response->status() > 299)
    co_return co_await read_refusal(core, provider, credentials, dialect, std::move(*response), story);
  if (const auto coding = response->fields().get("content-encoding"); !coding.empty() && coding != "identity")
    co_return fail(ErrorCode::upstream_protocol, "the provider answered in the coding '" +
                                                     std::string(coding) + "', which was not asked for");
  co_return response;
}

}  // namespace sluice::gateway
