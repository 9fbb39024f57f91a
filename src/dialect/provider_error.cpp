#include "dialect/provider_error.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::dialect {
namespace {

/// What a provider's word for a failure means. Where the word `decides`, it says more than the HTTP status;
/// the others repeat the status in words and count only where there is none (inside a stream).
struct Word {
  std::string_view word;
  ErrorCode code;
  bool decides;
};

constexpr std::array words_known{
    Word{"context_length_exceeded", ErrorCode::context_length_exceeded, true},
    Word{"exceed_context_size_error", ErrorCode::context_length_exceeded, true},
    Word{"insufficient_quota", ErrorCode::upstream_quota, true},
    Word{"billing_error", ErrorCode::upstream_quota, true},
    Word{"invalid_api_key", ErrorCode::upstream_auth, true},
    Word{"API_KEY_INVALID", ErrorCode::upstream_auth, true},
    Word{"model_not_found", ErrorCode::upstream_model_unavailable, true},
    Word{"invalid_model", ErrorCode::upstream_model_unavailable, true},
    Word{"DeploymentNotFound", ErrorCode::upstream_model_unavailable, true},
    Word{"overloaded_error", ErrorCode::upstream_overloaded, true},
    Word{"content_filter", ErrorCode::upstream_invalid_request, true},
    Word{"content_policy_violation", ErrorCode::upstream_invalid_request, true},
    // AWS (docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html)
    Word{"ThrottlingException", ErrorCode::upstream_rate_limited, true},
    Word{"ServiceQuotaExceededException", ErrorCode::upstream_rate_limited, true},
    Word{"ModelNotReadyException", ErrorCode::upstream_overloaded, true},
    Word{"ServiceUnavailableException", ErrorCode::upstream_overloaded, true},
    Word{"ModelTimeoutException", ErrorCode::upstream_timeout, true},
    Word{"ModelErrorException", ErrorCode::upstream_error, true},
    Word{"ModelStreamErrorException", ErrorCode::upstream_error, true},
    Word{"InternalServerException", ErrorCode::upstream_error, true},
    Word{"AccessDeniedException", ErrorCode::upstream_auth, true},
    Word{"ResourceNotFoundException", ErrorCode::upstream_model_unavailable, true},
    Word{"ValidationException", ErrorCode::upstream_invalid_request, false},
    Word{"invalid_request_error", ErrorCode::upstream_invalid_request, false},
    Word{"authentication_error", ErrorCode::upstream_auth, false},
    Word{"permission_error", ErrorCode::upstream_auth, false},
    Word{"not_found_error", ErrorCode::upstream_model_unavailable, false},
    Word{"request_too_large", ErrorCode::request_too_large, false},
    Word{"rate_limit_error", ErrorCode::upstream_rate_limited, false},
    Word{"rate_limit_exceeded", ErrorCode::upstream_rate_limited, false},
    Word{"api_error", ErrorCode::upstream_error, false},
    Word{"server_error", ErrorCode::upstream_error, false},
    Word{"timeout_error", ErrorCode::upstream_timeout, false},
    // Google (cloud.google.com/apis/design/errors)
    Word{"INVALID_ARGUMENT", ErrorCode::upstream_invalid_request, false},
    Word{"FAILED_PRECONDITION", ErrorCode::upstream_invalid_request, false},
    Word{"UNAUTHENTICATED", ErrorCode::upstream_auth, false},
    Word{"PERMISSION_DENIED", ErrorCode::upstream_auth, false},
    Word{"NOT_FOUND", ErrorCode::upstream_model_unavailable, false},
    Word{"RESOURCE_EXHAUSTED", ErrorCode::upstream_rate_limited, false},
    Word{"UNAVAILABLE", ErrorCode::upstream_overloaded, false},
    Word{"DEADLINE_EXCEEDED", ErrorCode::upstream_timeout, false},
    Word{"INTERNAL", ErrorCode::upstream_error, false},
};

/// Messages that say more than the status and the words around them: all pieces occur, in this order.
struct Phrase {
  std::array<std::string_view, 2> pieces;
  ErrorCode code;
};

constexpr std::array context_phrases{
    Phrase{{"context_length_exceeded", ""}, ErrorCode::context_length_exceeded},
    Phrase{{"maximum context length", ""}, ErrorCode::context_length_exceeded},
    Phrase{{"max context length", ""}, ErrorCode::context_length_exceeded},                       // Ollama
    Phrase{{"prompt is too long", ""}, ErrorCode::context_length_exceeded},                       // Anthropic
    Phrase{{"input length and", "exceed context limit"}, ErrorCode::context_length_exceeded},     // Anthropic
    Phrase{{"exceeds the context window", ""}, ErrorCode::context_length_exceeded},               // OpenAI
    Phrase{{"input token count", "exceeds the maximum"}, ErrorCode::context_length_exceeded},     // Gemini
    Phrase{{"input is too long for requested model", ""}, ErrorCode::context_length_exceeded},    // Bedrock
    Phrase{{"too large for model with", "maximum context"}, ErrorCode::context_length_exceeded},  // Mistral
    Phrase{{"exceeds the available context size", ""}, ErrorCode::context_length_exceeded},       // llama.cpp
    Phrase{{"range of input length should be", ""}, ErrorCode::context_length_exceeded},          // DashScope
};

/// Faults of the operator's account that some hosts report as if the request were bad.
constexpr std::array account_phrases{
    Phrase{{"credit balance is too low", ""}, ErrorCode::upstream_quota},
    Phrase{{"api key not valid", ""}, ErrorCode::upstream_auth},
    Phrase{{"incorrect api key", ""}, ErrorCode::upstream_auth},
    Phrase{{"invalid api key", ""}, ErrorCode::upstream_auth},
    Phrase{{"user location is not supported", ""}, ErrorCode::upstream_model_unavailable},
    Phrase{{"model identifier is invalid", ""}, ErrorCode::upstream_model_unavailable},
    Phrase{{"invocation of model id", "supported"}, ErrorCode::upstream_model_unavailable},
    Phrase{{"the model", "does not exist"}, ErrorCode::upstream_model_unavailable},
    Phrase{{"model not found", ""}, ErrorCode::upstream_model_unavailable},
    Phrase{{"invalid model", ""}, ErrorCode::upstream_model_unavailable},
};

constexpr std::array<std::pair<int, ErrorCode>, 14> statuses{{{401, ErrorCode::upstream_auth},
                                                              {402, ErrorCode::upstream_quota},
                                                              {403, ErrorCode::upstream_auth},
                                                              {404, ErrorCode::upstream_model_unavailable},
                                                              {408, ErrorCode::upstream_timeout},
                                                              {409, ErrorCode::upstream_error},
                                                              {413, ErrorCode::request_too_large},
                                                              {424, ErrorCode::upstream_error},
                                                              {429, ErrorCode::upstream_rate_limited},
                                                              {498, ErrorCode::upstream_overloaded},
                                                              {499, ErrorCode::upstream_error},
                                                              {503, ErrorCode::upstream_overloaded},
                                                              {504, ErrorCode::upstream_timeout},
                                                              {529, ErrorCode::upstream_overloaded}}};

constexpr std::size_t max_message_bytes = 4096;  // more than any real message, less than a page

bool occurs(const Phrase& phrase, std::string_view lower) {
  std::size_t at = 0;
  for (std::string_view piece : phrase.pieces) {
    at = lower.find(piece, at);
    if (at == std::string_view::npos) return false;
    at += piece.size();
  }
  return true;
}

template <std::size_t N>
std::optional<ErrorCode> by_phrase(const std::array<Phrase, N>& phrases, std::string_view lower) {
  const auto* row =
      std::ranges::find_if(phrases, [&](const Phrase& phrase) { return occurs(phrase, lower); });
  return row == phrases.end() ? std::nullopt : std::optional(row->code);
}

std::optional<ErrorCode> by_word(const ProviderWords& words, bool deciding) {
  for (const std::string& said : {words.code, words.type})
    for (const Word& known : words_known)
      if (known.decides == deciding && iequals(known.word, said)) return known.code;
  return std::nullopt;
}

ErrorCode by_status(int status) {
  const auto* row = std::ranges::find(statuses, status, &std::pair<int, ErrorCode>::first);
  if (row != statuses.end()) return row->second;
  return status >= 400 && status < 500 ? ErrorCode::upstream_invalid_request : ErrorCode::upstream_error;
}

int as_status(std::string_view code) {
  int status = 0;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), status);
  const bool all = error == std::errc() && end == code.data() + code.size();
  return all && status >= 400 && status < 600 ? status : 0;
}

/// A text that is too long for the model, where the provider says so by a limit on a text member.
bool is_too_long_text(const ProviderWords& words) {
  return words.code == "string_above_max_length" &&
         (words.param.ends_with("content") || words.param.ends_with("text"));
}

ErrorCode classify(int status, const ProviderWords& words) {
  const std::string lower = ascii_lower(words.message);
  const bool about_request = status < 400 || status == 400 || status == 413 || status == 422;
  if (about_request && (by_phrase(context_phrases, lower) || is_too_long_text(words)))
    return ErrorCode::context_length_exceeded;
  if (const auto code = by_word(words, true)) return *code;
  if (about_request) {
    if (const auto code = by_phrase(account_phrases, lower)) return *code;
  }
  if (status >= 400) return by_status(status);
  if (const auto code = by_word(words, false)) return *code;
  return by_status(as_status(words.code));
}

/// The longest prefix of at most `max_bytes` that does not cut a character.
std::string_view shortened(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  while (max_bytes > 0 && (static_cast<unsigned char>(text[max_bytes]) & 0xc0) == 0x80) --max_bytes;
  return text.substr(0, max_bytes);
}

std::string status_text(int status) {
  return "HTTP " + std::to_string(status);
}

}  // namespace

Error make_provider_error(const ErrorAnswer& answer, ProviderWords words) {
  const ErrorCode code = classify(answer.status, words);
  std::string message = redact_secrets(shortened(trim(words.message), max_message_bytes));
  if (message.empty()) {
    message = "the provider gave no reason";
    if (answer.status >= 400) message += " (" + status_text(answer.status) + ")";
  }
  // A number repeats the status; the word beside it says more.
  const bool numeric = !words.code.empty() && words.code.find_first_not_of("0123456789") == std::string::npos;
  std::string native = words.code.empty() || (numeric && !words.type.empty()) ? words.type : words.code;
  auto error = Error(code, std::move(message))
                   .with_native_code(redact_secrets(shortened(native, 128)))
                   .with_param(std::string(shortened(words.param, 256)))
                   .with_upstream_status(answer.status);
  if (const auto wait = read_retry_after(answer)) return std::move(error).with_retry_after(*wait);
  if (words.retry_after) return std::move(error).with_retry_after(*words.retry_after);
  return error;
}

Error read_provider_error(const ErrorAnswer& answer) {
  const std::string_view body = trim(answer.body);
  if (body.starts_with('{') || body.starts_with('[') || body.starts_with('"')) {
    json::Document document;
    if (const auto root = document.parse(body)) {
      ProviderWords words = read_provider_words(*root);
      if (words.type.empty() && !answer.error_type.empty())
        words.type = answer.error_type.substr(0, answer.error_type.find(':'));
      return make_provider_error(answer, std::move(words));
    }
  }
  const bool page = body.starts_with('<') || icontains(answer.content_type, "html");
  ProviderWords words{.message =
                          page ? status_text(answer.status) + " with a web page instead of an API's answer"
                               : std::string(shortened(body, max_message_bytes))};
  words.type = answer.error_type.substr(0, answer.error_type.find(':'));
  return make_provider_error(answer, std::move(words));
}

}  // namespace sluice::dialect
