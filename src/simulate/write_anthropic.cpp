#include "json/writer.hpp"
#include "simulate/anthropic.hpp"
#include "simulate/identity.hpp"
#include "simulate/pieces.hpp"
#include "simulate/read_anthropic.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::anthropic {
namespace {

std::string_view stop_word(const Plan& plan) {
  switch (plan.finish) {
    case Finish::stop:
      return "end_turn";
    case Finish::stop_sequence:
      return "stop_sequence";
    case Finish::length:
      return "max_tokens";
    case Finish::calls:
      return "tool_use";
  }
  return "end_turn";
}

std::string request_id(std::uint64_t seed) {
  return make_id("req_011C", 20, seed, 1);
}

std::vector<std::pair<std::string, std::string>> fields_of(std::uint64_t seed,
                                                           std::string_view content_type) {
  return {{"content-type", std::string(content_type)},
          {"request-id", request_id(seed)},
          {"anthropic-ratelimit-requests-limit", "4000"},
          {"anthropic-ratelimit-requests-remaining", "3999"},
          {"anthropic-ratelimit-requests-reset", "2026-01-01T00:00:00Z"}};
}

/// One event: `data` is a JSON object that begins with its type.
std::string event(std::string_view type, std::string_view data) {
  return "event: " + std::string(type) + "\ndata: " + std::string(data) + "\n\n";
}

class AnswerWriter {
 public:
  AnswerWriter(const Reading& reading, const Plan& plan) : reading_(reading), plan_(plan) {}

  std::string body() const;
  std::vector<std::string> events(std::size_t piece_bytes);

 private:
  using Writer = json::Writer;

  void write_head(Writer& writer) const;
  void write_stop(Writer& writer, bool known) const;
  void write_counts(Writer& writer) const;
  void write_content(Writer& writer) const;
  std::string signature() const { return sign(plan_.reasoning, reading_.seed); }
  std::string call_id(std::size_t call) const { return make_id("toolu_01", 22, reading_.seed, 1000 + call); }
  bool thinks() const { return reading_.reasoning != Reasoning::none; }

  /// A content block: its start, its deltas, its end. `block` and `delta` write members.
  template <class Block>
  void open(Block block);
  template <class Delta>
  void add(Delta delta);
  void close();
  void add_thought(std::size_t piece_bytes);
  void add_call(const Call& call, std::size_t number, std::size_t piece_bytes);
  std::string start_event() const;
  std::string stop_event() const;

  const Reading& reading_;
  const Plan& plan_;
  std::vector<std::string> events_;
  std::int64_t block_ = 0;
};

// ---- what both forms share ----------------------------------------------------------------------

void AnswerWriter::write_head(Writer& writer) const {
  writer.key("model").string(reading_.model).key("id").string(make_id("msg_01", 22, reading_.seed, 0));
  writer.key("type").string("message").key("role").string("assistant");
}

void AnswerWriter::write_stop(Writer& writer, bool known) const {
  writer.key("stop_reason");
  if (known) {
    writer.string(stop_word(plan_));
  } else {
    writer.null();
  }
  writer.key("stop_sequence");
  if (known && plan_.finish == Finish::stop_sequence) {
    writer.string(plan_.stop_sequence);
  } else {
    writer.null();
  }
  writer.key("stop_details").null();
}

/// Anthropic's `input_tokens` leave out what the cache served or took.
void AnswerWriter::write_counts(Writer& writer) const {
  const std::size_t cached = tokens_in(reading_.cached_chars);
  const std::size_t written = tokens_in(reading_.cache_write_chars);
  const std::size_t all = std::max(tokens_in(reading_.input_chars), cached + written);
  writer.key("input_tokens").integer(static_cast<std::int64_t>(all - cached - written));
  writer.key("cache_creation_input_tokens").integer(static_cast<std::int64_t>(written));
  writer.key("cache_read_input_tokens").integer(static_cast<std::int64_t>(cached));
}

void write_details(json::Writer& writer, const Reading& reading) {
  writer.key("cache_creation").begin_object();
  writer.key("ephemeral_5m_input_tokens")
      .integer(static_cast<std::int64_t>(tokens_in(reading.cache_write_chars)));
  writer.key("ephemeral_1h_input_tokens").integer(0).end_object();
  writer.key("service_tier").string("standard").key("inference_geo").string("not_available");
}

void write_output(json::Writer& writer, const Plan& plan, bool thinks) {
  writer.key("output_tokens").integer(static_cast<std::int64_t>(plan.output_tokens));
  if (!thinks) return;
  writer.key("output_tokens_details").begin_object();
  writer.key("thinking_tokens").integer(static_cast<std::int64_t>(plan.reasoning_tokens)).end_object();
}

// ---- a whole answer -----------------------------------------------------------------------------

std::string AnswerWriter::body() const {
  std::string out;
  Writer writer(out);
  writer.begin_object();
  write_head(writer);
  write_content(writer);
  write_stop(writer, true);
  writer.key("usage").begin_object();
  write_counts(writer);
  write_details(writer, reading_);
  write_output(writer, plan_, thinks());
  writer.end_object().end_object();
  return out;
}

void AnswerWriter::write_content(Writer& writer) const {
  writer.key("content").begin_array();
  if (thinks()) {
    writer.begin_object().key("type").string("thinking").key("thinking").string(plan_.reasoning);
    writer.key("signature").string(signature()).end_object();
  }
  if (!plan_.text.empty())
    writer.begin_object().key("type").string("text").key("text").string(plan_.text).end_object();
  for (std::size_t i = 0; i < plan_.calls.size(); ++i) {
    const Call& call = plan_.calls[i];
    writer.begin_object()
        .key("type")
        .string("tool_use")
        .key("id")
        .string(call_id(i))
        .key("name")
        .string(call.name);
    writer.key("input").raw(call.cut ? "{}" : call.arguments);
    writer.key("caller").begin_object().key("type").string("direct").end_object().end_object();
  }
  writer.end_array();
}

// ---- a stream -----------------------------------------------------------------------------------

std::vector<std::string> AnswerWriter::events(std::size_t piece_bytes) {
  events_.push_back(start_event());
  if (thinks()) add_thought(piece_bytes);
  if (!plan_.text.empty()) {
    open([](Writer& writer) { writer.key("type").string("text").key("text").string(""); });
    for (const std::string_view piece : pieces_of(plan_.text, piece_bytes))
      add([&](Writer& writer) { writer.key("type").string("text_delta").key("text").string(piece); });
    close();
  }
  for (std::size_t i = 0; i < plan_.calls.size(); ++i) add_call(plan_.calls[i], i, piece_bytes);
  events_.push_back(stop_event());
  events_.push_back(event("message_stop", R"({"type":"message_stop"})"));
  return std::move(events_);
}

std::string AnswerWriter::start_event() const {
  std::string out;
  Writer writer(out);
  writer.begin_object().key("type").string("message_start").key("message").begin_object();
  write_head(writer);
  writer.key("content").begin_array().end_array();
  write_stop(writer, false);
  writer.key("usage").begin_object();
  write_counts(writer);
  write_details(writer, reading_);
  writer.key("output_tokens").integer(1).end_object().end_object().end_object();
  return event("message_start", out);
}

std::string AnswerWriter::stop_event() const {
  std::string out;
  Writer writer(out);
  writer.begin_object().key("type").string("message_delta").key("delta").begin_object();
  write_stop(writer, true);
  writer.end_object().key("usage").begin_object();
  write_counts(writer);
  write_output(writer, plan_, thinks());
  writer.end_object().end_object();
  return event("message_delta", out);
}

template <class Block>
void AnswerWriter::open(Block block) {
  std::string out;
  Writer writer(out);
  writer.begin_object().key("type").string("content_block_start").key("index").integer(block_);
  writer.key("content_block").begin_object();
  block(writer);
  writer.end_object().end_object();
  events_.push_back(event("content_block_start", out));
  if (block_ == 0) events_.push_back(event("ping", R"({"type": "ping"})"));
}

template <class Delta>
void AnswerWriter::add(Delta delta) {
  std::string out;
  Writer writer(out);
  writer.begin_object().key("type").string("content_block_delta").key("index").integer(block_);
  writer.key("delta").begin_object();
  delta(writer);
  writer.end_object().end_object();
  events_.push_back(event("content_block_delta", out));
}

void AnswerWriter::close() {
  std::string out;
  Writer(out)
      .begin_object()
      .key("type")
      .string("content_block_stop")
      .key("index")
      .integer(block_++)
      .end_object();
  events_.push_back(event("content_block_stop", out));
}

void AnswerWriter::add_thought(std::size_t piece_bytes) {
  open([](Writer& writer) {
    writer.key("type").string("thinking").key("thinking").string("").key("signature").string("");
  });
  for (const std::string_view piece : pieces_of(plan_.reasoning, piece_bytes))
    add([&](Writer& writer) { writer.key("type").string("thinking_delta").key("thinking").string(piece); });
  add([&](Writer& writer) {
    writer.key("type").string("signature_delta").key("signature").string(signature());
  });
  close();
}

/// The first delta is empty, as Anthropic writes it; for a call without arguments it is the only one.
void AnswerWriter::add_call(const Call& call, std::size_t number, std::size_t piece_bytes) {
  open([&](Writer& writer) {
    writer.key("type").string("tool_use").key("id").string(call_id(number)).key("name").string(call.name);
    writer.key("input").begin_object().end_object();
    writer.key("caller").begin_object().key("type").string("direct").end_object();
  });
  const auto delta = [&](std::string_view json) {
    add([&](Writer& writer) {
      writer.key("type").string("input_json_delta").key("partial_json").string(json);
    });
  };
  delta("");
  if (call.arguments != "{}")
    for (const std::string_view piece : pieces_of(call.arguments, piece_bytes)) delta(piece);
  close();
}

std::string error_body(const Complaint& complaint, std::uint64_t seed) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("type").string("error").key("error").begin_object();
  writer.key("type").string(complaint.type).key("message").string(complaint.message).end_object();
  writer.key("request_id").string(request_id(seed)).end_object();
  return out;
}

}  // namespace

Script write_answer(const Reading& reading, std::span<const Plan> plans, std::size_t piece_bytes) {
  AnswerWriter writer(reading, plans.front());
  Script script;
  script.streamed = reading.stream;
  script.failure = error_body(failure(529), reading.seed);
  if (reading.stream) {
    script.fields = fields_of(reading.seed, "text/event-stream; charset=utf-8");
    script.messages = writer.events(piece_bytes);
    script.failure = event("error", script.failure);
  } else {
    script.fields = fields_of(reading.seed, "application/json");
    script.messages.push_back(writer.body());
  }
  return script;
}

Script write_complaint(const Complaint& complaint, std::uint64_t seed) {
  Script script;
  script.status = complaint.status;
  script.fields = fields_of(seed, "application/json");
  const bool may_retry = complaint.status == 408 || complaint.status == 409 || complaint.status == 429 ||
                         complaint.status >= 500;
  script.fields.emplace_back("x-should-retry", may_retry ? "true" : "false");
  if (!complaint.retry_after.empty()) script.fields.emplace_back("retry-after", complaint.retry_after);
  script.messages.push_back(error_body(complaint, seed));
  return script;
}

Complaint failure(int status) {
  struct Row {
    int status;
    std::string_view type, message;
  };
  constexpr std::array rows{
      Row{400, "invalid_request_error", "Invalid request. (simulated)"},
      Row{401, "authentication_error", "invalid x-api-key"},
      Row{402, "billing_error", "Your credit balance is too low to access the Anthropic API."},
      Row{403, "permission_error", "Your API key does not have permission to use the specified resource."},
      Row{404, "not_found_error", "Not found"},
      Row{413, "request_too_large", "Request exceeds the maximum size"},
      Row{429, "rate_limit_error",
          "This request would exceed your organization's rate limit of 50 requests per minute."},
      Row{500, "api_error", "Internal server error"},
      Row{504, "timeout_error", "Request timed out"},
      Row{529, "overloaded_error", "Overloaded"},
  };
  const auto* row = std::ranges::find(rows, status, &Row::status);
  if (row == rows.end()) row = std::ranges::find(rows, status < 500 ? 400 : 500, &Row::status);
  return {status, std::string(row->type), std::string(row->message)};
}

Script list_models(std::span<const std::string_view> ids) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("data").begin_array();
  for (const std::string_view id : ids) {
    writer.begin_object().key("type").string("model").key("id").string(id).key("display_name").string(id);
    writer.key("created_at").string("2026-01-01T00:00:00Z").end_object();
  }
  writer.end_array().key("has_more").boolean(false);
  writer.key("first_id").string(ids.front()).key("last_id").string(ids.back()).end_object();
  Script script;
  script.fields = fields_of(0, "application/json");
  script.messages.push_back(std::move(out));
  return script;
}

}  // namespace sluice::simulate::anthropic
