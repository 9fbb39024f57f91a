// What a provider says when it fails, as the client's error: always an error, always JSON, never a secret.

#include "dialect/dialect.hpp"
#include "dialect/openai/openai.hpp"
#include "dialect/provider_error.hpp"
#include "fuzz/check.hpp"

#include <simdjson.h>

#include <array>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::fuzz;
  const std::string_view input = text_of(data, size);
  Choices choices(input);
  // Up to the first line's end: the headers' values, separated by bars; behind it the body.
  const auto line_end = input.find('\n');
  std::string_view headers = line_end == std::string_view::npos ? "" : input.substr(0, line_end);
  const std::string_view body = line_end == std::string_view::npos ? input : input.substr(line_end + 1);
  std::array<std::string_view, 4> values;
  for (std::string_view& value : values) {
    const auto bar = headers.find('|');
    value = headers.substr(0, bar);
    headers.remove_prefix(bar == std::string_view::npos ? headers.size() : bar + 1);
  }
  constexpr std::array statuses{0,   200, 302, 400, 401, 403, 404, 408, 409,
                                413, 422, 429, 500, 502, 503, 504, 529, 599};
  const dialect::ErrorAnswer answer{.status = statuses[choices.below(statuses.size())],
                                    .body = body,
                                    .content_type = values[0],
                                    .retry_after = values[1],
                                    .retry_after_ms = values[2],
                                    .error_type = values[3],
                                    .now = 1'800'000'000};
  for (const dialect::Dialect& dialect : dialect::all()) {
    const Error error = dialect.decode_error(answer);
    check(error.traits().http_status >= 400, "an error that is none", error.message());
    check(!error.message().empty(), "an error that says nothing");
    check(!error.retry_after() || error.retry_after()->count() >= 0, "a wait that is over before it begins");
    std::string encoded;
    dialect::openai::encode_error(error, "id", encoded);
    json::Document document;
    const auto parsed = document.parse(encoded);
    check(parsed && (*parsed)["error"]["message"].is_string(), "an error that is no JSON", encoded);
    encoded.clear();
    dialect::openai::encode_stream_error(error, "id", encoded);
    check(encoded.starts_with("data: {") && encoded.ends_with("}\n\n"), "an error that is no event", encoded);
  }
  const std::string redacted = dialect::redact_secrets(body);
  check(dialect::redact_secrets(redacted) == redacted, "what is redacted is redacted again", redacted);
  const std::string with_key = "key sk-proj-0123456789abcdefABCDEF0123456789 " + std::string(body);
  check(!dialect::redact_secrets(with_key).starts_with("key sk-proj-0123456789abcdef"), "a key gets out");
  return 0;
}
