#pragma once
// Every metric: its name, help and labels.
//
// The set of time series is fixed when the program is built, so no request can make it grow. To add a metric:
// one enumerator and one row.

#include "base/error.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::observe {

enum class Metric : std::uint8_t {
  responses_2xx,
  responses_3xx,
  responses_4xx,
  responses_5xx,
  requests_ok,
  requests_rejected,         ///< the request's own fault, or a rule of this gateway
  requests_upstream_failed,  ///< no provider gave an answer
  requests_client_gone,
  requests_internal_error,
  requests_in_flight,
  upstream_attempts,
  upstream_retries,
  upstream_invalid_request,  // the upstream errors stand in the order of ErrorCode
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
  client_bytes_in,
  client_bytes_out,
  upstream_bytes_in,
  upstream_bytes_out,
  tokens_input,
  tokens_output,
  tokens_cache_read,
  tokens_reasoning,
  stream_chunks,
  client_connections,
  upstream_connections,
  store_rows_written,
  store_rows_refused,
  store_rows_dropped,
  store_rows_pending,
  store_failures,
  log_records_dropped,  // keep last
};

struct MetricFamily {
  enum class Type : std::uint8_t { counter, gauge };
  std::string_view name;
  Type type;
  std::string_view help;
};

namespace families {
using enum MetricFamily::Type;
inline constexpr MetricFamily responses{"sluice_responses_total", counter,
                                        "Answers to clients by class of HTTP status."};
inline constexpr MetricFamily requests{"sluice_requests_total", counter,
                                       "Finished model requests by how they ended."};
inline constexpr MetricFamily in_flight{"sluice_requests_in_flight", gauge,
                                        "Model requests being served now."};
inline constexpr MetricFamily attempts{"sluice_upstream_attempts_total", counter,
                                       "Requests sent to providers, retries and fallbacks included."};
inline constexpr MetricFamily retries{"sluice_upstream_retries_total", counter,
                                      "Attempts after the first of a request."};
inline constexpr MetricFamily upstream_errors{"sluice_upstream_errors_total", counter,
                                              "Failed attempts by kind."};
inline constexpr MetricFamily bytes{"sluice_bytes_total", counter,
                                    "Bytes of HTTP, as seen from the gateway."};
inline constexpr MetricFamily tokens{
    "sluice_tokens_total", counter,
    "Tokens that providers reported. cache_read is part of input, reasoning is part of output."};
inline constexpr MetricFamily chunks{"sluice_stream_chunks_total", counter,
                                     "Stream chunks relayed to clients."};
inline constexpr MetricFamily connections{"sluice_connections_open", gauge, "Open connections."};
inline constexpr MetricFamily rows_written{"sluice_store_rows_written_total", counter,
                                           "Request rows that the store has taken."};
inline constexpr MetricFamily rows_refused{"sluice_store_rows_refused_total", counter,
                                           "Times that a full queue refused a request row."};
inline constexpr MetricFamily rows_dropped{"sluice_store_rows_dropped_total", counter,
                                           "Request rows that were lost."};
inline constexpr MetricFamily rows_pending{"sluice_store_rows_pending", gauge,
                                           "Request rows taken from the queues and not stored yet."};
inline constexpr MetricFamily store_failures{"sluice_store_failures_total", counter,
                                             "Writes to the store that failed; their rows are tried again."};
inline constexpr MetricFamily log_dropped{"sluice_log_records_dropped_total", counter,
                                          "Log records lost to a full queue."};
}  // namespace families

struct MetricTraits {
  Metric metric;
  const MetricFamily& family;  ///< rows of one family stand together
  std::string_view label;      ///< as in the exposition; empty if there is none
};

inline constexpr std::array<MetricTraits, 40> metric_table{{
    {Metric::responses_2xx, families::responses, R"(class="2xx")"},
    {Metric::responses_3xx, families::responses, R"(class="3xx")"},
    {Metric::responses_4xx, families::responses, R"(class="4xx")"},
    {Metric::responses_5xx, families::responses, R"(class="5xx")"},
    {Metric::requests_ok, families::requests, R"(outcome="ok")"},
    {Metric::requests_rejected, families::requests, R"(outcome="rejected")"},
    {Metric::requests_upstream_failed, families::requests, R"(outcome="upstream_failed")"},
    {Metric::requests_client_gone, families::requests, R"(outcome="client_gone")"},
    {Metric::requests_internal_error, families::requests, R"(outcome="internal_error")"},
    {Metric::requests_in_flight, families::in_flight, ""},
    {Metric::upstream_attempts, families::attempts, ""},
    {Metric::upstream_retries, families::retries, ""},
    {Metric::upstream_invalid_request, families::upstream_errors, R"(kind="invalid_request")"},
    {Metric::upstream_auth, families::upstream_errors, R"(kind="auth")"},
    {Metric::upstream_model_unavailable, families::upstream_errors, R"(kind="model_unavailable")"},
    {Metric::upstream_rate_limited, families::upstream_errors, R"(kind="rate_limited")"},
    {Metric::upstream_quota, families::upstream_errors, R"(kind="quota")"},
    {Metric::upstream_overloaded, families::upstream_errors, R"(kind="overloaded")"},
    {Metric::upstream_error, families::upstream_errors, R"(kind="error")"},
    {Metric::upstream_unreachable, families::upstream_errors, R"(kind="unreachable")"},
    {Metric::upstream_protocol, families::upstream_errors, R"(kind="protocol")"},
    {Metric::upstream_truncated, families::upstream_errors, R"(kind="truncated")"},
    {Metric::upstream_timeout, families::upstream_errors, R"(kind="timeout")"},
    {Metric::client_bytes_in, families::bytes, R"(side="client",direction="in")"},
    {Metric::client_bytes_out, families::bytes, R"(side="client",direction="out")"},
    {Metric::upstream_bytes_in, families::bytes, R"(side="upstream",direction="in")"},
    {Metric::upstream_bytes_out, families::bytes, R"(side="upstream",direction="out")"},
    {Metric::tokens_input, families::tokens, R"(kind="input")"},
    {Metric::tokens_output, families::tokens, R"(kind="output")"},
    {Metric::tokens_cache_read, families::tokens, R"(kind="cache_read")"},
    {Metric::tokens_reasoning, families::tokens, R"(kind="reasoning")"},
    {Metric::stream_chunks, families::chunks, ""},
    {Metric::client_connections, families::connections, R"(side="client")"},
    {Metric::upstream_connections, families::connections, R"(side="upstream")"},
    {Metric::store_rows_written, families::rows_written, ""},
    {Metric::store_rows_refused, families::rows_refused, ""},
    {Metric::store_rows_dropped, families::rows_dropped, ""},
    {Metric::store_rows_pending, families::rows_pending, ""},
    {Metric::store_failures, families::store_failures, ""},
    {Metric::log_records_dropped, families::log_dropped, ""},
}};

enum class Histogram : std::uint8_t {
  request_duration,
  time_to_first_token,
  gateway_overhead,  // keep last
};

struct HistogramTraits {
  Histogram histogram;
  std::string_view name;
  std::span<const std::int64_t> bounds;  ///< upper bounds in microseconds, ascending
  std::string_view help;
};

/// OpenTelemetry's advice for gen_ai.server.request.duration (semantic conventions 1.37), and two for long
/// answers.
inline constexpr std::array<std::int64_t, 16> duration_bounds{
    10'000,    20'000,    40'000,     80'000,     160'000,    320'000,    640'000,     1'280'000,
    2'560'000, 5'120'000, 10'240'000, 20'480'000, 40'960'000, 81'920'000, 163'840'000, 327'680'000};
/// OpenTelemetry's advice for gen_ai.server.time_to_first_token.
inline constexpr std::array<std::int64_t, 16> first_token_bounds{
    1'000,   5'000,   10'000,  20'000,    40'000,    60'000,    80'000,    100'000,
    250'000, 500'000, 750'000, 1'000'000, 2'500'000, 5'000'000, 7'500'000, 10'000'000};
inline constexpr std::array<std::int64_t, 12> overhead_bounds{25,    50,    100,   200,    400,    800,
                                                              1'600, 3'200, 6'400, 12'800, 51'200, 204'800};
inline constexpr std::size_t max_bounds = 16;

inline constexpr std::array histogram_table{
    HistogramTraits{Histogram::request_duration, "sluice_request_duration_seconds", duration_bounds,
                    "From the first byte of a model request to the last byte of its answer."},
    HistogramTraits{Histogram::time_to_first_token, "sluice_time_to_first_token_seconds", first_token_bounds,
                    "From the first byte of a model request to the first token of its streamed answer."},
    HistogramTraits{Histogram::gateway_overhead, "sluice_gateway_overhead_seconds", overhead_bounds,
                    "Time of a model request that was not spent waiting for a provider."},
};

consteval bool metric_tables_follow_their_enums() {
  for (std::size_t row = 0; row < metric_table.size(); ++row)
    if (metric_table[row].metric != static_cast<Metric>(row)) return false;
  for (std::size_t row = 0; row < histogram_table.size(); ++row)
    if (histogram_table[row].histogram != static_cast<Histogram>(row) ||
        histogram_table[row].bounds.size() > max_bounds)
      return false;
  return metric_table.back().metric == Metric::log_records_dropped &&
         histogram_table.back().histogram == Histogram::gateway_overhead;
}
static_assert(metric_tables_follow_their_enums());

/// The `sluice_responses_total` row of an HTTP status.
constexpr Metric responses_of(int http_status) {
  if (http_status < 300) return Metric::responses_2xx;
  if (http_status < 400) return Metric::responses_3xx;
  return http_status < 500 ? Metric::responses_4xx : Metric::responses_5xx;
}

/// The `sluice_upstream_errors_total` row of a failed attempt. Codes that are not a provider's count as
/// `error`.
constexpr Metric upstream_error_of(ErrorCode code) {
  if (code < ErrorCode::upstream_invalid_request || code > ErrorCode::upstream_timeout)
    return Metric::upstream_error;
  return static_cast<Metric>(static_cast<int>(Metric::upstream_invalid_request) + static_cast<int>(code) -
                             static_cast<int>(ErrorCode::upstream_invalid_request));
}
static_assert(upstream_error_of(ErrorCode::upstream_quota) == Metric::upstream_quota);
static_assert(upstream_error_of(ErrorCode::upstream_timeout) == Metric::upstream_timeout);

}  // namespace sluice::observe
