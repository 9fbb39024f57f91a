#include "gateway/record.hpp"

#include "gateway/attempts_json.hpp"
#include "json/writer.hpp"

#include <algorithm>
#include <array>

namespace sluice::gateway {
namespace {

using observe::Counters;
using observe::Metric;

std::string changes_json(const chat::Changes& changes) {
  std::string out;
  if (changes.empty()) return out;
  json::Writer w(out);
  w.begin_array();
  for (const chat::Change& change : changes.list()) {
    w.begin_object().key("kind").string(name(change.kind));
    w.key("param").string(change.param).key("reason").string(change.reason).end_object();
  }
  w.end_array();
  return out;
}

void add_tokens(const chat::Usage& usage, store::RequestRow& row) {
  row.input_tokens = usage.input;
  row.output_tokens = usage.output;
  row.cache_read_tokens = usage.cache_read;
  row.cache_write_tokens = usage.cache_write;
  row.reasoning_tokens = usage.reasoning;
}

store::RequestRow row_of(const http::Exchange& exchange, const Story& story) {
  store::RequestRow row;
  row.id = story.id.text();
  row.started_ms = static_cast<std::int64_t>(story.unix_milliseconds);
  row.key = story.key;
  row.client = exchange.peer().address;
  row.region = story.region;
  row.model_asked = story.model_asked;
  if (story.route) row.model = story.route->model->id;
  if (const Attempt* attempt = story.last_attempt()) {
    row.provider = attempt->target->provider->name;
    row.upstream_model = attempt->target->model;
    row.target_region = attempt->target->regions.text(",");
    if (attempt->status != 0) row.upstream_status = attempt->status;
    if (attempt->connect_us != 0) row.connect_us = attempt->connect_us;
    if (attempt->first_byte_us != 0) row.first_byte_us = attempt->first_byte_us;
  }
  row.stream = story.stream;
  row.http_status = story.status;
  if (story.error) {
    row.error_code = story.error->traits().name;
    constexpr std::size_t most = 500;
    row.error_message = story.error->message().substr(0, most);
  }
  row.finish_reason = story.finish;
  row.native_finish_reason = story.native_finish;
  if (story.usage) add_tokens(*story.usage, row);
  row.total_us = story.total_us;
  row.overhead_us = story.overhead_us();
  if (story.first_token_us != 0) row.first_token_us = story.first_token_us;
  row.bytes_in = static_cast<std::int64_t>(exchange.bytes_in());
  row.bytes_out = static_cast<std::int64_t>(exchange.bytes_out());
  row.attempts = attempts_for_record(story);
  row.changes = changes_json(story.changes);
  return row;
}

Metric outcome(const Story& story) {
  if (!story.error) return Metric::requests_ok;
  const ErrorCode code = story.error->code();
  if (code == ErrorCode::client_gone) return Metric::requests_client_gone;
  if (code == ErrorCode::internal) return Metric::requests_internal_error;
  return code >= ErrorCode::upstream_invalid_request ? Metric::requests_upstream_failed
                                                     : Metric::requests_rejected;
}

void count(Counters& counters, const http::Exchange& exchange, const Story& story) {
  counters.add(outcome(story));
  if (story.status >= 200 && story.status < 600)
    counters.add(static_cast<Metric>(static_cast<int>(Metric::responses_2xx) + story.status / 100 - 2));
  counters.add(Metric::client_bytes_in, static_cast<std::int64_t>(exchange.bytes_in()));
  counters.add(Metric::client_bytes_out, static_cast<std::int64_t>(exchange.bytes_out()));
  counters.add(Metric::upstream_bytes_in, static_cast<std::int64_t>(story.upstream_bytes_in));
  for (const Attempt& attempt : story.attempts) {
    if (!attempt.error || attempt.error->traits().fault == Fault::gateway) continue;
    const ErrorCode code = attempt.error->code();
    if (code >= ErrorCode::upstream_invalid_request && code <= ErrorCode::upstream_timeout)
      counters.add(observe::upstream_error_of(code));
  }
  if (story.usage) {
    counters.add(Metric::tokens_input, story.usage->input);
    counters.add(Metric::tokens_output, story.usage->output);
    counters.add(Metric::tokens_cache_read, story.usage->cache_read.value_or(0));
    counters.add(Metric::tokens_reasoning, story.usage->reasoning.value_or(0));
  }
  using std::chrono::microseconds;
  counters.observe(observe::Histogram::request_duration, microseconds(story.total_us));
  if (story.first_token_us != 0)
    counters.observe(observe::Histogram::time_to_first_token, microseconds(story.first_token_us));
  counters.observe(observe::Histogram::gateway_overhead, microseconds(story.overhead_us()));
}

void log(observe::LogChannel& channel, const store::RequestRow& row, const Story& story) {
  const auto known = [](const std::optional<std::int64_t>& number) {
    return number.value_or(observe::not_known);
  };
  channel.write(row.id, {.endpoint = story.endpoint,
                         .error = row.error_code,
                         .provider = row.provider,
                         .key = row.key,
                         .model = row.model.empty() ? row.model_asked : row.model,
                         .status = row.http_status,
                         .upstream_status = row.upstream_status ? *row.upstream_status : observe::not_known,
                         .attempts = static_cast<std::int64_t>(story.attempts.size()),
                         .input_tokens = known(row.input_tokens),
                         .output_tokens = known(row.output_tokens),
                         .total_us = row.total_us,
                         .overhead_us = row.overhead_us,
                         .first_token_us = known(row.first_token_us),
                         .bytes_in = row.bytes_in,
                         .bytes_out = row.bytes_out});
}

}  // namespace

Task<> record(Core& core, const http::Exchange& exchange, Story& story) {
  if (story.total_us == 0) story.total_us = story.elapsed_us();
  if (const auto region = core.region_of(exchange)) story.region = name(*region);
  store::RequestRow row = row_of(exchange, story);
  count(core.counters, exchange, story);
  log(core.log, row, story);

  constexpr int most_tries = 400;
  for (int tries = 0; !core.rows.try_push(std::move(row)); ++tries) {
    if (tries == most_tries) {
      core.log.write(observe::Level::error, observe::Event::request_row_refused, story.id.text());
      co_return;
    }
    co_await core.loop.sleep(std::chrono::milliseconds(5));
  }
}

}  // namespace sluice::gateway
