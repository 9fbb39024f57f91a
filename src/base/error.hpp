#pragma once
// What can go wrong, and what each failure means to the outside world.
//
// One row per failure: its wire name, OpenAI's error type, the HTTP status, and whether another target may
// succeed. A new failure is one enumerator and one row.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

enum class ErrorCode : std::uint8_t {
  invalid_request,
  invalid_json,
  unsupported_parameter,
  unsupported_schema,
  request_timeout,
  request_too_large,
  uri_too_long,
  unsupported_media_type,
  header_fields_too_large,
  not_implemented,
  http_version_not_supported,
  context_length_exceeded,
  unauthenticated,
  permission_denied,
  model_not_found,
  model_not_available_in_region,
  unknown_region,
  not_found,
  method_not_allowed,
  rate_limited,
  overloaded,
  upstream_invalid_request,
  upstream_auth,
  upstream_model_unavailable,
  upstream_rate_limited,
  upstream_quota,
  upstream_overloaded,
  upstream_error,
  upstream_unreachable,
  upstream_protocol,
  upstream_truncated,
  upstream_timeout,
  json_repair_failed,
  client_gone,
  internal,  // keep last
};

/// Who caused a failure, and so what else is to be expected of whom.
enum class Fault : std::uint8_t {
  client,      ///< asked for something wrong, or left
  gateway,     ///< ours
  credential,  ///< the provider refuses this key, or its quota is used up
  model,       ///< what the model wrote is of no use; the provider is well
  target,      ///< the provider fails
};

std::string_view name(Fault fault);

struct ErrorTraits {
  ErrorCode code;
  std::string_view name;  ///< `error.code` in bodies, also in logs and metric labels
  std::string_view type;  ///< `error.type`, one of OpenAI's words
  int http_status;
  Fault fault;
  bool retry_elsewhere;  ///< the same request may succeed at another target
  bool retry_here;       ///< it may succeed at the same one, after a while
};

inline constexpr std::array error_table{
    ErrorTraits{ErrorCode::invalid_request, "invalid_request", "invalid_request_error", 400, Fault::client,
                false, false},
    ErrorTraits{ErrorCode::invalid_json, "invalid_json", "invalid_request_error", 400, Fault::client, false,
                false},
    ErrorTraits{ErrorCode::unsupported_parameter, "unsupported_parameter", "invalid_request_error", 400,
                Fault::client, false, false},
    ErrorTraits{ErrorCode::unsupported_schema, "unsupported_schema", "invalid_request_error", 400,
                Fault::client, false, false},
    ErrorTraits{ErrorCode::request_timeout, "request_timeout", "invalid_request_error", 408, Fault::client,
                false, false},
    ErrorTraits{ErrorCode::request_too_large, "request_too_large", "invalid_request_error", 413,
                Fault::client, false, false},
    ErrorTraits{ErrorCode::uri_too_long, "uri_too_long", "invalid_request_error", 414, Fault::client, false,
                false},
    ErrorTraits{ErrorCode::unsupported_media_type, "unsupported_media_type", "invalid_request_error", 415,
                Fault::client, false, false},
    ErrorTraits{ErrorCode::header_fields_too_large, "header_fields_too_large", "invalid_request_error", 431,
                Fault::client, false, false},
    ErrorTraits{ErrorCode::not_implemented, "not_implemented", "invalid_request_error", 501, Fault::client,
                false, false},
    ErrorTraits{ErrorCode::http_version_not_supported, "http_version_not_supported", "invalid_request_error",
                505, Fault::client, false, false},
    ErrorTraits{ErrorCode::context_length_exceeded, "context_length_exceeded", "invalid_request_error", 400,
                Fault::client, false, false},
    ErrorTraits{ErrorCode::unauthenticated, "invalid_api_key", "authentication_error", 401, Fault::client,
                false, false},
    ErrorTraits{ErrorCode::permission_denied, "permission_denied", "permission_error", 403, Fault::client,
                false, false},
    ErrorTraits{ErrorCode::model_not_found, "model_not_found", "invalid_request_error", 404, Fault::client,
                false, false},
    ErrorTraits{ErrorCode::model_not_available_in_region, "model_not_available_in_region",
                "invalid_request_error", 400, Fault::client, false, false},
    ErrorTraits{ErrorCode::unknown_region, "unknown_region", "invalid_request_error", 400, Fault::client,
                false, false},
    ErrorTraits{ErrorCode::not_found, "not_found", "invalid_request_error", 404, Fault::client, false, false},
    ErrorTraits{ErrorCode::method_not_allowed, "method_not_allowed", "invalid_request_error", 405,
                Fault::client, false, false},
    ErrorTraits{ErrorCode::rate_limited, "rate_limit_exceeded", "rate_limit_error", 429, Fault::client, false,
                false},
    ErrorTraits{ErrorCode::overloaded, "overloaded", "overloaded_error", 503, Fault::gateway, false, false},
    ErrorTraits{ErrorCode::upstream_invalid_request, "invalid_request", "invalid_request_error", 400,
                Fault::client, false, false},
    ErrorTraits{ErrorCode::upstream_auth, "upstream_auth_error", "api_error", 502, Fault::credential, true,
                false},
    ErrorTraits{ErrorCode::upstream_model_unavailable, "upstream_model_unavailable", "api_error", 502,
                Fault::target, true, false},
    ErrorTraits{ErrorCode::upstream_rate_limited, "rate_limit_exceeded", "rate_limit_error", 429,
                Fault::credential, true, true},
    ErrorTraits{ErrorCode::upstream_quota, "insufficient_quota", "insufficient_quota", 429, Fault::credential,
                true, false},
    ErrorTraits{ErrorCode::upstream_overloaded, "overloaded", "overloaded_error", 503, Fault::target, true,
                true},
    ErrorTraits{ErrorCode::upstream_error, "upstream_error", "api_error", 502, Fault::target, true, true},
    ErrorTraits{ErrorCode::upstream_unreachable, "upstream_unreachable", "api_error", 502, Fault::target,
                true, true},
    ErrorTraits{ErrorCode::upstream_protocol, "upstream_protocol_error", "api_error", 502, Fault::target,
                true, true},
    ErrorTraits{ErrorCode::upstream_truncated, "upstream_stream_truncated", "api_error", 502, Fault::target,
                true, true},
    ErrorTraits{ErrorCode::upstream_timeout, "timeout", "api_error", 504, Fault::target, true, false},
    ErrorTraits{ErrorCode::json_repair_failed, "json_repair_failed", "post_processing_error", 500,
                Fault::model, true, false},
    ErrorTraits{ErrorCode::client_gone, "client_gone", "api_error", 499, Fault::client, false, false},
    ErrorTraits{ErrorCode::internal, "internal_error", "api_error", 500, Fault::gateway, false, false},
};

consteval bool every_code_has_its_row() {
  for (std::size_t row = 0; row < error_table.size(); ++row)
    if (error_table[row].code != static_cast<ErrorCode>(row)) return false;
  return error_table.back().code == ErrorCode::internal;
}
static_assert(every_code_has_its_row(), "error_table must follow ErrorCode");

constexpr const ErrorTraits& traits(ErrorCode code) {
  return error_table[static_cast<std::size_t>(code)];
}

/// A failure on its way to the caller. A value, one pointer wide and move-only; nothing happens when one is
/// made. Whoever handles it at last logs it.
class Error {
 public:
  Error(ErrorCode code, std::string message);

  ErrorCode code() const { return facts_->code; }
  const ErrorTraits& traits() const { return sluice::traits(facts_->code); }
  const std::string& message() const { return facts_->message; }
  /// The request member at fault, as `messages[2].content[0].type`; empty if none is.
  const std::string& param() const { return facts_->param; }
  /// The provider's own word for it (`overloaded_error`, `string_above_max_length`), or OpenAI's for what we
  /// refuse as OpenAI would; empty if there is none.
  const std::string& native_code() const { return facts_->native_code; }
  /// Status of the provider's answer; 0 if the failure is not a provider's answer.
  int upstream_status() const { return facts_->upstream_status; }
  /// How long the provider asks to wait.
  std::optional<std::chrono::milliseconds> retry_after() const { return facts_->retry_after; }
  /// A JSON object of further facts for `error.metadata`; empty if there are none.
  const std::string& metadata() const { return facts_->metadata; }

  Error&& with_param(std::string param) &&;
  Error&& with_native_code(std::string code) &&;
  Error&& with_upstream_status(int status) &&;
  Error&& with_retry_after(std::chrono::milliseconds wait) &&;
  Error&& with_metadata(std::string object) &&;
  /// Says where it happened; call it on the way out, innermost first: `messages[2]`, then `request`.
  Error&& within(std::string_view place) &&;

  Error clone() const;

 private:
  struct Facts {
    ErrorCode code;
    std::string message;
    std::string param;
    std::string native_code;
    std::string metadata;
    std::optional<std::chrono::milliseconds> retry_after;
    int upstream_status = 0;
  };
  std::unique_ptr<Facts> facts_;
};

}  // namespace sluice
