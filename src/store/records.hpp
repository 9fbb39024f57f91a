#pragma once
// The rows that the store keeps, as plain values.

#include <cstdint>
#include <optional>
#include <string>

namespace sluice::store {

/// Everything known about a finished request. An empty text or an absent number means: not known, or there
/// was none. Nothing here is content: no prompt, no answer, no secret.
struct RequestRow {
  std::string id;               ///< unique; a second row of the same id is ignored
  std::int64_t started_ms = 0;  ///< unix time
  std::string key;              ///< name of the caller's key
  std::string client;           ///< the caller's address
  std::string region;           ///< where the request entered
  std::string model_asked;
  std::string model;  ///< the one that answered, in this gateway's catalog
  std::string provider;
  std::string upstream_model;  ///< the provider's name for it
  std::string target_region;
  bool stream = false;

  int http_status = 0;  ///< what the client got
  std::optional<int> upstream_status;
  std::string error_code;     ///< `error.code`; empty for success
  std::string error_message;  ///< what the client was told, short
  std::string finish_reason, native_finish_reason;

  // As chat::Usage counts: input includes cached tokens, output includes reasoning.
  std::optional<std::int64_t> input_tokens, output_tokens;
  std::optional<std::int64_t> cache_read_tokens, cache_write_tokens, reasoning_tokens;

  // Microseconds since the request's first byte, but for overhead and connect, which are durations.
  std::int64_t total_us = 0;
  std::int64_t overhead_us = 0;            ///< not spent waiting for providers
  std::optional<std::int64_t> connect_us;  ///< absent if a connection was open already
  std::optional<std::int64_t> first_byte_us, first_token_us;
  std::int64_t bytes_in = 0, bytes_out = 0;  ///< of the client's bodies

  std::string attempts;  ///< JSON array; empty for none
  std::string changes;   ///< JSON array; empty for none
};

/// Calls `visit(name, member)` for every member in a fixed order: the one list of what a row is made of.
template <class Row, class Visit>
void visit_members(Row& row, Visit&& visit) {
  visit("id", row.id);
  visit("started_ms", row.started_ms);
  visit("key", row.key);
  visit("client", row.client);
  visit("region", row.region);
  visit("model_asked", row.model_asked);
  visit("model", row.model);
  visit("provider", row.provider);
  visit("upstream_model", row.upstream_model);
  visit("target_region", row.target_region);
  visit("stream", row.stream);
  visit("http_status", row.http_status);
  visit("upstream_status", row.upstream_status);
  visit("error_code", row.error_code);
  visit("error_message", row.error_message);
  visit("finish_reason", row.finish_reason);
  visit("native_finish_reason", row.native_finish_reason);
  visit("input_tokens", row.input_tokens);
  visit("output_tokens", row.output_tokens);
  visit("cache_read_tokens", row.cache_read_tokens);
  visit("cache_write_tokens", row.cache_write_tokens);
  visit("reasoning_tokens", row.reasoning_tokens);
  visit("total_us", row.total_us);
  visit("overhead_us", row.overhead_us);
  visit("connect_us", row.connect_us);
  visit("first_byte_us", row.first_byte_us);
  visit("first_token_us", row.first_token_us);
  visit("bytes_in", row.bytes_in);
  visit("bytes_out", row.bytes_out);
  visit("attempts", row.attempts);
  visit("changes", row.changes);
}

}  // namespace sluice::store
