#include "store/row_json.hpp"

#include "json/writer.hpp"

#include <string_view>

namespace sluice::store {
namespace {

using json::Writer;

void write_text(Writer& w, std::string_view name, const std::string& text) {
  w.key(name);
  text.empty() ? w.null() : w.string(text);
}

template <class Number>
void write_number(Writer& w, std::string_view name, const std::optional<Number>& number) {
  w.key(name);
  number ? w.integer(*number) : w.null();
}

void write_error(Writer& w, const RequestRow& row) {
  w.key("error");
  if (row.error_code.empty()) {
    w.null();
    return;
  }
  w.begin_object();
  w.key("code").string(row.error_code).key("message").string(row.error_message);
  w.end_object();
}

/// In both of OpenAI's vocabularies, as on answers.
void write_usage(Writer& w, const RequestRow& row) {
  w.key("usage");
  if (!row.input_tokens && !row.output_tokens) {
    w.null();
    return;
  }
  const std::int64_t input = row.input_tokens.value_or(0), output = row.output_tokens.value_or(0);
  w.begin_object();
  w.key("prompt_tokens").integer(input).key("completion_tokens").integer(output);
  w.key("input_tokens").integer(input).key("output_tokens").integer(output);
  w.key("total_tokens").integer(input + output);
  w.key("prompt_tokens_details").begin_object();
  write_number(w, "cached_tokens", row.cache_read_tokens);
  write_number(w, "cache_write_tokens", row.cache_write_tokens);
  w.end_object().key("completion_tokens_details").begin_object();
  write_number(w, "reasoning_tokens", row.reasoning_tokens);
  w.end_object().end_object();
}

void write_timings(Writer& w, const RequestRow& row) {
  w.key("timings_us").begin_object();
  w.key("total").integer(row.total_us).key("gateway_overhead").integer(row.overhead_us);
  write_number(w, "connect", row.connect_us);
  write_number(w, "first_byte", row.first_byte_us);
  write_number(w, "first_token", row.first_token_us);
  w.end_object();
}

void write_list(Writer& w, std::string_view name, const std::string& json_array) {
  w.key(name).raw(json_array.empty() ? std::string_view("[]") : json_array);
}

}  // namespace

void append_json(std::string& out, const RequestRow& row) {
  Writer w(out);
  w.begin_object();
  w.key("request_id").string(row.id).key("object").string("request");
  w.key("created").integer(row.started_ms / 1000).key("started_ms").integer(row.started_ms);
  write_text(w, "key", row.key);
  write_text(w, "client_address", row.client);
  write_text(w, "region", row.region);
  write_text(w, "requested_model", row.model_asked);
  write_text(w, "model", row.model);
  write_text(w, "provider", row.provider);
  write_text(w, "upstream_model", row.upstream_model);
  write_text(w, "upstream_region", row.target_region);
  w.key("stream").boolean(row.stream);
  w.key("http_status_code").integer(row.http_status);
  write_number(w, "llm_status_code", row.upstream_status);
  write_error(w, row);
  write_text(w, "finish_reason", row.finish_reason);
  write_text(w, "native_finish_reason", row.native_finish_reason);
  write_usage(w, row);
  w.key("response_time").integer(row.total_us * 1000);
  write_timings(w, row);
  w.key("bytes")
      .begin_object()
      .key("in")
      .integer(row.bytes_in)
      .key("out")
      .integer(row.bytes_out)
      .end_object();
  w.key("sluice").begin_object();
  write_list(w, "attempts", row.attempts);
  write_list(w, "changes", row.changes);
  w.end_object().end_object();
}

}  // namespace sluice::store
