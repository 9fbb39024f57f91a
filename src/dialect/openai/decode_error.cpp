#include "base/text.hpp"
#include "dialect/openai/error_facts.hpp"
#include "dialect/openai/openai.hpp"
#include "dialect/provider_error.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <string>

namespace sluice::dialect::openai {
namespace {

/// OpenRouter tells in the body when its limit is lifted: in milliseconds since 1970.
std::optional<std::chrono::milliseconds> wait_until_reset(json::Value body, std::int64_t now) {
  const std::string reset = body["error"]["metadata"]["headers"]["X-RateLimit-Reset"].string();
  std::int64_t at = 0;
  const auto [end, error] = std::from_chars(reset.data(), reset.data() + reset.size(), at);
  if (error != std::errc() || end != reset.data() + reset.size() || now <= 0) return std::nullopt;
  constexpr std::int64_t a_day = 86'400'000;
  const std::int64_t wait = at - now * 1000;
  if (wait < 0 || wait > a_day) return std::nullopt;
  return std::chrono::milliseconds(wait);
}

}  // namespace

Error decode_error(const ErrorAnswer& answer) {
  Error error = read_provider_error(answer);
  json::Document document;
  const auto body = document.parse(trim(answer.body));
  if (!body) return error;
  error = with_error_facts(std::move(error), *body);
  if (error.retry_after()) return error;
  const auto wait = wait_until_reset(*body, answer.now);
  return wait ? std::move(error).with_retry_after(*wait) : std::move(error);
}

}  // namespace sluice::dialect::openai
