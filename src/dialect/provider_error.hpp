#pragma once
// What a provider says when it refuses or fails, in any of the shapes in use, as one of our errors.

#include "base/result.hpp"
#include "dialect/dialect.hpp"
#include "json/document.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::dialect {

/// A provider's own words. Whatever it did not say is empty.
struct ProviderWords {
  std::string message;
  std::string code;   ///< `error.code`: `context_length_exceeded`, `429`
  std::string type;   ///< `error.type`, Google's `status`, AWS' exception name
  std::string param;  ///< the member of the request that it names
  std::optional<std::chrono::milliseconds> retry_after;  ///< where the body tells
};

/// Reads an error body, or the value of an `error` member, whatever its shape.
ProviderWords read_provider_words(json::Value error);
/// The human-readable message in it; where a host put another host's body into its own, both, the outer one
/// first. Empty if none.
std::string error_message(json::Value error);

/// The error that a client gets for what a provider said: classified by status, words and message, secrets
/// taken out of the message. `answer.status` below 400 means that the error came inside an answer or a
/// stream.
Error make_provider_error(const ErrorAnswer& answer, ProviderWords words);
/// The same for a whole answer in any known shape; pages of HTML and bodies without JSON included.
Error read_provider_error(const ErrorAnswer& answer);

/// `text` without what looks like a credential or an account number.
std::string redact_secrets(std::string_view text);
/// The wait that a provider asks for in its headers.
std::optional<std::chrono::milliseconds> read_retry_after(const ErrorAnswer& answer);

}  // namespace sluice::dialect
